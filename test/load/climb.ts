import { setTimeout as wait } from 'node:timers/promises';
import type { Arrivals } from './arrivals.ts';
import { failuresIn } from './far-side.ts';
import type { LoadHouse } from './house.ts';
import { isHeld, kneeOf, type Ladder, mostDone, percentile, rungs, type Step } from './knee.ts';
import { type UsageBetween, usageBetween, usageNow } from './roles.ts';
import { atWork, type Task, tasksOf, waitsIn } from './waits.ts';

export interface ClimbPlan {
  readonly ladder: Ladder;
  /** How long each step lasts at most, and how much of that it is given to settle: more than a case takes. Seconds. */
  readonly stepS: number;
  readonly settleS: number;
  /** How long the cases that are open at the end are waited for, seconds. */
  readonly patienceS: number;
}

/** A step with what the processes used while it lasted. */
export interface MeasuredStep extends Step {
  /** Cases that ended in it, of which the times are. */
  readonly cases: number;
  /** Cases that were open at its end. */
  readonly open: number;
  readonly usage: UsageBetween;
  /** Scheduled to started, the 99th of a hundred tasks, milliseconds. */
  readonly waitP99Ms: { readonly activity: number; readonly workflow: number };
  /** Share of the workers' slots that were taken, on average. */
  readonly slotsTaken: number;
}

/** What one number of workers can do. */
export interface Climb {
  readonly workers: number;
  readonly slots: number;
  readonly steps: readonly MeasuredStep[];
  readonly knee: MeasuredStep | undefined;
  /** Cases a second, the most that were done at a step. */
  readonly most: number;
  readonly cases: number;
  readonly modelCalls: number;
  /** Until no case was open any more when no more came, seconds. */
  readonly drainS: number;
  readonly failures: readonly string[];
}

/** A step before it is known how long tasks have waited, which histories tell once the load is gone. */
type Seen = Omit<MeasuredStep, 'waitP99Ms' | 'slotsTaken'> & { readonly from: number; readonly to: number };

/** An onboarding asks a model once in each of its steps. */
export const CALLS = 8;

/** Raises the load of these workers step by step until they do not hold it, lets them finish, and counts what is there. */
export async function climb(
  house: LoadHouse,
  arrivals: Arrivals,
  { ladder, stepS, settleS, patienceS }: ClimbPlan,
  say: (words: string) => void,
): Promise<Climb> {
  const { rig, slots } = house;
  const [askedBefore, casesBefore] = [rig.model.asks.length, arrivals.all.length];
  await arrivals.offer(ladder.from, settleS);
  const seen: Seen[] = [];
  for (const rate of rungs(ladder)) {
    const step = await oneStep(house, arrivals, rate, stepS, settleS);
    seen.push(step);
    say(`${house.workers()} × ${slots}: ${step.offered.toFixed(2)} cases/s offered, ${step.done.toFixed(2)} done`);
    if (!isHeld(step, seen[0] ?? step)) break;
  }
  const drainS = await arrivals.drain(patienceS);
  const ours = arrivals.all.slice(casesBefore);
  const steps = withWaits(seen, await tasksOf(rig.client, ours), slots * house.workers());
  return {
    workers: house.workers(),
    slots,
    steps,
    knee: kneeOf(steps),
    most: mostDone(steps),
    cases: ours.length,
    modelCalls: rig.model.asks.length - askedBefore,
    drainS,
    failures: failuresIn(ours, arrivals.all, await rig.counts()),
  };
}

/**
 * The end of a step is looked at, for as many whole gaps between two cases as fit. What is done is counted in model calls, at
 * the model: whole cases are too few for so short a time.
 */
async function oneStep(
  { rig }: LoadHouse,
  arrivals: Arrivals,
  rate: number,
  stepS: number,
  settleS: number,
): Promise<Seen> {
  const windowS = Math.max(1, Math.floor((stepS - settleS) * rate)) / rate;
  const offering = arrivals.offer(rate, settleS + windowS);
  await wait(settleS * 1000);
  const before = usageNow();
  await wait(windowS * 1000);
  const after = usageNow();
  const [from, to] = [before.at, after.at];
  const open = arrivals.open();
  await offering;
  const isInside = (at: number | undefined): boolean => at !== undefined && at >= from && at < to;
  const asked = rig.model.asks.filter(({ at }) => isInside(at)).length;
  const times = arrivals.all
    .filter(({ endedAt }) => isInside(endedAt))
    .map(({ begunAt, endedAt = Number.NaN }) => endedAt - begunAt);
  return {
    offered: rate,
    done: asked / CALLS / ((to - from) / 1000),
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    cases: times.length,
    open,
    usage: usageBetween(before, after),
    from,
    to,
  };
}

const withWaits = (seen: readonly Seen[], tasks: readonly Task[], slots: number): MeasuredStep[] =>
  seen.map(({ from, to, ...step }) => ({
    ...step,
    waitP99Ms: {
      activity: percentile(waitsIn(tasks, 'activity', from, to), 0.99),
      workflow: percentile(waitsIn(tasks, 'workflow', from, to), 0.99),
    },
    slotsTaken: atWork(tasks, from, to) / slots,
  }));
