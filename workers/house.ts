import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Client, Connection } from '@temporalio/client';
import type { AnswerKeyFiles } from '../keys/answer-files.ts';
import { houseKeys, refuseOpenGate } from './answer-keys.ts';
import { type Child, startChild } from './child.ts';
import type { Config } from './config.ts';
import { clientOf } from './connect.ts';
import { type HouseApi, startHouseApi } from './house-api.ts';
import { claimPort, emptyHouse, lockHouse } from './house-lock.ts';
import { leaveNote } from './house-note.ts';
import { freePort } from './ports.ts';
import { findServer, programOnPath, type ServerChoice, startServer } from './server.ts';
import { metricsPortFor } from './telemetry-settings.ts';

/** Everything that runs on one machine for trying: server, outside world, tools, worker, API. */
export interface House {
  readonly address: string;
  readonly uiUrl: string | undefined;
  /** How the Temporal CLI is called here: by its name, or by the path of the program that we found. */
  readonly cli: string;
  readonly client: Client;
  /** The environment that the processes got, for one more of them. */
  readonly settings: Readonly<Record<string, string>>;
  readonly tools: Child;
  readonly worker: Child;
  readonly api: HouseApi;
  /** Starts one more worker, ready to work. */
  startWorker(): Promise<Child>;
  stop(): Promise<void>;
}

export interface HouseOptions {
  readonly inMemory?: boolean;
  /** Whatever an earlier house has left in the state folder is removed first. */
  readonly fresh?: boolean;
  /** Puts into the state folder what the house begins with. */
  readonly furnish?: () => Promise<void>;
  /** Where a program of the server that had to be fetched is kept; the state folder by default. */
  readonly fetchedDir?: string;
  /** Environment variables for the processes, beside those by which they find each other. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What one worker gets beside them, by its name: `worker-1`, `worker-2`. */
  readonly settingsOfWorker?: (name: string) => Readonly<Record<string, string>>;
  /** The processes' log lines go into a file each in this folder; without it, to standard error. */
  readonly logDir?: string;
  /** Aborted when the house is no longer wanted, also while it starts. */
  readonly signal?: AbortSignal;
  /** Takes one sentence for people. */
  readonly say: (words: string) => void;
}

interface Stoppable {
  stop(): Promise<void> | void;
}

/** What runs, in the order of its start. */
interface Parts {
  /** Throws where the house is no longer wanted. */
  add<P extends Stoppable>(part: P): P;
  stop(): Promise<void>;
}

/**
 * Starts the house; where a port is taken, another is picked and told. Whatever had started is stopped when a part fails.
 * @throws Error where another house runs on the state folder, or a part does not come up
 */
export async function startHouse(config: Config, options: HouseOptions): Promise<House> {
  const lock = lockHouse(config.stateDir);
  if (!lock) throw new Error(`Another house runs on ${config.stateDir}. Stop it first, or set GOVERNOR_STATE_DIR.`);
  const parts = gather(options.signal);
  try {
    parts.add({ stop: lock.release });
    if (options.fresh) await emptyHouse(config.stateDir);
    await options.furnish?.();
    return await moveIn(config, options, parts);
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

function gather(signal: AbortSignal | undefined): Parts {
  const started: Stoppable[] = [];
  const stopAll = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await Promise.resolve(part.stop()).catch(() => undefined);
  };
  // One after the other: whoever asks a second time waits for the first to be done.
  let stopped = Promise.resolve();
  const stop = (): Promise<void> => {
    stopped = stopped.then(stopAll);
    return stopped;
  };
  signal?.addEventListener('abort', () => void stop(), { once: true });
  const add: Parts['add'] = (part) => {
    started.push(part);
    signal?.throwIfAborted();
    return part;
  };
  return { add, stop };
}

async function moveIn(config: Config, options: HouseOptions, parts: Parts): Promise<House> {
  const {
    stateDir,
    temporal,
    telemetry: { metrics },
  } = config;
  const { inMemory = false, fetchedDir = stateDir, say: log, logDir, signal } = options;
  const found = { stateDir: fetchedDir, address: temporal.address, path: config.searchPath, log };
  const choice = await findServer({ ...found, reuse: !options.fresh });
  const keys = houseKeys(config);
  for (const host of [config.tools.host, config.api.host]) refuseOpenGate(keys.public, host);
  const ports = claimPorts(config.ports, parts, log);
  const codecPort = config.payloads.keysFile ? await freePort('the codec server', ports.codec, log) : undefined;
  const place = { stateDir, port: ports.temporal, uiPort: ports.temporalUi, codecPort, inMemory, log };
  const { address, uiUrl } = await again(signal, async () => parts.add(await startServer(choice, place)));
  const starter =
    (settings: Readonly<Record<string, string>>) =>
    (name: string, file = name): Child =>
      parts.add(
        startChild(name, [], { ...settings, ...metricsPortFor(file, metrics) }, logDir && join(logDir, `${file}.log`)),
      );
  const { tools, settings } = await again(signal, async () => {
    const theirs = {
      ...(await settingsFor(stateDir, ports, address, log)),
      ...checkingSettings(keys),
      ...options.settings,
    };
    return { tools: await startNeighbours(starter(theirs)), settings: theirs };
  });
  let workers = 0;
  const startWorker = async (): Promise<Child> => {
    workers += 1;
    const name = `worker-${workers}`;
    const worker = starter({ ...settings, ...options.settingsOfWorker?.(name) })('worker', name);
    await worker.ready;
    return worker;
  };
  const worker = await startWorker();
  const api = await startHouseApi(config, { keys, settings, uiUrl, start: (theirs) => starter(theirs)('api') });
  if (codecPort !== undefined) await starter({ ...settings, ...codecSettings(codecPort, uiUrl) })('codec').ready;
  const connection = await Connection.connect({ ...temporal.connectionOptions, address });
  parts.add({ stop: () => connection.close() });
  const client = clientOf(config, connection);
  parts.add(leaveNote(stateDir, noteOf(address, uiUrl, settings)));
  const cli = await cliOf(choice, config.searchPath);
  return { address, uiUrl, cli, client, settings, tools, worker, api, startWorker, stop: parts.stop };
}

/** The Web UI asks it from the browser, under whichever name of this machine it was opened. */
const codecSettings = (port: number, uiUrl: string | undefined): Record<string, string> => ({
  CODEC_PORT: String(port),
  CODEC_ORIGINS: uiUrl ? `${uiUrl},${uiUrl.replace('127.0.0.1', 'localhost')}` : '',
});

/** Whoever checks people's answers gets the public keys; what signs them is for the API alone. */
const checkingSettings = (keys: AnswerKeyFiles): Record<string, string> => ({
  ANSWER_KEYS_FILE: keys.public,
  ANSWER_SIGNING_KEY_FILE: '',
});

/** By which the command line finds this house. */
const noteOf = (address: string, uiUrl: string | undefined, settings: Readonly<Record<string, string>>) => ({
  address,
  ...(uiUrl ? { uiUrl } : {}),
  ...(settings['TOOLS_URL'] ? { toolsUrl: settings['TOOLS_URL'] } : {}),
  ...(settings['API_PORT'] ? { apiUrl: `http://127.0.0.1:${settings['API_PORT']}` } : {}),
});

/** The ports that we want, but for those of another house: 0, any free one, stands for these. */
function claimPorts(wanted: Config['ports'], parts: Parts, log: (words: string) => void): Config['ports'] {
  const claims = Object.entries(wanted).map(([name, port]) => {
    const claim = port === 0 ? undefined : claimPort(port);
    if (claim) parts.add({ stop: claim.release });
    return { name, port, isOurs: claim !== undefined };
  });
  const others = claims.filter(({ port, isOurs }) => port !== 0 && !isOurs).map(({ port }) => port);
  if (others.length > 0) log(`Another house has the ports ${others.join(', ')}; this one takes any that are free.`);
  return { ...wanted, ...Object.fromEntries(claims.map(({ name, port, isOurs }) => [name, isOurs ? port : 0])) };
}

/** The outside world and the tools; where one does not come up, neither stays. */
async function startNeighbours(start: (name: string) => Child): Promise<Child> {
  const [outside, tools] = [start('outside'), start('tools')];
  try {
    await Promise.all([outside.ready, tools.ready]);
  } catch (error) {
    await Promise.all([outside.stop(), tools.stop()]);
    throw error;
  }
  return tools;
}

/** Somebody else may take a port between our look and the start. A second or third look sees it. */
async function again<T>(signal: AbortSignal | undefined, start: () => Promise<T>, looks = 3): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (signal?.aborted || looks <= 1) throw error;
    return again(signal, start, looks - 1);
  }
}

/** A program that was fetched is not on the PATH. */
async function cliOf(choice: ServerChoice, searchPath: string): Promise<string> {
  const onPath = await programOnPath('temporal', searchPath);
  return onPath === undefined && choice.kind === 'program' ? choice.path : 'temporal';
}

/** The processes find each other by these; the tools take nobody without the token of this evening. */
async function settingsFor(
  stateDir: string,
  ports: Config['ports'],
  address: string,
  log: (words: string) => void,
): Promise<Record<string, string>> {
  const taken: number[] = [];
  const pick = async (what: string, wanted: number): Promise<number> => {
    const port = await freePort(what, wanted, log, taken);
    taken.push(port);
    return port;
  };
  const tools = await pick('the tool server', ports.tools);
  const api = await pick('the API', ports.api);
  return {
    GOVERNOR_STATE_DIR: stateDir,
    TEMPORAL_ADDRESS: address,
    API_PORT: String(api),
    TOOLS_PORT: String(tools),
    TOOLS_URL: `http://127.0.0.1:${tools}/mcp`,
    TOOLS_TOKEN: randomBytes(24).toString('base64url'),
    MAIL_PORT: String(await pick('the mail sink', ports.mail)),
    WEBHOOK_PORT: String(await pick('the webhook receiver', ports.webhooks)),
    REGISTRY_PORT: String(await pick('the identity registry', ports.registry)),
  };
}
