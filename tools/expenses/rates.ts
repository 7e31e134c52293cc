import { type CurrencyCode, exponentOf } from '../../contracts/amounts.ts';
import { rejected } from '../trouble.ts';
import table from './rates.json' with { type: 'json' };

/** One row: from this day on, how many of each currency one euro buys, in millionths. */
interface Rates {
  readonly from: string;
  readonly perEuroMillionths: Readonly<Record<string, number>>;
}

/** A row older than this is no reference for a day. */
const DAYS_HELD = 31;
const DAY_MS = 86_400_000;

/** The newest row that is not younger than the day. Throws `Failed` ToolRejected where the table has none. */
function ratesOf(day: string, rows: readonly Rates[]): Rates {
  const row = rows.filter(({ from }) => from <= day).at(-1);
  if (!row || Date.parse(day) - Date.parse(row.from) > DAYS_HELD * DAY_MS)
    throw rejected('the table of rates does not cover the day', { day });
  return row;
}

/**
 * The sum in another currency at the reference rate of the day, rounded half up, in whole minor units on both sides.
 * @throws Failed ToolRejected for a day or a currency that the table lacks
 */
export function convert(
  minor: number,
  { from, to, day }: { readonly from: CurrencyCode; readonly to: CurrencyCode; readonly day: string },
  rows: readonly Rates[] = table.rows,
): { minor: number; ratesOf: string } {
  if (from === to) return { minor, ratesOf: day };
  const { perEuroMillionths, from: ratesFrom } = ratesOf(day, rows);
  const [give, take] = [perEuroMillionths[from], perEuroMillionths[to]];
  if (give === undefined || take === undefined) throw rejected('the table of rates lacks a currency', { from, to });
  const numerator = BigInt(minor) * BigInt(take) * 10n ** BigInt(exponentOf(to));
  const denominator = BigInt(give) * 10n ** BigInt(exponentOf(from));
  return { minor: Number((2n * numerator + denominator) / (2n * denominator)), ratesOf: ratesFrom };
}
