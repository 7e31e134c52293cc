/**
 * `npm run bench`: what Governor costs beside a bare Temporal activity that does the same. README.md has the method.
 * `--signals` measures only what metrics and traces cost; `--quick` measures less, `--json` prints one object on standard output, `--rounds N` changes how often CPU is measured.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { loadConfig } from '../workers/config.ts';
import { type Figure, medianRatio, more, type Pair, ratio, table } from './figures.ts';
import {
  type CaseCpu,
  cpuOfCases,
  type Footprint,
  footprintOf,
  inTurn,
  latencies,
  type OrderBook,
  rssOf,
} from './measure.ts';
import { type Length, openOrderBook, SIDES, type Side, STEPS } from './sides.ts';
import { signalFigures } from './signals.ts';
import { type Stage, setStage } from './stage.ts';

const LENGTHS: readonly Length[] = ['onboarding', 'report'];
const STEPS_BETWEEN = STEPS.onboarding - STEPS.report;
/** Cases at the same time while CPU is measured: enough that nobody waits for a timer or a poll. */
const ABREAST = 8;
const MEGABYTE = 1_000_000;

interface Plan {
  readonly warmUp: number;
  readonly rounds: number;
  readonly cases: Readonly<Record<Length, number>>;
  /** How long the model takes, how often a pair runs, how many pairs at once, and the most that p50 may be. */
  readonly waits: readonly {
    readonly ms: number;
    readonly rounds: number;
    readonly pairs: number;
    readonly target: number;
  }[];
}

const FULL: Plan = {
  warmUp: 24,
  rounds: 9,
  cases: { onboarding: 24, report: 32 },
  waits: [
    { ms: 0, rounds: 40, pairs: 1, target: 1.3 },
    { ms: 200, rounds: 10, pairs: 2, target: 1.1 },
    { ms: 1000, rounds: 3, pairs: 4, target: 1.03 },
  ],
};
const QUICK: Plan = {
  warmUp: 8,
  rounds: 2,
  cases: { onboarding: 16, report: 20 },
  waits: [
    { ms: 0, rounds: 8, pairs: 1, target: 1.3 },
    { ms: 200, rounds: 2, pairs: 2, target: 1.1 },
    { ms: 1000, rounds: 1, pairs: 2, target: 1.03 },
  ],
};

type Round = Readonly<Record<Side, Readonly<Record<Length, CaseCpu>>>>;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      json: { type: 'boolean' },
      rounds: { type: 'string' },
      signals: { type: 'boolean' },
    },
  });
  const chosen = values.quick ? QUICK : FULL;
  const plan = { ...chosen, rounds: values.rounds ? Number(values.rounds) : chosen.rounds };
  const say = (words: string): void => console.error(words);
  const began = performance.now();
  const stage = await setStage(loadConfig(), say);
  try {
    const book = await openOrderBook();
    const measured = values.signals ? [] : await measure(stage, book, plan, say);
    const figures = [...measured, ...(await signalFigures(stage, book, plan.rounds, plan.cases.onboarding, say))];
    const seconds = Math.round((performance.now() - began) / 1000);
    if (values.json) console.log(JSON.stringify({ seconds, load: loadavg()[0], figures }));
    else console.log(`\n${table(figures)}\n\n${seconds} s; load average at the end ${loadavg()[0]?.toFixed(1)}.`);
  } finally {
    await stage.stop();
  }
}

async function measure(stage: Stage, book: OrderBook, plan: Plan, say: (words: string) => void): Promise<Figure[]> {
  say('Warming up.');
  for (const length of LENGTHS)
    for (const side of SIDES) await cpuOfCases(stage, book, side, length, plan.warmUp, ABREAST);

  say(`CPU: ${plan.rounds} rounds.`);
  const rounds: Round[] = [];
  for (let round = 0; round < plan.rounds; round++) rounds.push(await cpuRound(stage, book, plan, round));
  const memory = [{ ours: rssOf(stage, 'ours') / MEGABYTE, bare: rssOf(stage, 'bare') / MEGABYTE }];

  const times: Figure[] = [];
  for (const { ms, rounds: repeated, pairs, target } of plan.waits) {
    say(`Latency with a model of ${ms} ms.`);
    const { ours, bare } = await latencies(stage, book, ms, repeated, pairs);
    times.push(medianRatio(`p50 of a case, model ${ms} ms`, 'ms', ours, bare, target));
  }
  return [
    ...cpuFigures(rounds),
    ...times,
    ...(await historyFigures(stage, book)),
    more(`RSS of the worker after ${casesBy(plan)} cases`, 'MB', memory, 90),
  ];
}

/** Cases that each side has run when memory is read. */
const casesBy = ({ warmUp, rounds, cases }: Plan): number => 2 * warmUp + rounds * (cases.onboarding + cases.report);

async function cpuRound(stage: Stage, book: OrderBook, { cases }: Plan, round: number): Promise<Round> {
  const measured: Record<Side, Partial<Record<Length, CaseCpu>>> = { ours: {}, bare: {} };
  for (const length of LENGTHS) {
    for (const side of inTurn(round))
      measured[side][length] = await cpuOfCases(stage, book, side, length, cases[length], ABREAST);
  }
  return measured as Round;
}

/** A step is what lies between the two lengths; what a case costs beside its steps is left out of it. */
function cpuFigures(rounds: readonly Round[]): Figure[] {
  const pairs = (read: (round: Round, side: Side) => number): Pair[] =>
    rounds.map((round) => ({ ours: read(round, 'ours'), bare: read(round, 'bare') }));
  const both = ({ worker, server }: CaseCpu): number => worker + server;
  const workerOnly = ({ worker }: CaseCpu): number => worker;
  const ofStep = (cpu: (of: CaseCpu) => number) =>
    pairs((round, side) => (cpu(round[side].onboarding) - cpu(round[side].report)) / STEPS_BETWEEN);
  const ofCase = (cpu: (of: CaseCpu) => number) => pairs((round, side) => cpu(round[side].onboarding));
  return [
    ratio('CPU of a step, worker + server', 'ms', ofStep(both), 1.25),
    ratio('CPU of a case, worker + server', 'ms', ofCase(both), 1.3),
    ratio('CPU of a step, worker alone', 'ms', ofStep(workerOnly), 1.25),
    ratio('CPU of a case, worker alone', 'ms', ofCase(workerOnly), 1.3),
  ];
}

async function historyFigures(stage: Stage, book: OrderBook): Promise<Figure[]> {
  const of = async (side: Side): Promise<Record<Length, Footprint>> => ({
    onboarding: await footprintOf(stage, book(side, 'onboarding')),
    report: await footprintOf(stage, book(side, 'report')),
  });
  const [ours, bare] = [await of('ours'), await of('bare')];
  const step = (name: keyof Footprint): Pair[] => [
    {
      ours: (ours.onboarding[name] - ours.report[name]) / STEPS_BETWEEN,
      bare: (bare.onboarding[name] - bare.report[name]) / STEPS_BETWEEN,
    },
  ];
  return [
    more('events of a step', '', step('events'), 0),
    more('events of a case', '', [{ ours: ours.onboarding.events, bare: bare.onboarding.events }], 6),
    more('history of a step', 'bytes', step('bytes'), 1200),
    more('history of a case', 'bytes', [{ ours: ours.onboarding.bytes, bare: bare.onboarding.bytes }]),
  ];
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
