import type { ModelCall } from '../../contracts/decision.ts';
import { FAILURES, isFailureType } from '../../contracts/failures.ts';
import { usageKey } from './bill.ts';
import type { CaseFacts, Facts } from './facts.ts';
import { type Left, NOTHING_LEFT } from './left.ts';

/** What has to hold of a run, whatever went wrong in it. */
export const INVARIANTS = {
  ended: 'every case is in a defined end state, the one that its story wants or a failure that was handed to people',
  queue: 'each failure is in the queue that docs/failures.md names, once, and nothing else is in one',
  effects: 'no effect is there twice, is missing or was not wanted',
  cap: 'spent + reserved ≤ cap in every case',
  settled: 'each settled call is one line of the providers’ log, at the providers’ price to the micro-dollar, and once',
  spent: 'what a case spent is the sum of its calls, those of unknown outcome at their worst case',
  lost: 'each answer that was paid for and lost is booked as unknown somewhere',
  recorded: 'one decision for each step, in the case and in the audit, and a line of the log for each',
  answers: 'nobody decides what somebody has decided already',
  starts: 'one case for each key, however often it is asked for',
  share: 'at most 3 % of the cases are in people’s hands beside those that policy sends there',
} as const;
export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly what: string;
}

/** Below so many cases a share of 3 % says nothing. */
const ENOUGH_FOR_A_SHARE = 500;
const MOST_SHARE = 0.03;
/** What policy itself leaves to people: high stakes without their model, and effects that nobody can be sure of. */
const BY_POLICY: readonly string[] = ['NoModelLeft', 'EffectUnknown'];

/** Everything that does not hold. */
export const check = (facts: Facts): Violation[] => [
  ...facts.cases.flatMap((one) => [...ofCase(one)]),
  ...ofMoney(facts),
  ...ofShare(facts),
  ...(facts.late.accepted > 0 ? [{ invariant: 'answers' as const, what: `${facts.late.accepted} were accepted` }] : []),
];

function* ofCase(one: CaseFacts): Generator<Violation> {
  const found = (invariant: Invariant, what: string): Violation => ({
    invariant,
    what: `${one.requestId} ${one.kind}: ${what}`,
  });
  if (new Set([one.id, ...one.ids]).size !== 1) yield found('starts', `${one.ids.join(' and ')} for one key`);
  const { ended, wanted, budget } = one;
  if (!ended) return yield found('ended', 'has not ended');
  if (!isAsWanted(one) && !isHandedOver(one))
    yield found(
      'ended',
      `${ended.outcome} ${ended.failureType ?? ''}, not ${wanted.outcome} ${wanted.failureType ?? ''}`,
    );
  const queue = wrongQueue(one);
  if (queue) yield found('queue', queue);
  for (const what of wrongEffects(one)) yield found('effects', what);
  if (budget.spentMicroUsd + budget.reservedMicroUsd > budget.capMicroUsd)
    yield found('cap', `${budget.spentMicroUsd} + ${budget.reservedMicroUsd} of ${budget.capMicroUsd}`);
  const spent = wrongSpent(one);
  if (spent) yield found('spent', spent);
  for (const what of wrongRecord(one)) yield found('recorded', what);
}

const isAsWanted = ({ ended, wanted }: CaseFacts): boolean =>
  ended?.outcome === wanted.outcome && ended.failureType === wanted.failureType;

/** It could not go on by itself, and its process, the clock, or somebody of operations has left it to people. */
export const isHandedOver = (one: CaseFacts): boolean => isPassedOn(one) || isGivenUp(one);

const isPassedOn = (one: CaseFacts): boolean =>
  !isAsWanted(one) && one.ended !== undefined && one.ended.outcome === one.wanted.orElse;

/** It failed by what can happen to any case, and not by what its own story is about. */
function isGivenUp(one: CaseFacts): boolean {
  const { outcome, failureType } = one.ended ?? {};
  if (outcome !== 'failed' || isAsWanted(one) || !isFailureType(failureType)) return false;
  return FAILURES[failureType].retry !== 'never' || failureType === 'DeadlineExceeded';
}

function wrongQueue({ ended, escalations }: CaseFacts): string | undefined {
  const names = escalations.map(({ failureType, queue }) => `${failureType} in ${queue}`).join(', ') || 'nothing';
  if (ended?.outcome !== 'failed') return escalations.length > 0 ? `${names}, though it did not fail` : undefined;
  const { failureType } = ended;
  const queue = isFailureType(failureType) ? FAILURES[failureType].queue : 'no queue';
  const [only] = escalations;
  const isRight = escalations.length === 1 && only?.failureType === failureType && only?.queue === queue;
  return isRight ? undefined : `${names}, not ${failureType} in ${queue}`;
}

function wrongEffects(one: CaseFacts): string[] {
  const wanted: Left = { ...NOTHING_LEFT, ...one.wanted.leaves, audit: 1 };
  // A case that was given up has done a part of it, has told people so, and may have paid back.
  const most: Left = isGivenUp(one) ? { ...wanted, escalation: 1, refund: 1 } : wanted;
  const least: Left = isGivenUp(one) ? NOTHING_LEFT : wanted;
  return (Object.keys(NOTHING_LEFT) as (keyof Left)[])
    .filter((effect) => one.left[effect] > most[effect] || one.left[effect] < least[effect])
    .map((effect) => `${one.left[effect]} × ${effect}, and ${least[effect]} to ${most[effect]} may be`);
}

function wrongSpent({ budget, booked: { calls, silent } }: CaseFacts): string | undefined {
  const sum = calls.reduce((total, { costMicroUsd }) => total + costMicroUsd, 0);
  const rest = budget.spentMicroUsd - sum;
  if (rest === 0 || (rest > 0 && silent)) return undefined;
  return `spent ${budget.spentMicroUsd}, and its calls add up to ${sum}`;
}

/** The audit is written in the last step, so it alone is not in it. */
function* wrongRecord({ begun, recorded, audited, logged }: CaseFacts): Generator<string> {
  const twice = (list: readonly string[]): string[] => list.filter((step, at) => list.indexOf(step) !== at);
  for (const step of [...twice(recorded), ...twice(audited)]) yield `${step} is recorded twice`;
  for (const step of begun) if (!recorded.includes(step)) yield `${step} was begun and is not recorded`;
  for (const step of recorded)
    if (!audited.includes(step) && !/^writeAudit/.test(step)) yield `${step} is not in the audit`;
  // A workflow task that is done twice may log a decision twice; a decision without a line would be lost.
  for (const step of recorded) if (!logged.includes(step)) yield `${step} is not in the log`;
}

const SETTLED: readonly ModelCall['outcome'][] = ['answered', 'invalid', 'refused'];

/** What the books and the providers' log say of each other. */
export interface Accounts {
  readonly settledCalls: number;
  readonly settledMicroUsd: number;
  /** Booked at the worst case, since nobody knows what became of them. */
  readonly unknownCalls: number;
  readonly unknownMicroUsd: number;
  /** In the providers' log, and in no history as an answer. */
  readonly lostAsks: number;
  readonly lostMicroUsd: number;
}

export function accountsOf(facts: Facts): Accounts & { readonly unmatched: readonly string[] } {
  const billed = new Map(
    facts.asks.flatMap((ask) => (ask.bill ? [[usageKey(ask.model, ask.bill), ask] as const] : [])),
  );
  const calls = [...facts.cases.flatMap(({ booked }) => booked.calls), ...facts.besides];
  const settled = calls.filter(({ outcome }) => SETTLED.includes(outcome));
  const unknown = calls.filter(({ outcome }) => outcome === 'unknown');
  const unmatched: string[] = [];
  for (const call of settled) {
    const key = usageKey(call.model, call);
    const ask = billed.get(key);
    billed.delete(key);
    if (!ask) unmatched.push(`${key} is in no log, or is booked twice`);
    else if (ask.bill?.costMicroUsd !== call.costMicroUsd)
      unmatched.push(`${key} costs ${ask.bill?.costMicroUsd}, and is booked at ${call.costMicroUsd}`);
  }
  const silentMicroUsd = facts.cases.reduce((sum, one) => sum + restOf(one), 0);
  return {
    settledCalls: settled.length,
    settledMicroUsd: sumOf(settled),
    unknownCalls: unknown.length,
    unknownMicroUsd: sumOf(unknown) + silentMicroUsd,
    lostAsks: billed.size,
    lostMicroUsd: [...billed.values()].reduce((sum, { bill }) => sum + (bill?.costMicroUsd ?? 0), 0),
    unmatched,
  };
}

const sumOf = (calls: readonly ModelCall[]): number => calls.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
const restOf = ({ budget, booked }: CaseFacts): number => budget.spentMicroUsd - sumOf(booked.calls);

function* ofMoney(facts: Facts): Generator<Violation> {
  const { unmatched, lostMicroUsd, unknownMicroUsd } = accountsOf(facts);
  for (const what of unmatched) yield { invariant: 'settled', what };
  if (lostMicroUsd > unknownMicroUsd)
    yield { invariant: 'lost', what: `${lostMicroUsd} were lost, and ${unknownMicroUsd} are booked as unknown` };
}

/** Cases that people had to see to beside those that their story sends there, and beside what policy leaves to people. */
export const inPeoplesHands = ({ cases }: Pick<Facts, 'cases'>): readonly CaseFacts[] =>
  cases.filter(
    (one) =>
      (isHandedOver(one) && !BY_POLICY.includes(one.ended?.failureType ?? '')) ||
      one.asked.some(({ foreseen, rule }) => !foreseen && !BY_POLICY.includes(rule)),
  );

function ofShare(facts: Facts): Violation[] {
  const most = Math.floor(facts.cases.length * MOST_SHARE);
  const found = inPeoplesHands(facts).length;
  if (facts.cases.length < ENOUGH_FOR_A_SHARE || found <= most) return [];
  return [{ invariant: 'share', what: `${found} of ${facts.cases.length}, and at most ${most} may be` }];
}
