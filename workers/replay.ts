/** `npm run replay`: would this code do again what runs have done? Asked of committed histories, or of a server's. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Connection, type HistoryAndWorkflowId } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { DefaultLogger, type InjectedSinks, Runtime, Worker } from '@temporalio/worker';
import { TASK_QUEUE } from '../contracts/messages.ts';
import type { DecisionLine, DecisionSinks } from '../workflows/record.ts';
import type { SignalSinks } from '../workflows/signals.ts';
import { buildBundle } from './bundle.ts';
import { BadConfig, type Config, loadConfig } from './config.ts';
import { clientOf } from './connect.ts';
import { dataConverterOf } from './payloads/converter.ts';
import { runningServer } from './server.ts';

/** What came of one history. */
export interface Replayed {
  readonly name: string;
  /** Where this code does something else than the history says: what, in Temporal's words. */
  readonly differs?: string;
}

const HISTORIES = join(import.meta.dirname, '..', 'test', 'replay', 'histories');
/** Runs that a deploy would take over. */
const RUNNING = `TaskQueue = "${TASK_QUEUE}" AND ExecutionStatus = "Running"`;

/** Reads histories as `temporal workflow show -o json` writes them; each is named after its file, which is its run's id. */
export async function* historiesIn(folder: string): AsyncGenerator<HistoryAndWorkflowId> {
  const files = (await readdir(folder))
    .filter((file) => file.endsWith('.json') && !file.endsWith('.values.json'))
    .sort();
  for (const file of files) {
    yield { workflowId: basename(file, '.json'), history: JSON.parse(await readFile(join(folder, file), 'utf8')) };
  }
}

/**
 * Replays one history after the other on a bundle. Nothing leaves the sandbox: no activity runs, and nothing is recorded.
 * @param dataConverter opens payloads that are locked; where there is one, the bundle is the one that goes with it
 * @param decided takes each decision as this code makes it anew; replay itself compares commands, and no values
 */
export async function* replayOn(
  bundlePath: string,
  histories: AsyncIterable<HistoryAndWorkflowId> | Iterable<HistoryAndWorkflowId>,
  decided?: (line: DecisionLine) => void,
  dataConverter?: DataConverter,
): AsyncGenerator<Replayed> {
  const record = { fn: (_info: unknown, line: DecisionLine) => decided?.(line), callDuringReplay: true };
  const silent = { fn: () => undefined, callDuringReplay: false };
  const sinks: InjectedSinks<DecisionSinks & SignalSinks> = { decisions: { record }, signals: { tell: silent } };
  const results = Worker.runReplayHistories(
    {
      workflowBundle: { codePath: bundlePath },
      sinks,
      replayName: 'replay',
      ...(dataConverter ? { dataConverter } : {}),
    },
    histories,
  );
  for await (const { workflowId, error } of results)
    yield { name: workflowId, ...(error ? { differs: inShort(error.message) } : {}) };
}

/** Of Temporal's words those that name the event and the command. */
const inShort = (message: string): string => /message: "([^"]*)"/.exec(message)?.[1] ?? message;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'from-server': { type: 'boolean', default: false },
      query: { type: 'string' },
      histories: { type: 'string', default: HISTORIES },
      bundle: { type: 'string' },
    },
  });
  const config = loadConfig();
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'off' } },
  });
  const dataConverter = dataConverterOf(config);
  const bundlePath = values.bundle ? resolve(values.bundle) : await buildBundle(config.stateDir, dataConverter);
  const replay = (histories: AsyncIterable<HistoryAndWorkflowId>) =>
    tell(replayOn(bundlePath, histories, undefined, dataConverter));
  if (!values['from-server']) return (await replay(historiesIn(resolve(values.histories)))) ?? 1;
  const connection = await connect(config);
  try {
    const runs = clientOf(config, connection)
      .workflow.list({ query: values.query ?? RUNNING })
      .intoHistories();
    return (await replay(runs)) ?? 0;
  } finally {
    await connection.close();
  }
}

/** The server at TEMPORAL_ADDRESS, else the one that this folder has running, else the one at the usual port. */
async function connect({ temporal, stateDir, ports }: Config): Promise<Connection> {
  const address = temporal.address ?? (await runningServer(stateDir))?.address ?? `127.0.0.1:${ports.temporal}`;
  console.error(`Reading histories from the server at ${address}.`);
  try {
    return await Connection.connect({ ...temporal.connectionOptions, address });
  } catch {
    throw new Error(`No Temporal server answers at ${address}. Start one with "npm run dev", or set TEMPORAL_ADDRESS.`);
  }
}

/** One line a history, and a last one that says what to make of it. The exit code, or nothing where there was no history. */
async function tell(results: AsyncIterable<Replayed>): Promise<number | undefined> {
  let same = 0;
  let different = 0;
  for await (const { name, differs } of results) {
    console.log(differs ? `DIFFERS  ${name}: ${differs}` : `same     ${name}`);
    if (differs) different += 1;
    else same += 1;
  }
  if (same + different === 0) {
    console.log('There was no history to replay.');
    return undefined;
  }
  if (different === 0) console.log(`This code does again what all ${same} runs have done.`);
  else
    console.log(
      `${different} of ${same + different} runs would not go on with this code. Put the change behind patched(), or let them end on the old version.`,
    );
  return different === 0 ? 0 : 1;
}

if (import.meta.main) {
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof BadConfig || error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
}
