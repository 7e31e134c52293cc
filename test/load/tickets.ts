/**
 * `npm run tickets -- --file queries.csv`: sends every query of a CSV file with the columns text and category through
 * `routeTicket`, and counts at the far side. Then some of those that lie in another queue than their category's are
 * corrected, as people would. The answers are those of the embedded rules, not of a model.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { TicketPolicy } from '../../contracts/ticket-policy.ts';
import type { Ticketed } from '../../contracts/tickets.ts';
import { PromptFiles } from '../../prompts/files.ts';
import { buildBundle } from '../../workers/bundle.ts';
import { loadConfig } from '../../workers/config.ts';
import { findServer } from '../../workers/server.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { correctSome } from './corrections.ts';
import { rowsOf } from './csv.ts';
import { reportOn, type Sent } from './report.ts';

const PROMPTS = resolve(import.meta.dirname, '..', '..', 'prompts');

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      file: { type: 'string' },
      abreast: { type: 'string', default: '40' },
      limit: { type: 'string', default: '100000' },
      correct: { type: 'string', default: '20' },
    },
  });
  if (!values.file) {
    console.error('npm run tickets -- --file queries.csv [--abreast 40] [--limit 1000] [--correct 20]');
    return 2;
  }
  const queries = await queriesIn(values.file, Number(values.limit));
  const policy = await currentPolicy();
  const { stateDir, searchPath, temporal } = loadConfig();
  const server = await findServer({
    stateDir: resolve(stateDir),
    address: temporal.address,
    path: searchPath,
    reuse: false,
    log: console.error,
  });
  const rig = await startRig({ server, bundlePath: await buildBundle(stateDir) });
  try {
    await rig.startWorker();
    const began = performance.now();
    const sent = await sendAll(rig, queries, Number(values.abreast));
    const report = reportOn(sent, (performance.now() - began) / 1000, await rig.counts(), policy);
    const afterCorrections = await correctSome(rig, sent, policy, Number(values.correct));
    console.log(JSON.stringify({ ...report, afterCorrections }, null, 2));
    const heard = afterCorrections.corrected === afterCorrections.asked;
    return report.wrong.length === 0 && heard ? 0 : 1;
  } finally {
    await rig.stop();
  }
}

interface Query {
  readonly text: string;
  readonly label: string;
}

async function queriesIn(file: string, limit: number): Promise<Query[]> {
  const [head = [], ...rows] = rowsOf(await readFile(file, 'utf8'));
  const [text, category] = ['text', 'category'].map((name) => head.indexOf(name));
  if (text === undefined || category === undefined || text < 0 || category < 0)
    throw new Error('The file needs the columns text and category.');
  return rows.slice(0, limit).map((row) => ({ text: row[text] ?? '', label: row[category] ?? '' }));
}

async function currentPolicy(): Promise<TicketPolicy> {
  const files = new PromptFiles(PROMPTS);
  const { policy } = await files.release(await files.currentId());
  const { tickets } = await files.policy(policy);
  if (!tickets) throw new Error(`The policy ${policy.id} says nothing of tickets.`);
  return tickets;
}

/** So many at once; each query comes from a customer of its own, since the same words of one customer are one ticket. */
async function sendAll(rig: Rig, queries: readonly Query[], abreast: number): Promise<Sent[]> {
  const sent: Sent[] = [];
  const waiting = [...queries.entries()];
  const send = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [number, { text, label }] = next;
      const began = performance.now();
      const done = await route(rig, number, text);
      sent.push({ ...done, label, ms: performance.now() - began });
    }
  };
  await Promise.all(Array.from({ length: abreast }, send));
  return sent;
}

async function route({ client }: Rig, number: number, text: string): Promise<Pick<Sent, 'requestId' | 'done'>> {
  const requestId = `load-${String(number).padStart(6, '0')}`;
  const message = {
    requestId,
    requestedBy: 'load',
    messageId: `<${requestId}@load.example>`,
    sender: `${requestId}@load.example`,
    authentication: 'pass',
    receivedAt: '2099-01-01T00:00:00Z',
    text,
  };
  const handle = await client.workflow.start('routeTicket', {
    taskQueue: 'governor',
    workflowId: requestId,
    args: [message],
  });
  const done: Ticketed | undefined = await handle.result().catch(() => undefined);
  return { requestId, done };
}

process.exitCode = await main();
