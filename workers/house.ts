import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { type Child, startChild } from './child.ts';
import type { Config } from './config.ts';
import { freePort } from './ports.ts';
import { findServer, startServer } from './server.ts';

/** Everything that runs on one machine for trying: server, outside world, tools, worker. */
export interface House {
  readonly address: string;
  readonly uiUrl: string | undefined;
  readonly client: Client;
  /** The environment that the processes got, for one more of them. */
  readonly settings: Readonly<Record<string, string>>;
  readonly tools: Child;
  readonly worker: Child;
  /** Starts one more worker, ready to work. */
  startWorker(): Promise<Child>;
  stop(): Promise<void>;
}

export interface HouseOptions {
  readonly inMemory?: boolean;
  /** Takes one sentence for people. */
  readonly say: (words: string) => void;
}

/** Starts the house; where a port is taken, another is picked and told. Whatever had started is stopped when a part fails. */
export async function startHouse(config: Config, options: HouseOptions): Promise<House> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await part.stop().catch(() => undefined);
  };
  try {
    const { stateDir, ports } = config;
    const log = options.say;
    const choice = await findServer({ stateDir, address: config.temporal.address, path: config.searchPath, log });
    const server = await startServer(choice, { stateDir, port: ports.temporal, uiPort: ports.temporalUi, inMemory: options.inMemory ?? false, log });
    started.push(server);
    const settings = await settingsFor(config, server.address, log);
    const start = (name: string): Child => {
      const child = startChild(name, [], settings);
      started.push(child);
      return child;
    };
    const [outside, tools] = [start('outside'), start('tools')];
    await Promise.all([outside.ready, tools.ready]);
    const worker = start('worker');
    await worker.ready;
    const connection = await Connection.connect({ ...config.temporal.connectionOptions, address: server.address });
    started.push({ stop: () => connection.close() });
    const startWorker = async (): Promise<Child> => {
      const another = start('worker');
      await another.ready;
      return another;
    };
    const client = new Client({ connection, namespace: config.temporal.namespace });
    return { address: server.address, uiUrl: server.uiUrl, client, settings, tools, worker, startWorker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The processes find each other by these; the tools take nobody without the token of this evening. */
async function settingsFor(config: Config, address: string, log: (words: string) => void): Promise<Record<string, string>> {
  const { ports, stateDir } = config;
  const taken: number[] = [];
  const pick = async (what: string, wanted: number): Promise<number> => {
    const port = await freePort(what, wanted, log, taken);
    taken.push(port);
    return port;
  };
  const tools = await pick('The tools', ports.tools);
  return {
    GOVERNOR_STATE_DIR: stateDir,
    TEMPORAL_ADDRESS: address,
    TOOLS_PORT: String(tools),
    TOOLS_URL: `http://127.0.0.1:${tools}/mcp`,
    TOOLS_TOKEN: randomBytes(24).toString('base64url'),
    MAIL_PORT: String(await pick('The mail sink', ports.mail)),
    WEBHOOK_PORT: String(await pick('The webhook receiver', ports.webhooks)),
    REGISTRY_PORT: String(await pick('The identity registry', ports.registry)),
  };
}
