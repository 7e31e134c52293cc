import { readWishes, type Wishes } from './slot-wishes.ts';

interface SlotInput {
  /** Instants in UTC. */
  readonly offered: readonly string[];
  readonly message: string;
}

const NOON = 12;
/** A date further away than this from a slot is no wish for a meeting, but a birthday or the founding of a company. */
const NEAR_MS = 120 * 24 * 3_600_000;

/** The earliest of the offered slots that fits most of what the customer wrote about time. */
export function rehearseSlot({ offered, message }: SlotInput) {
  const wishes = readWishes(message);
  const rated = offered.map((slot) => ({ slot, ...rate(slot, wishes) }));
  const byFit = rated.toSorted(
    (one, other) => other.score - one.score || Date.parse(one.slot) - Date.parse(other.slot),
  );
  const [best] = byFit;
  if (!best) return { arguments: {}, confidence: 0, reasoning: 'No slot is offered.' };
  return { arguments: { startsAt: best.slot }, ...judgement(best) };
}

interface Rating {
  readonly score: number;
  readonly asked: number;
  readonly met: number;
  readonly ruledOut: boolean;
}

function rate(slot: string, wishes: Wishes): Rating {
  const at = new Date(slot);
  const hour = at.getUTCHours();
  const day = slot.slice(0, 10);
  const dates = wishes.dates.filter(
    (date) => day.endsWith(date) || Math.abs(Date.parse(date) - at.getTime()) < NEAR_MS,
  );
  const fits = [
    dates.length > 0 ? dates.some((date) => day.endsWith(date)) && 4 : undefined,
    wishes.weekdays.length > 0 ? wishes.weekdays.includes(at.getUTCDay()) && 2 : undefined,
    wishes.part ? (wishes.part === 'morning') === hour < NOON && 1 : undefined,
    wishes.hours.length > 0 ? wishes.hours.includes(hour) && 1 : undefined,
  ].filter((fit) => fit !== undefined);
  const ruledOut = wishes.weekdaysNot.includes(at.getUTCDay());
  const score = fits.reduce<number>((sum, fit) => sum + Number(fit), ruledOut ? -10 : 0);
  return { score, asked: fits.length, met: fits.filter(Boolean).length, ruledOut };
}

function judgement({ asked, met, ruledOut }: Rating) {
  if (ruledOut) return { confidence: 0.4, reasoning: 'Every offered slot is on a day that was ruled out.' };
  if (asked === 0)
    return { confidence: 0.78, reasoning: 'Nothing was written about time, so the earliest slot it is.' };
  if (met === asked) return { confidence: 0.93, reasoning: 'The slot is what was asked for.' };
  if (met > 0) return { confidence: 0.72, reasoning: 'The slot meets a part of what was asked for.' };
  return { confidence: 0.5, reasoning: 'No offered slot is what was asked for.' };
}
