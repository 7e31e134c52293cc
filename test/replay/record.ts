/**
 * `npm run record`: records golden histories of this code's runs, each under a new number. What is there stays as it is,
 * since a golden history is worth something only as long as nobody rewrites it. `-- --only clean,declined` records those.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Said } from '../../client/answering.ts';
import { createGovernor } from '../../client/index.ts';
import { type CaseStatus, type OpenRequest, STATUS } from '../../contracts/messages.ts';
import { makeAnswerKeys } from '../../keys/answer-files.ts';
import { answerKeyFiles } from '../../workers/answer-keys.ts';
import { type Answering, answeringWith } from '../../workers/answering.ts';
import { buildBundle } from '../../workers/bundle.ts';
import { loadConfig } from '../../workers/config.ts';
import { replayOn } from '../../workers/replay.ts';
import { findServer } from '../../workers/server.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { exampleInput, expectedOf } from '../support/examples.ts';
import { decisionValues, valuesInHistory } from '../support/golden.ts';

const FOLDER = join(import.meta.dirname, 'histories');
const BUNDLES = join(import.meta.dirname, 'bundles');
/** A case of its own for each way through the code that a change could break. */
interface Scenario {
  readonly example: string;
  readonly cancel?: true;
  /** An onboarding where it is left out. */
  readonly of?: { readonly process: string; readonly folder: string };
}
const expenses = { process: 'approveExpense', folder: 'expenses' };
const documents = { process: 'approveDocument', folder: 'documents' };
const orders = { process: 'placeOrder', folder: 'orders' };
const cancellations = { process: 'cancelOrder', folder: 'order-cancellations' };
const tickets = { process: 'routeTicket', folder: 'tickets' };

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  clean: { example: 'clean' },
  'stale-cache': { example: 'stale-cache' },
  'watch-list': { example: 'watch-list' },
  'over-budget': { example: 'garbage' },
  'tool-retry': { example: 'registry-down-then-up' },
  cancelled: { example: 'watch-list-rejected', cancel: true },
  edited: { example: 'illegible-document' },
  'document-approved': { example: 'clean-two-of-three', of: documents },
  'document-declined': { example: 'declined', of: documents },
  'document-changes': { example: 'changes-refused', of: documents },
  'document-invalid': { example: 'invalid', of: documents },
  'order-created': { example: 'order-clean', of: orders },
  'order-split': { example: 'order-split', of: orders },
  'order-declined': { example: 'order-too-dear', of: orders },
  'order-pricing-fault': { example: 'order-free-product', of: orders },
  'order-cancelled': { example: 'cancel-order', of: cancellations },
  'expense-clean': { example: 'clean', of: expenses },
  'expense-pdf': { example: 'clean-pdf', of: expenses },
  'expense-director': { example: 'director', of: expenses },
  'expense-refused': { example: 'out-of-policy', of: expenses },
  'expense-manager': { example: 'manager', of: expenses },
  'expense-partly': { example: 'fine', of: expenses },
  'expense-cancelled': { example: 'manager', of: expenses, cancel: true },
  'ticket-routed': { example: 'ticket-clean', of: tickets },
  'ticket-sorted': { example: 'ticket-out-of-scope', of: tickets },
  'ticket-aside': { example: 'ticket-spoofed', of: tickets },
  'ticket-known': { example: 'ticket-duplicate', of: tickets },
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { bundle: { type: 'boolean', default: false }, only: { type: 'string' } } });
  const only = values.only?.split(',');
  const { stateDir, searchPath, promptsDir } = loadConfig();
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await findServer({ stateDir, path: searchPath, reuse: false, log: console.error });
  if (server.kind !== 'program') throw new Error('The Temporal CLI is needed, since its histories are what is kept.');
  const bundlePath = await buildBundle(stateDir);
  const keys = answerKeyFiles({ stateDir: join(stateDir, 'record'), answers: {} });
  makeAnswerKeys(keys, { embedded: true });
  const rig = await startRig({ server, bundlePath, settings: { ANSWER_KEYS_FILE: keys.public } });
  const answer = answeringWith({ stateDir: join(stateDir, 'record'), answers: {}, promptsDir });
  try {
    await rig.startWorker();
    const wanted = Object.entries(SCENARIOS).filter(([name]) => only?.includes(name) ?? true);
    const recorded = wanted.map(async ([scenarioName, scenario]) => {
      // The run is called as its file will be: what people sign is over the case's id, and has to hold in a replay too.
      const name = nextName(scenarioName);
      await runToItsEnd(rig, name, scenario, answer);
      const history = await historyOf(server.path, rig.address, name);
      await keep(name, history, bundlePath);
    });
    await Promise.all(recorded);
  } finally {
    await rig.stop();
  }
  if (values.bundle) await keepBundle(bundlePath);
}

/** Starts the case and answers what it asks, as the example says; or cancels it while it asks. */
async function runToItsEnd(
  rig: Rig,
  name: string,
  { example, cancel, of }: Scenario,
  answer: Answering,
): Promise<void> {
  const governor = createGovernor(rig.client);
  const seen: string[] = [];
  const handle = await rig.client.workflow.start(of?.process ?? 'onboardCustomer', {
    taskQueue: 'governor',
    workflowId: name,
    args: [exampleInput(example, of?.folder)],
  });
  const run = { workflowId: name, runId: handle.firstExecutionRunId };
  for (const { by, ...said } of expectedOf(example, of?.folder).answers ?? []) {
    const request = await requestIn(handle, seen);
    seen.push(request.digest);
    if (cancel) await handle.cancel();
    else await answer(governor, run, request, String(by), said as Said);
  }
  await handle.result().catch(() => undefined);
}

async function requestIn(handle: WorkflowHandle, seen: readonly string[]): Promise<OpenRequest> {
  for (;;) {
    // Until the release is loaded, nobody answers.
    const status = await handle.query<CaseStatus>(STATUS).catch(() => undefined);
    const request = status?.waiting.find(({ digest }) => !seen.includes(digest));
    if (request) return request;
    await wait(200);
  }
}

/** As the CLI shows it, without what tells of this machine: stacks, and who worked on it. */
async function historyOf(program: string, address: string, workflowId: string): Promise<string> {
  const args = ['workflow', 'show', '--address', address, '--workflow-id', workflowId, '-o', 'json'];
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 64 * 1024 * 1024 });
  const plain = (key: string, value: unknown): unknown => {
    if (key === 'identity') return 'worker@house';
    return key === 'stackTrace' ? '' : value;
  };
  // Queues of a worker's own are named after its machine.
  return `${JSON.stringify(JSON.parse(stdout), plain, 1).replaceAll(hostname(), 'house')}\n`;
}

async function keep(name: string, history: string, bundlePath: string): Promise<void> {
  const parsed: unknown = JSON.parse(history);
  const decisions = await decisionsOf(name, parsed, bundlePath);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, `${name}.json`), history, { flag: 'wx' });
  const values = { ...valuesInHistory(parsed), decisions };
  await writeFile(join(FOLDER, `${name}.values.json`), `${JSON.stringify(values, null, 2)}\n`, { flag: 'wx' });
  console.error(
    `${name}: ${JSON.stringify(values.ended)}, ${values.activities.length} activities, ${history.length} bytes. Read its values before they are committed.`,
  );
}

async function decisionsOf(name: string, history: unknown, bundlePath: string) {
  const lines: ReturnType<typeof decisionValues>[] = [];
  for await (const { differs } of replayOn(bundlePath, [{ workflowId: name, history }], (line) =>
    lines.push(decisionValues(line)),
  )) {
    if (differs) throw new Error(`${name} does not even replay on its own code: ${differs}`);
  }
  return lines;
}

/** The code that made these histories, for the day when newer ones have to run on it. */
async function keepBundle(bundlePath: string): Promise<void> {
  const code = readFileSync(bundlePath, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  const numbers = readdirSync(BUNDLES, { withFileTypes: false }).length;
  await writeFile(join(BUNDLES, `${numbers + 1}.js.br`), brotliCompressSync(code), { flag: 'wx' });
}

function nextName(scenario: string): string {
  const taken = readdirSync(FOLDER);
  for (let number = 1; ; number++) {
    const name = `${scenario}-${number}`;
    if (!taken.includes(`${name}.json`)) return name;
  }
}

await main();
