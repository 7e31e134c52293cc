import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { z } from 'zod';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';
import { freePort, isListening } from './ports.ts';
import type { ServerChoice } from './server.ts';

export interface StartOptions {
  readonly stateDir: string;
  readonly port: number;
  /** Without it, no Web UI. */
  readonly uiPort?: number | undefined;
  /** Where its Web UI asks for payloads that are locked to be opened. */
  readonly codecPort?: number | undefined;
  /** Nothing is kept when it stops; for tests. */
  readonly inMemory?: boolean;
  readonly workflowTaskTimeoutMs?: number;
  /** Takes one sentence for people. */
  readonly log: (words: string) => void;
}

export interface StartedServer {
  /** Host and port. */
  readonly address: string;
  readonly uiUrl: string | undefined;
  /** Process id of the group that holds the server; nothing where somebody else runs it. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_PATIENCE_MS = 30_000;
const STOP_PATIENCE_MS = 10_000;

/**
 * The server runs beside a watcher that reads our end of a pipe. The pipe closes when we stop it and also when we die by
 * whatever signal, so no server is ever left behind.
 */
const WITH_WATCHER =
  'exec 3<&0; "$@" </dev/null & server=$!; (read -r _ <&3; kill -TERM $server) & watcher=$!; wait $server; code=$?; kill $watcher 2>/dev/null; exit $code';

/**
 * Starts the dev server, or takes one that runs. Where a port is taken, another is picked and told.
 * @throws Error when the program does not come up, with its last words
 */
export async function startServer(choice: ServerChoice, options: StartOptions): Promise<StartedServer> {
  if (choice.kind === 'running') {
    return { address: choice.address, uiUrl: choice.uiUrl, pid: undefined, stop: async () => undefined };
  }
  const port = await freePort('Temporal', options.port, options.log);
  const uiPort =
    options.uiPort === undefined ? undefined : await freePort("Temporal's Web UI", options.uiPort, options.log, [port]);
  const address = `${HOST}:${port}`;
  const uiUrl = uiPort === undefined ? undefined : `http://${HOST}:${uiPort}`;
  if (!options.inMemory) await mkdir(options.stateDir, { recursive: true });

  const args = ['-c', WITH_WATCHER, 'governor-server', choice.path, ...serverArgs(options, port, uiPort)];
  // A group of its own: Ctrl-C reaches us alone, and the server outlives the workers that we stop first.
  const child = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  const words = lastWords(child);
  const stop = () =>
    stopped(child).then(() => (options.inMemory ? undefined : rm(noteIn(options.stateDir), { force: true })));
  try {
    await untilReady(child, address, words);
  } catch (error) {
    await stop();
    throw error;
  }
  if (!options.inMemory) await writeFile(noteIn(options.stateDir), JSON.stringify({ address, uiUrl, pid: child.pid }));
  return { address, uiUrl, pid: child.pid, stop };
}

function serverArgs(options: StartOptions, port: number, uiPort: number | undefined): string[] {
  const { inMemory, stateDir, codecPort, workflowTaskTimeoutMs = 3000 } = options;
  const dynamic = {
    // The dev server polls its one shard 20 times a second by default, which is half of all latency.
    'history.transferProcessorMaxPollRPS': 5000,
    'history.timerProcessorMaxPollRPS': 5000,
    'history.visibilityProcessorMaxPollRPS': 5000,
    // By default a timer may fire a second late, which a failover of 100 ms would pay in full.
    'history.timerProcessorMaxTimeShift': '"10ms"',
    'history.defaultWorkflowTaskTimeout': `"${workflowTaskTimeoutMs}ms"`,
  };
  return [
    ...['server', 'start-dev', '--ip', HOST, '--port', `${port}`, '--log-level', 'error'],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', `${uiPort}`, '--ui-disable-news-fetch']),
    ...(codecPort === undefined ? [] : ['--ui-codec-endpoint', `http://${HOST}:${codecPort}`]),
    ...(inMemory ? [] : ['--db-filename', join(stateDir, 'temporal.db'), '--sqlite-pragma', 'journal_mode=WAL']),
    ...Object.entries(dynamic).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
    ...Object.values(SEARCH_ATTRIBUTES).flatMap(({ name, type }) => [
      '--search-attribute',
      `${name}=${type === 'INT' ? 'Int' : 'Keyword'}`,
    ]),
  ];
}

function lastWords(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  return () => said.trim() || 'it said nothing';
}

async function untilReady(child: ChildProcess, address: string, words: () => string): Promise<void> {
  const giveUpAt = Date.now() + START_PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    if (hasEnded(child)) throw new Error(`The Temporal server ended while it was starting: ${words()}`);
    if (await answers(address)) return;
    await sleep(100);
  }
  throw new Error(`The Temporal server was not ready within ${START_PATIENCE_MS / 1000} s: ${words()}`);
}

async function answers(address: string): Promise<boolean> {
  const [host = HOST, port] = address.split(':');
  if (!(await isListening(Number(port), host))) return false;
  try {
    const connection = await Connection.connect({ address, connectTimeout: 2000 });
    try {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

async function stopped(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin?.end();
  const giveUp = new AbortController();
  const late = sleep(STOP_PATIENCE_MS, undefined, { signal: giveUp.signal }).then(
    () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    },
    () => undefined,
  );
  await ended;
  giveUp.abort();
  await late;
}

const noteIn = (stateDir: string): string => join(stateDir, 'temporal.json');
const Note = z.object({ address: z.string(), uiUrl: z.string().optional() });

/** The server that another process of ours keeps running on this folder's data, if one answers. */
export async function runningServer(stateDir: string): Promise<z.output<typeof Note> | undefined> {
  const text = await readFile(noteIn(stateDir), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const note = Note.parse(JSON.parse(text));
  return (await answers(note.address)) ? note : undefined;
}
