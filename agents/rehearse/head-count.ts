import { ALONE, SEAT_WORDS, STAFF_WORDS } from './account-cues.ts';
import { findCues, fold, hasCue } from './words.ts';

/** How many people a message speaks of. */
export interface HeadCount {
  /** Who will use the account. */
  readonly seats: number | undefined;
  /** Who works there, where that is said apart. */
  readonly staff: number | undefined;
  /** True where two numbers are given for the same. */
  readonly contradictory: boolean;
}

/** `1,200`, `1.200`, `1 200` and `1200`; not part of a date, a time or a sum of money. */
const NUMBER = /(?<![\d.:/€$£-])(\d{1,3}(?:[ .,]\d{3})+|\d{1,6})(?![\d:/%]|[.,]\d|-\d|\s?[€$£])/gu;
const REACH = 22;

/** Numbers that stand before a word for seats or people, within a few words. */
export function readHeadCount(text: string): HeadCount {
  const folded = fold(text);
  const cues = findCues(folded, { seat: SEAT_WORDS, staff: STAFF_WORDS });
  const counts = [...text.matchAll(NUMBER)].flatMap(({ 0: written, index }) => {
    const end = index + written.length;
    const cue = cues.find(
      ({ start }) => start >= end && start - end <= REACH && !/[.!?;\n]/u.test(text.slice(end, start)),
    );
    return cue ? [{ kind: cue.kind, count: Number(written.replace(/\D/gu, '')) }] : [];
  });
  const of = (kind: 'seat' | 'staff') => [
    ...new Set(counts.filter((one) => one.kind === kind).map((one) => one.count)),
  ];
  const [seats, staff] = [of('seat'), of('staff')];
  const alone = hasCue(folded, ALONE) ? 1 : undefined;
  return {
    seats: alone ?? (seats.length > 0 ? Math.max(...seats) : undefined),
    staff: staff.length > 0 ? Math.max(...staff) : undefined,
    contradictory:
      seats.length > 1 ||
      (seats.length === 0 && staff.length > 1) ||
      (alone !== undefined && seats.some((count) => count > 1)),
  };
}
