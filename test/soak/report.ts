import { accountsOf, INVARIANTS, type Invariant, inPeoplesHands } from './checker.ts';
import type { CaseFacts } from './facts.ts';
import type { SoakResult } from './run.ts';

export interface SoakReport {
  readonly cases: number;
  readonly seed: number;
  readonly commit: string;
  readonly seconds: number;
  readonly invariants: Readonly<Record<Invariant, { readonly says: string; readonly violations: readonly string[] }>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  /** In people's hands by what went wrong; their number, and by the failure that put them there. */
  readonly handedOver: { readonly cases: number; readonly because: Readonly<Record<string, number>> };
  /** What policy leaves to people when something is down or in doubt. */
  readonly byPolicy: Readonly<Record<string, number>>;
  readonly effects: Readonly<Record<string, number>>;
  readonly answers: {
    readonly given: SoakResult['answersGiven'];
    readonly tooLate: number;
    readonly tooEarly: number;
  };
  readonly accounts: Omit<ReturnType<typeof accountsOf>, 'unmatched'>;
  /** Questions that reached each provider. */
  readonly asks: Readonly<Record<string, number>>;
  readonly repeatedDeliveries: number;
}

export function reportOf(
  result: SoakResult,
  { cases, seed, commit }: Pick<SoakReport, 'cases' | 'seed' | 'commit'>,
): SoakReport {
  const { facts, violations, faults, answersGiven, earlySignals, seconds } = result;
  const { unmatched: _unmatched, ...accounts } = accountsOf(facts);
  const inHands = inPeoplesHands(facts);
  const rules = facts.cases.flatMap(({ asked }) => asked.filter(({ foreseen }) => !foreseen).map(({ rule }) => rule));
  const invariants = Object.fromEntries(
    Object.entries(INVARIANTS).map(([name, says]) => [
      name,
      { says, violations: violations.filter(({ invariant }) => invariant === name).map(({ what }) => what) },
    ]),
  ) as unknown as SoakReport['invariants'];
  return {
    ...{ cases, seed, commit, seconds, invariants, faults },
    outcomes: counted(facts.cases.map(({ ended }) => `${ended?.outcome ?? 'open'} ${ended?.failureType ?? ''}`.trim())),
    handedOver: { cases: inHands.length, because: counted(inHands.flatMap(whyInHands)) },
    byPolicy: counted(rules.filter((rule) => rule === 'NoModelLeft' || rule === 'EffectUnknown')),
    effects: effectsOf(facts.cases),
    answers: { given: answersGiven, tooLate: facts.late.sent, tooEarly: earlySignals },
    accounts,
    asks: counted(facts.asks.map(({ provider }) => provider)),
    repeatedDeliveries: facts.repeatedDeliveries,
  };
}

function whyInHands({ ended, asked }: CaseFacts): string[] {
  const [first] = asked.filter(({ foreseen }) => !foreseen);
  return [first?.rule ?? ended?.failureType ?? 'unknown'];
}

function effectsOf(cases: readonly CaseFacts[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { left } of cases)
    for (const [effect, times] of Object.entries(left)) sums[effect] = (sums[effect] ?? 0) + times;
  return sums;
}

const counted = (words: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length] as const).toSorted(),
  );

export const holds = ({ invariants }: SoakReport): boolean =>
  Object.values(invariants).every(({ violations }) => violations.length === 0);

/** The report for people. */
export function markdownOf(report: SoakReport): string {
  const { cases, seed, commit, seconds, invariants, accounts, answers, asks, handedOver } = report;
  const usd = (microUsd: number): string => `$${(microUsd / 1e6).toFixed(6)}`;
  return [
    `# ${cases} cases while everything around them broke`,
    '',
    `Commit ${commit}, seed ${seed}, ${Math.round(seconds / 60)} minutes. To repeat it: \`npm run soak -- --cases ${cases} --seed ${seed}\`.`,
    '',
    '## What has to hold',
    '',
    '| | violations |',
    '|---|---|',
    ...Object.values(invariants).map(({ says, violations }) => `| ${says} | ${violations.length} |`),
    '',
    ...Object.values(invariants).flatMap(({ violations }) => violations.map((what) => `- ${what}`)),
    '## What was done to it',
    '',
    ...table('fault', report.faults),
    '',
    `Answers of people: ${answers.given.api} at the API, ${answers.given.update} by Update, ${answers.given.signal} by Signal (each of these twice); ${answers.tooLate} second answers, ${answers.tooEarly} Signals before anything was asked.`,
    '',
    '## What came of it',
    '',
    ...table('end of the case', report.outcomes),
    '',
    ...table('on the far sides', report.effects),
    '',
    `Deliveries that a far side had already, and knew again by their id: ${report.repeatedDeliveries}.`,
    '',
    `In people's hands by what went wrong: ${handedOver.cases} cases (${((100 * handedOver.cases) / cases).toFixed(1)} %).`,
    '',
    ...table('why', handedOver.because),
    '',
    'Beside these, what policy itself leaves to people when something is down or in doubt:',
    '',
    ...table('why', report.byPolicy),
    '',
    '## Money',
    '',
    `${asks['messages'] ?? 0} questions reached the first provider, and ${asks['chat'] ?? 0} the one that stands in for it. ${accounts.settledCalls} calls are settled at ${usd(accounts.settledMicroUsd)}, each found in the providers' log at the same price. ${accounts.unknownCalls} calls of unknown outcome stay booked at their worst case, ${usd(accounts.unknownMicroUsd)}; of these the providers really charged ${accounts.lostAsks}, ${usd(accounts.lostMicroUsd)}.`,
    '',
  ].join('\n');
}

const table = (head: string, counts: Readonly<Record<string, number>>): string[] => [
  `| ${head} | times |`,
  '|---|---|',
  ...Object.entries(counts).map(([name, times]) => `| ${name} | ${times} |`),
];
