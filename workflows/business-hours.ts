import type { BusinessClock } from '../contracts/business-clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** No policy has a wait that takes longer than this. */
const MOST_DAYS = 5000;

/** Pure, in milliseconds since 1970; without a clock every minute counts. All hours are UTC. */

/** The instant at which so many minutes of business have passed since `from`. */
export function afterMinutes(from: number, minutes: number, clock?: BusinessClock): number {
  if (!clock) return from + minutes * MINUTE_MS;
  let left = minutes * MINUTE_MS;
  let last = from;
  for (const { opens, closes } of openings(from, clock)) {
    const begins = Math.max(opens, from);
    if (left <= closes - begins) return begins + left;
    left -= closes - begins;
    last = closes;
  }
  return last;
}

/** How many minutes of business lie between two instants; none where the second is not later. */
export function minutesBetween(from: number, to: number, clock?: BusinessClock): number {
  if (to <= from) return 0;
  if (!clock) return (to - from) / MINUTE_MS;
  let passed = 0;
  for (const { opens, closes } of openings(from, clock)) {
    if (opens >= to) break;
    passed += Math.min(closes, to) - Math.max(opens, from);
  }
  return passed / MINUTE_MS;
}

/** The openings that end after `from`, in order. */
function* openings(from: number, { days, fromHour, toHour, holidays }: BusinessClock) {
  const first = Math.floor(from / DAY_MS) * DAY_MS;
  for (let day = first; day < first + MOST_DAYS * DAY_MS; day += DAY_MS) {
    const date = new Date(day);
    if (!days.includes(date.getUTCDay()) || holidays.includes(date.toISOString().slice(0, 10))) continue;
    const closes = day + toHour * HOUR_MS;
    if (closes > from) yield { opens: day + fromHour * HOUR_MS, closes };
  }
}
