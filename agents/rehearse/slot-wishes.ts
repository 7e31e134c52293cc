import { isoDate, readDates } from './dates.ts';
import { monthOf } from './months.ts';
import { DAY_PARTS, NOT_AFTER, NOT_BEFORE, WEEKDAYS } from './slot-cues.ts';
import { composed, type Found, findCues, fold, hasCue } from './words.ts';

/** What a customer wrote about time. */
export interface Wishes {
  readonly weekdays: readonly number[];
  readonly weekdaysNot: readonly number[];
  readonly part: 'morning' | 'afternoon' | undefined;
  /** Hours of the day, 0 to 23. */
  readonly hours: readonly number[];
  /** `YYYY-MM-DD`, or `MM-DD` where the year was left out. */
  readonly dates: readonly string[];
}

const CLOCK = /(?<![\d.])(\d{1,2}):(\d{2})(?!\d)|(?<![\d.])(\d{1,2})\s?(am|pm|a\.m\.|p\.m\.|uhr|h)(?![\p{L}\d])/giu;
const DAY_MONTH =
  /(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?(\p{L}{3,})(?![\p{L}])(?!,?\s+(?:de\s+)?\d{4})/giu;
const MONTH_DAY = /(\p{L}{3,})\s+(\d{1,2})(?:st|nd|rd|th)?(?!\d|\p{L}|[.:]\d|,?\s+\d{4})/giu;

export function readWishes(message: string): Wishes {
  const text = composed(message);
  const folded = fold(text);
  const weekdays = findCues(folded, WEEKDAYS);
  const ruledOut = weekdays.filter((cue) => isRuledOut(folded, cue));
  return {
    weekdays: numbers(weekdays.filter((cue) => !ruledOut.includes(cue))),
    weekdaysNot: numbers(ruledOut),
    part: partOf(folded),
    hours: hoursOf(text),
    dates: [...readDates(text).map((date) => date.iso), ...yearless(text)],
  };
}

const numbers = (cues: readonly Found<string>[]): number[] => [...new Set(cues.map((cue) => Number(cue.kind)))];

function isRuledOut(folded: string, { start, end }: Found<string>): boolean {
  const before =
    folded
      .slice(0, start)
      .split(/[.!?;,\n]/u)
      .at(-1) ?? '';
  const after = folded.slice(end).split(/[.!?;,\n]/u)[0] ?? '';
  return hasCue(before.slice(-25), NOT_BEFORE) || hasCue(after.slice(0, 30), NOT_AFTER);
}

/** Both parts of the day, or none, are no wish. */
function partOf(folded: string): Wishes['part'] {
  const parts = [...new Set(findCues(folded, DAY_PARTS).map((cue) => cue.kind))];
  return parts.length === 1 ? parts[0] : undefined;
}

function hoursOf(text: string): number[] {
  return [...text.matchAll(CLOCK)].flatMap(([, clock, , worded, unit = '']) => {
    const hour = Number(clock ?? worded);
    const afternoon = /^p/iu.test(unit) && hour < 12;
    return hour < 24 ? [afternoon ? hour + 12 : hour] : [];
  });
}

function yearless(text: string): string[] {
  const pairs = [
    ...[...text.matchAll(DAY_MONTH)].map(([, day = '', month = '']) => [day, month] as const),
    ...[...text.matchAll(MONTH_DAY)].map(([, month = '', day = '']) => [day, month] as const),
  ];
  return pairs.flatMap(([day, month]) => isoDate(2024, monthOf(month) ?? 0, Number(day))?.slice(5) ?? []);
}
