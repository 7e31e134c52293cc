import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { buildBundle } from '../workers/bundle.ts';
import { type Child, startChild } from '../workers/child.ts';
import type { Config } from '../workers/config.ts';
import { freePort } from '../workers/ports.ts';
import { findServer, startServer } from '../workers/server.ts';
import type { Side } from './sides.ts';

/** Everything that a measurement needs, running. */
export interface Stage {
  readonly client: Client;
  readonly workers: Readonly<Record<Side, Child>>;
  readonly tools: Child;
  /** Process group of the Temporal server. */
  readonly serverGroup: number;
  /** What the processes of ours were started with. */
  readonly settings: Readonly<Record<string, string>>;
  /** Starts one more process, ready, which stops with the others. */
  start(name: string, args: readonly string[], settings: Readonly<Record<string, string>>): Promise<Child>;
  /** Stops something else together with the processes. */
  add(part: { stop(): Promise<void> }): void;
  setLatency(ms: number): Promise<void>;
  /** Completions that the model server was asked for until now. */
  modelCalls(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts a server in memory, one tools server, one model server, the outside world, and a worker of each side.
 * Everything is ours alone: other ports and another folder than an installation that may be running beside it.
 */
export async function setStage(config: Config, say: (words: string) => void): Promise<Stage> {
  const stateDir = await mkdtemp(join(tmpdir(), 'governor-bench-'));
  const started: { stop(): Promise<void> }[] = [{ stop: () => rm(stateDir, { recursive: true, force: true }) }];
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await part.stop().catch(() => undefined);
  };
  try {
    const choice = await findServer({ stateDir: config.stateDir, path: config.searchPath, log: say, reuse: false });
    const server = await startServer(choice, { stateDir, port: 0, inMemory: true, log: say });
    started.push(server);
    if (server.pid === undefined) throw new Error('The server has to be one of our own, or its CPU cannot be told.');
    const { settings, modelUrl, modelPort } = await settingsFor(stateDir, server.address);
    const start = async (name: string, args: readonly string[] = [], theirs = settings): Promise<Child> => {
      const child = startChild(name, args, theirs);
      started.push(child);
      await child.ready;
      return child;
    };
    // As in an image: a worker that has to bundle first keeps the bundler's memory.
    await buildBundle(stateDir);
    const bareCode = await bareBundle(stateDir);
    await start('outside');
    const tools = await start('tools');
    await start('../bench/model-server', [String(modelPort)]);
    const ours = await start('worker');
    const bareArgs = [
      server.address,
      bareCode,
      modelUrl,
      settings['TOOLS_URL'] ?? '',
      settings['TOOLS_TOKEN'] ?? '',
      config.promptsDir,
    ];
    const bare = await start('../bench/bare-worker', bareArgs);
    const connection = await Connection.connect({ address: server.address });
    started.push({ stop: () => connection.close() });
    return {
      client: new Client({ connection }),
      workers: { ours, bare },
      tools,
      serverGroup: server.pid,
      settings,
      start,
      add: (part) => void started.push(part),
      setLatency: async (ms) => void (await ask(modelPort, 'latency', String(ms))),
      modelCalls: async () => Number((await ask(modelPort, 'calls'))['calls']),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function settingsFor(
  stateDir: string,
  address: string,
): Promise<{ settings: Readonly<Record<string, string>>; modelUrl: string; modelPort: number }> {
  const taken: number[] = [];
  const pick = async (): Promise<number> => {
    const port = await freePort('', 0, () => undefined, taken);
    taken.push(port);
    return port;
  };
  const modelPort = await pick();
  const modelUrl = `http://127.0.0.1:${modelPort}/v1`;
  const toolsPort = String(await pick());
  const settings = {
    GOVERNOR_PROFILE: 'embedded',
    GOVERNOR_STATE_DIR: stateDir,
    LOG_LEVEL: 'warn',
    TEMPORAL_ADDRESS: address,
    TOOLS_PORT: toolsPort,
    TOOLS_URL: `http://127.0.0.1:${toolsPort}/mcp`,
    TOOLS_TOKEN: randomBytes(24).toString('base64url'),
    MAIL_PORT: String(await pick()),
    WEBHOOK_PORT: String(await pick()),
    REGISTRY_PORT: String(await pick()),
    OPENAI_BASE_URL: modelUrl,
    OPENAI_COMPATIBLE_MODEL: 'bench',
    ANTHROPIC_API_KEY: '',
    OPENAI_API_KEY: '',
  };
  return { settings, modelUrl, modelPort };
}

async function bareBundle(stateDir: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, 'bare-workflows.ts'),
    logger: new DefaultLogger('WARN'),
  });
  const path = join(stateDir, 'bare-bundle.js');
  await writeFile(path, code);
  return path;
}

async function ask(port: number, what: string, body?: string): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}/${what}`, body === undefined ? {} : { method: 'PUT', body });
  return (await response.json()) as Record<string, unknown>;
}
