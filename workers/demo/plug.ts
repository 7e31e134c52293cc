import { setTimeout as sleep } from 'node:timers/promises';
import type { CaseEnd, CaseHistory, CaseRun } from '../../client/index.ts';
import type { Counts } from '../../outside/counts.ts';
import { type CaseEffects, EFFECT_WORDS, effectsOf, totalOf } from './effects.ts';
import type { Example } from './examples.ts';
import { countOf, type Screen, seconds } from './screen.ts';
import { type Shown, type Stage, startExample } from './stage.ts';

const TITLE = '3 · The plug';
const CASES = 8;
/** The plug is pulled when so much of the work is done. */
const SHARE_BEFORE = 0.35;
const LOOK_MS = 25;

/** What the act has found out, each part from histories or far sides. */
interface Found {
  readonly ends: readonly CaseEnd[];
  readonly histories: readonly CaseHistory[];
  readonly counts: Counts;
  /** Documents that were there before the act. */
  readonly earlierDocuments: number;
}

/** Eight clean cases; the worker is killed with half the work done, and nothing is lost, doubled or paid for twice. */
export async function plug(stage: Stage): Promise<Shown> {
  const { screen, governor, house } = stage;
  const examples = stage.examples.filter(({ name }) => name.startsWith('clean')).slice(0, CASES);
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
  await house.worker.stop('SIGKILL');
  const pulledAt = Date.now();
  const [there, halfway] = await Promise.all([stage.counts(), historiesOf(stage, runs)]);
  const closed = halfway.filter(({ closedAt }) => closedAt !== undefined).length;
  screen.fact(
    'kill -9',
    `of worker ${house.worker.pid}, with ${closed} of ${runs.length} cases closed and ${effectsThere(there, halfway)} of ${wantedOf(examples)} effects done`,
  );

  const found = {
    ends: await ends,
    histories: await historiesOf(stage, runs),
    counts: await stage.counts(),
    earlierDocuments,
  };
  return { title: TITLE, ...showFound(screen, examples, found, pulledAt), runs };
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

const effectsThere = (counts: Counts, histories: readonly CaseHistory[]): number =>
  histories.reduce((sum, history) => sum + totalOf(effectsOf(counts, history)), 0);

function showFound(
  screen: Screen,
  examples: readonly Example[],
  found: Found,
  pulledAt: number,
): Pick<Shown, 'summary' | 'good'> {
  const { ends, histories } = found;
  const closed = histories.map(({ closedAt = Number.NaN }) => closedAt);
  const again = histories.flatMap(({ steps }) => steps).filter(({ attempts }) => attempts > 1);
  const done = ends.filter(({ outcome }, at) => outcome === examples[at]?.expected.outcome).length;
  const rows = effectRows(found);
  const calls = callsOf(histories);
  const good = done === ends.length && rows.every(([, wanted, there]) => wanted === there) && calls.twice === 0;

  screen.fact(
    'taken over',
    `${countOf(again.length, 'step')} began again on the other worker; the last case closed ${seconds(Math.max(...closed) - pulledAt)} after the kill`,
  );
  screen.gap();
  screen.verbatim(`${''.padEnd(22)}${'wanted'.padStart(8)}${'found'.padStart(8)}`);
  for (const [words, wanted, there] of [['cases done', ends.length, done] as const, ...rows]) {
    screen.verbatim(`${words.padEnd(22)}${String(wanted).padStart(8)}${String(there).padStart(8)}`);
  }
  screen.verbatim(
    `${'model calls'.padEnd(22)}${String(calls.wanted).padStart(8)}${String(calls.paid).padStart(8)}   paid twice: ${calls.twice}`,
  );
  screen.gap();
  if (calls.twice > 0) {
    screen.say(
      `${countOf(calls.twice, 'call')} died with the worker before any answer was kept. Nobody knows whether it was billed, so it is charged at its worst case.`,
    );
  }
  screen.verdict(
    good,
    `${done} of ${ends.length} done, every effect once, ${calls.twice} of ${calls.paid} model calls paid for twice.`,
  );
  const [wanted, there] = [1, 2].map((column) => rows.reduce((sum, row) => sum + Number(row[column]), 0));
  const summary = `${done} of ${ends.length} cases done through kill -9, ${there} effects found of ${wanted} wanted, ${calls.twice} model calls paid twice`;
  return { good, summary };
}

/** Name, wanted, found. Documents are counted all: one that no history knows would be one too many. */
function effectRows({ counts, histories, earlierDocuments }: Found): [string, number, number][] {
  const each = histories.map((history) => effectsOf(counts, history));
  const ids = new Set(histories.map(({ workflowId }) => workflowId));
  const rows = Object.entries(EFFECT_WORDS).map(([kind, words]): [string, number, number] => {
    const there = each.reduce((sum, effects) => sum + effects[kind as keyof CaseEffects], 0);
    return [words, histories.length, kind === 'kits' ? counts.documents.length - earlierDocuments : there];
  });
  return [...rows, ['audit entries', histories.length, counts.audit.filter(({ caseId }) => ids.has(caseId)).length]];
}

/** A step of a clean case wants one call; every one more was paid for twice, or may have been. */
function callsOf(histories: readonly CaseHistory[]): { wanted: number; paid: number; twice: number } {
  const steps = histories.flatMap(({ workflowId, steps: each }) =>
    each.map((step) => ({ ...step, of: `${workflowId} ${step.step}` })),
  );
  const wanted = new Set(steps.map(({ of }) => of)).size;
  const paid = steps.reduce((sum, { paidCalls }) => sum + paidCalls.length, 0);
  return { wanted, paid, twice: paid - wanted };
}
