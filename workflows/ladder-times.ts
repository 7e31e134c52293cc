import { condition, sleep } from '@temporalio/workflow';
import type { BusinessClock } from '../contracts/business-clock.ts';
import type { Ladder } from '../contracts/policy.ts';
import { afterMinutes, minutesBetween } from './business-hours.ts';
import type { Pending, Setting } from './request.ts';

const MINUTES = 60;

/** Customers have no office hours. */
const clockOf = (role: string, calendar: BusinessClock | undefined): BusinessClock | undefined =>
  role === 'customer' ? undefined : calendar;

/** When each rung ends, milliseconds since 1970, if the one before it runs to its end. */
export function rungsOf(ladder: Ladder, from: number, calendar: BusinessClock | undefined): Pending['rungs'] {
  let at = from;
  return ladder.map(({ role, hours, needed = 1 }) => {
    at = afterMinutes(at, hours * MINUTES, clockOf(role, calendar));
    return { role, until: at, needed };
  });
}

/** Rungs after this one begin now, as they do when somebody escalates. */
export function shiftFrom(pending: Pending, rung: number, calendar: BusinessClock | undefined): void {
  const later = rungsOf(pending.question.ladder.slice(rung), Date.now(), calendar);
  for (const [index, { until }] of later.entries()) {
    const own = pending.rungs[rung + index];
    if (own) own.until = until;
  }
}

/** The instant at half of what is left of the rung. */
export function halfWay({ rungs, rung }: Pending, calendar: BusinessClock | undefined): number {
  const { role, until } = rungs[rung] ?? { role: 'operations', until: 0 };
  const clock = clockOf(role, calendar);
  const left = minutesBetween(Date.now(), until, clock);
  return afterMinutes(Date.now(), left / 2, clock);
}

/**
 * Waits until somebody has answered or escalated, or the instant has come. A question to the requester stops the
 * clock, for as long as the rung has hours at the most: a requester who stays silent cannot keep a request open.
 */
export async function waitUntil(
  pending: Pending,
  instant: () => number,
  setting: WaitSetting,
): Promise<'decided' | 'escalated' | 'due'> {
  const summary = () => `${pending.approval} waits for ${pending.rungs[pending.rung]?.role}`;
  for (;;) {
    const ms = Math.max(1, instant() - Date.now());
    const isWoken = () => pending.reply !== undefined || pending.escalated || pending.held !== undefined;
    const woken = await isSoWithin(pending, isWoken, { ms, summary: summary(), steady: setting.steady });
    if (pending.reply) return 'decided';
    if (pending.escalated) return 'escalated';
    if (!woken) return 'due';
    await hold(pending, setting);
  }
}

type WaitSetting = Pick<Setting, 'calendar' | 'steady'>;

async function hold(pending: Pending, { calendar, steady }: WaitSetting): Promise<void> {
  const began = Date.now();
  const { role, hours } = pending.question.ladder[pending.rung] ?? { role: 'operations', hours: 1 };
  const clock = clockOf(role, calendar);
  const ms = afterMinutes(began, hours * MINUTES, clock) - began;
  const isOver = () => pending.held === undefined || pending.reply !== undefined || pending.escalated;
  const over = await isSoWithin(pending, isOver, { ms, summary: `${pending.approval} waits for who asked`, steady });
  if (!over) pending.held = undefined;
  const moved = (instant: number) => afterMinutes(Date.now(), minutesBetween(began, instant, clock), clock);
  for (const own of pending.rungs.slice(pending.rung)) own.until = moved(own.until);
  pending.remindAt = moved(pending.remindAt);
}

/**
 * Whether it came to be so in time. An answer is checked by a local activity, and of its end a replay hears earlier than
 * the run did: before a timer where the run heard after it. So a timer that runs out while an answer is checked waits for
 * what comes of it, and one that is not needed any more is not called off: either way the case does the same.
 */
async function isSoWithin(
  pending: Pending,
  isSo: () => boolean,
  { ms, summary, steady }: { readonly ms: number; readonly summary: string; readonly steady: boolean },
): Promise<boolean> {
  if (!steady) return condition(isSo, ms, { summary });
  let isOver = false;
  sleep(ms, { summary }).then(
    () => {
      isOver = true;
    },
    // Cancelled with the case, which whoever waits here hears by themselves.
    () => undefined,
  );
  await condition(() => isSo() || (isOver && pending.checking === 0));
  return isSo();
}
