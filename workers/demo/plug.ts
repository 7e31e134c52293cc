import { setTimeout as sleep } from 'node:timers/promises';
import type { CaseHistory, CaseRun } from '../../client/index.ts';
import type { Counts } from '../../outside/counts.ts';
import { type Balance, balance, sumOf } from './balance.ts';
import { isCaughtInTheMiddle } from './chaos/in-flight.ts';
import { effectsOf, totalOf } from './effects.ts';
import type { Example } from './examples.ts';
import { countOf, type Screen, seconds } from './screen.ts';
import { type Shown, type Stage, startExample } from './stage.ts';

const TITLE = '3 · The plug';
const CASES = 8;
/** The plug is pulled when so much of the work is done. */
const SHARE_BEFORE = 0.35;
const LOOK_MS = 25;
const MOST_TRIES = 40;

/** Eight clean cases; the worker is killed with half the work done, and nothing is lost, doubled or paid for twice. */
export async function plug(stage: Stage): Promise<Shown> {
  const { screen, governor, house } = stage;
  const examples = stage.examples
    .filter(({ process, name }) => process === 'onboardCustomer' && name.startsWith('clean'))
    .slice(0, CASES);
  screen.heading(TITLE);
  screen.say(
    `${examples.length} clean onboardings run at once on two workers. In the middle of it one worker gets kill -9.`,
  );
  await stage.spare;
  const earlierDocuments = (await stage.counts()).documents.length;
  const runs = await Promise.all(examples.map((example) => startExample(stage, example)));
  const ends = Promise.all(runs.map((run) => governor.result(run)));
  ends.catch(() => undefined);

  await untilShareIsDone(stage, runs, wantedOf(examples) * SHARE_BEFORE);
  await untilInTheMiddle(stage, runs);
  await house.worker.stop('SIGKILL');
  const pulledAt = Date.now();
  const [there, halfway] = await Promise.all([stage.counts(), historiesOf(stage, runs)]);
  const closed = halfway.filter(({ closedAt }) => closedAt !== undefined).length;
  screen.fact(
    'kill -9',
    `of worker ${house.worker.pid}, with ${closed} of ${runs.length} cases closed and ${effectsThere(there, halfway)} of ${wantedOf(examples)} effects done`,
  );

  const outcomes = (await ends).map(({ outcome }) => outcome);
  const [histories, counts] = await Promise.all([historiesOf(stage, runs), stage.counts()]);
  const ledger = balance({ histories, counts, earlierDocuments });
  const done = outcomes.filter((outcome, at) => outcome === examples[at]?.expected.outcome).length;
  const again = histories.flatMap(({ steps }) => steps).filter(({ attempts }) => attempts > 1);
  const last = Math.max(...histories.map(({ closedAt = Number.NaN }) => closedAt));
  screen.fact(
    'taken over',
    `${countOf(again.length, 'step')} began again on the other worker; the last case closed ${seconds(last - pulledAt)} after the kill`,
  );
  return { title: TITLE, ...showBalance(screen, ledger, done, runs.length), runs };
}

const historiesOf = ({ governor }: Stage, runs: readonly CaseRun[]): Promise<CaseHistory[]> =>
  Promise.all(runs.map((run) => governor.history(run)));

const wantedOf = (examples: readonly Example[]): number =>
  examples.reduce((sum, { expected }) => sum + expected.effects, 0);

async function untilShareIsDone(stage: Stage, runs: readonly CaseRun[], enough: number): Promise<void> {
  while (!stage.stopping.aborted) {
    const [counts, histories] = await Promise.all([stage.counts(), historiesOf(stage, runs)]);
    if (effectsThere(counts, histories) >= enough) return;
    await sleep(LOOK_MS);
  }
}

/** Pulled between two steps, the plug would show nothing. */
async function untilInTheMiddle({ house, stopping }: Stage, runs: readonly CaseRun[]): Promise<void> {
  const ids = runs.map(({ workflowId }) => workflowId);
  for (let tries = 0; tries < MOST_TRIES && !stopping.aborted; tries++) {
    if (await isCaughtInTheMiddle(house.client, ids, house.worker.pid, 1)) return;
    await sleep(LOOK_MS);
  }
}

const effectsThere = (counts: Counts, histories: readonly CaseHistory[]): number =>
  histories.reduce((sum, history) => sum + totalOf(effectsOf(counts, history)), 0);

/** The table of what was wanted and what was found, and the words for it. */
function showBalance(
  screen: Screen,
  { rows, audits, calls }: Balance,
  done: number,
  cases: number,
): Pick<Shown, 'summary' | 'good'> {
  const line = (words: string, wanted: string | number, found: string | number, more = ''): void =>
    screen.verbatim(`${words.padEnd(22)}${String(wanted).padStart(8)}${String(found).padStart(8)}${more}`);
  screen.gap();
  line('', 'wanted', 'found');
  line('cases done', cases, done);
  for (const { words, wanted, found } of rows) line(words, wanted, found);
  line('audit entries', cases, audits);
  line('model calls', calls.wanted, calls.paid, `   paid twice: ${calls.twice}`);
  screen.gap();
  if (calls.lost > 0) {
    screen.say(
      `${countOf(calls.lost, 'call')} died with the worker before an answer was kept. Nobody can know whether it was billed, so the case is charged its worst.`,
    );
  }
  const good =
    done === cases && audits === cases && calls.twice === 0 && rows.every(({ wanted, found }) => wanted === found);
  const [wanted, found] = [sumOf(rows.map((row) => row.wanted)), sumOf(rows.map((row) => row.found))];
  const summary = `${done} of ${cases} cases done through kill -9, ${found} effects found of ${wanted} wanted, ${countOf(calls.twice, 'model call')} paid twice`;
  screen.verdict(good, `${summary}.`);
  return { good, summary };
}
