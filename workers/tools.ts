import { parseArgs } from 'node:util';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { readWorld, type World } from '../outside/world.ts';
import { seedPapers } from '../tools/approvals/papers.ts';
import { createTools } from '../tools/catalogue.ts';
import { seedCustomers } from '../tools/crm/customers.ts';
import { type Database, openDatabase } from '../tools/database.ts';
import { withForeignTools } from '../tools/foreign/offered.ts';
import { type HttpSettings, serveHttp } from '../tools/http.ts';
import { metered } from '../tools/metered.ts';
import { countingCalls } from '../tools/offer.ts';
import { serverFactory } from '../tools/server.ts';
import { seedShop } from '../tools/shop-seed.ts';
import { seedTickets } from '../tools/tickets/messages.ts';
import { traced } from '../tools/traced.ts';
import { refuseOpenGate } from './answer-keys.ts';
import { tellParent } from './child.ts';
import { loadConfig } from './config.ts';
import { openForeignServers } from './foreign-servers.ts';
import { openLog } from './log.ts';
import { startTelemetry } from './telemetry.ts';
import { readToolSettings } from './tool-settings.ts';
import { toolProcessSettings } from './tool-source.ts';

/** Opens the store, seeds an empty house, and serves every tool until it is told to stop. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { stdio: { type: 'boolean' }, settings: { type: 'string' } } });
  // A child inherits no environment, so its settings come in a file.
  const {
    tools,
    http,
    worldFile,
    telemetry: where = {},
  } = values.settings ? readToolSettings(values.settings) : toolProcessSettings(loadConfig());
  const telemetry = await startTelemetry('tools', where, openLog('tools', 'warn'));
  const { meter, tracer } = telemetry;
  if (!values.stdio) refuseOpenGate(tools.answerKeys, http.host);
  const database = await openDatabase(tools);
  if (worldFile) await seed(database, await readWorld(worldFile));
  const foreign = openForeignServers(tools.foreign?.servers ?? {});
  const all = withForeignTools(createTools(database, tools, Date.now, tracer), database, tools, foreign);
  const counted = countingCalls(traced(metered(Object.values(all), meter), tracer));
  const build = serverFactory(counted.offered);
  await (values.stdio ? untilInputEnds(build) : untilToldToStop(build, http));
  await counted.idle();
  await foreign.close();
  await database.destroy();
  await telemetry.stop();
}

/** What our own systems of record begin with. */
async function seed(database: Database, { customers, shop, papers, tickets }: World): Promise<void> {
  await seedCustomers(database, customers);
  if (shop) await seedShop(database, shop);
  if (papers) await seedPapers(database, papers);
  if (tickets) await seedTickets(database, tickets);
}

/** The parent ends us by closing our input; Ctrl-C reaches it too, and it knows better when we may go. */
function untilInputEnds(build: McpServerFactory): Promise<void> {
  const serving = serveStdio(build);
  process.on('SIGINT', () => undefined);
  return new Promise((resolve) => {
    const stop = () => void serving.close().finally(resolve);
    process.stdin.once('end', resolve).once('close', resolve);
    process.once('SIGTERM', stop);
  });
}

async function untilToldToStop(build: McpServerFactory, settings: HttpSettings): Promise<void> {
  const serving = await serveHttp(build, settings);
  if (!tellParent()) console.error(`Tools listen on ${serving.url}`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  await serving.drain();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
