import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createToolClient, type ToolClient } from '../../activities/tool-client.ts';
import { Failed } from '../../contracts/failures.ts';
import type { ToolName } from '../../contracts/tools/index.ts';
import { seedPapers } from '../../tools/approvals/papers.ts';
import { createTools } from '../../tools/catalogue.ts';
import { seedCustomers } from '../../tools/crm/customers.ts';
import { openDatabase } from '../../tools/database.ts';
import { serveHttp } from '../../tools/http.ts';
import { serverFactory } from '../../tools/server.ts';
import { seedShop } from '../../tools/shop-seed.ts';
import { toolsCommand } from '../../workers/tool-settings.ts';
import type { ToolWorld } from './tool-world.ts';

/** One way to call the tools, and how to end it. */
export interface Caller {
  call(
    name: ToolName,
    tool: Parameters<ToolClient['call']>[0],
    args: Record<string, unknown>,
    key: string,
  ): Promise<{ answer: Record<string, unknown>; replayed: boolean }>;
  stop(): Promise<void>;
}

/** A process of its own takes its time to start where the machine is busy. */
const PATIENCE_MS = 28_000;
const HTTP = { host: '127.0.0.1', port: 0 };

/** The functions themselves, in this process. */
export async function directly({ settings, world }: ToolWorld): Promise<Caller> {
  const database = await openDatabase(settings);
  await seedCustomers(database, world.customers);
  if (world.shop) await seedShop(database, world.shop);
  if (world.papers) await seedPapers(database, world.papers);
  const tools = createTools(database, settings);
  return {
    call: (name, _, args, key) => tools[name].run(args, { key, signal: AbortSignal.timeout(PATIENCE_MS) }),
    stop: () => database.destroy(),
  };
}

/** A child process that speaks MCP over its stdin and stdout. */
export async function overStdio(toolWorld: ToolWorld): Promise<Caller> {
  const worldFile = join(toolWorld.stateDir, 'world.json');
  await writeFile(worldFile, JSON.stringify(toolWorld.world));
  return through(
    createToolClient(toolsCommand({ tools: toolWorld.settings, http: HTTP, worldFile })),
    async () => undefined,
  );
}

/** An MCP server over HTTP, with a token. */
export async function overHttp({ settings, world }: ToolWorld): Promise<Caller> {
  const database = await openDatabase(settings);
  await seedCustomers(database, world.customers);
  if (world.shop) await seedShop(database, world.shop);
  if (world.papers) await seedPapers(database, world.papers);
  const serving = await serveHttp(serverFactory(Object.values(createTools(database, settings))), {
    ...HTTP,
    token: 'let-me-in',
  });
  return through(createToolClient({ url: serving.url, token: 'let-me-in' }), async () => {
    await serving.drain();
    await database.destroy();
  });
}

function through(client: ToolClient, stop: () => Promise<void>): Caller {
  return {
    call: (_, tool, args, key) =>
      client.call(tool, args, { key, signal: AbortSignal.timeout(PATIENCE_MS), timeoutMs: PATIENCE_MS }),
    stop: async () => {
      await client.close();
      await stop();
    },
  };
}

/** The failure that a call ends with; none at all is a failure of the test. */
export async function failureOf(call: Promise<unknown>): Promise<Failed> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Failed) return error;
    throw error;
  }
  throw new Error('The call succeeded.');
}
