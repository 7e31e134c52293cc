import { monthOf } from './months.ts';

/** A date as it stands in a text. */
export interface ReadDate {
  readonly iso: string;
  readonly start: number;
  readonly end: number;
  /** `open`: day and month could be the other way round, and nothing in the text settles it. */
  readonly order: 'certain' | 'open';
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly year: number;
  /** Day and month as they are, or two numbers in an order that is still to be found. */
  readonly parts:
    | { readonly day: number; readonly month: number }
    | { readonly first: number; readonly second: number };
}

const YEAR_FIRST = /(?<![\d.])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/gu;
const POINTS = /(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)/gu;
const SLASHES = /(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)/gu;
const DAY_WORD =
  /(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s+(?:of\s+|de\s+)?(\p{L}{3,})\.?(?:\s?\/\s?\p{L}+\.?)?,?\s+(?:de\s+|del\s+)?(\d{4})(?!\d)/giu;
const WORD_DAY = /(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)/giu;

/**
 * Every date of a text that exists in the calendar, in the order of the text. Where 04/05/1990 leaves the order open,
 * the other dates of the same text settle it if one of them can be read in one way only; else day comes first.
 */
export function readDates(text: string): ReadDate[] {
  const matches = [
    ...find(text, YEAR_FIRST, ([year, month, day]) => ({ year, parts: { day, month } })),
    ...find(text, POINTS, ([day, month, year]) => ({ year, parts: { day, month } })),
    ...find(text, SLASHES, ([first, second, year]) => ({ year, parts: { first, second } })),
    ...find(text, DAY_WORD, ([day, month, year]) => ({ year, parts: { day, month } })),
    ...find(text, WORD_DAY, ([month, day, year]) => ({ year, parts: { day, month } })),
  ];
  const order = orderOf(matches);
  return matches.flatMap((match) => settle(match, order)).toSorted((one, other) => one.start - other.start);
}

type Numbers = [number, number, number];

function find(text: string, pattern: RegExp, shape: (numbers: Numbers) => Pick<Match, 'year' | 'parts'>): Match[] {
  return [...text.matchAll(pattern)].map((match) => {
    const [first, second, third] = match.slice(1).map(toNumber);
    const start = match.index;
    return { start, end: start + match[0].length, ...shape([first ?? 0, second ?? 0, third ?? 0]) };
  });
}

const toNumber = (part: string): number => (/^\d+$/u.test(part) ? Number(part) : (monthOf(part) ?? 0));

function orderOf(matches: readonly Match[]): 'day-first' | 'month-first' | 'open' {
  const pairs = matches.flatMap(({ parts }) => ('first' in parts ? [parts] : []));
  const dayFirst = pairs.some(({ first }) => first > 12);
  const monthFirst = pairs.some(({ second }) => second > 12);
  if (dayFirst === monthFirst) return 'open';
  return dayFirst ? 'day-first' : 'month-first';
}

function settle({ start, end, year, parts }: Match, order: ReturnType<typeof orderOf>): ReadDate[] {
  const { day, month } = 'day' in parts ? parts : inOrder(parts, order);
  const iso = isoDate(year, month, day);
  if (!iso) return [];
  const open =
    'first' in parts && order === 'open' && parts.first !== parts.second && Math.max(parts.first, parts.second) <= 12;
  return [{ iso, start, end, order: open ? 'open' : 'certain' }];
}

function inOrder({ first, second }: { first: number; second: number }, order: ReturnType<typeof orderOf>) {
  const monthFirst = second > 12 || (first <= 12 && order === 'month-first');
  return monthFirst ? { day: second, month: first } : { day: first, month: second };
}

/** `YYYY-MM-DD`, or nothing where the calendar has no such day. */
export function isoDate(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real ? date.toISOString().slice(0, 10) : undefined;
}
