import type { checkStock } from '../agents/index.ts';
import { showMinor } from '../contracts/amounts.ts';
import type { OrderPolicy } from '../contracts/order-policy.ts';
import type { ToolOutput } from '../contracts/tool.ts';
import { MOST_UNITS } from '../contracts/tools/inventory.ts';
import type { PlannedLine } from '../contracts/tools/pricing.ts';

type Checked = ToolOutput<typeof checkStock.tool>['lines'][number];

/** What the customer wants of one product, and how much of it there is. */
export interface Wanted {
  readonly sku: string;
  readonly quantity: number;
  readonly available: number;
}

/** What of it is sent now and what later; nothing of it is left undecided. */
export type Plan = readonly PlannedLine[];

/** Answers to too little stock. */
export type ShortageAnswer = 'split' | 'back-order' | 'drop';

/** Why an order cannot be taken as it was read, in words for the customer; nothing where it can. */
export function whyNot(lines: readonly Checked[]): string | undefined {
  const problems = lines.flatMap(({ item, quantity, state, candidates }) => {
    if (state === 'unknown') return [`“${item}” is no product of ours`];
    if (state === 'ambiguous') return [`“${item}” could be ${candidates.join(' or ')}`];
    if (state === 'bad-quantity') return [`${quantity} of “${item}” is no whole number from 1 to ${MOST_UNITS}`];
    return [];
  });
  const tooMany = wantedOf(lines).find(({ quantity }) => quantity > MOST_UNITS);
  if (tooMany) problems.push(`${tooMany.quantity} of ${tooMany.sku} are more than ${MOST_UNITS}`);
  return problems.length > 0 ? `${problems.join('; ')}.` : undefined;
}

/** Each product once, however often the order names it. */
export function wantedOf(lines: readonly Checked[]): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const { sku, quantity, available } of lines) {
    if (sku === null) continue;
    wanted.set(sku, { sku, quantity: quantity + (wanted.get(sku)?.quantity ?? 0), available });
  }
  return [...wanted.values()];
}

export const shortOf = (wanted: readonly Wanted[]): Wanted[] =>
  wanted.filter(({ quantity, available }) => quantity > available);

/** All of it now. */
export const allNow = (wanted: readonly Wanted[]): Plan =>
  wanted.map(({ sku, quantity }) => ({ sku, now: quantity, later: 0 }));

/**
 * What becomes of lines that are short: `split` sends what is there and the rest later, `back-order` sends the whole
 * line later, `drop` leaves the whole line out. Lines of which there is enough are sent now.
 */
export function planFor(wanted: readonly Wanted[], answer: ShortageAnswer): Plan {
  return wanted.flatMap(({ sku, quantity, available }): PlannedLine[] => {
    if (quantity <= available) return [{ sku, now: quantity, later: 0 }];
    if (answer === 'drop') return [];
    const now = answer === 'split' ? available : 0;
    return [{ sku, now, later: quantity - now }];
  });
}

/** Which answers lead to an order: with nothing there, there is nothing to split, and no order without its only line. */
export function withoutAnswers(wanted: readonly Wanted[]): ShortageAnswer[] {
  const without: ShortageAnswer[] = [];
  if (shortOf(wanted).every(({ available }) => available === 0)) without.push('split');
  if (shortOf(wanted).length === wanted.length) without.push('drop');
  return without;
}

/** Why a person has to say yes to this sum, in words; nothing where the desk may say yes by itself. */
export function whyGated(
  rules: Pick<OrderPolicy, 'highValueMinor'>,
  terms: { readonly creditLimitMinor: number; readonly openMinor: number },
  totalMinor: number,
  currency: string,
): string | undefined {
  const { creditLimitMinor, openMinor } = terms;
  const over = openMinor + totalMinor - creditLimitMinor;
  const reasons = [
    over > 0 ? `it passes the credit limit by ${showMinor(over, currency)}` : '',
    isHighValue(rules, totalMinor, currency) ? 'it is of high value' : '',
  ].filter(Boolean);
  return reasons.length > 0 ? reasons.join(' and ') : undefined;
}

/** In a currency that the policy does not list, every sum is. */
export const isHighValue = (
  { highValueMinor }: Pick<OrderPolicy, 'highValueMinor'>,
  minor: number,
  currency: string,
): boolean => minor >= (Object.hasOwn(highValueMinor, currency) ? (highValueMinor[currency] ?? 0) : 0);

/** The same wishes, with what there was when somebody tried to hold it. */
export const recounted = (
  wanted: readonly Wanted[],
  counted: readonly { readonly sku: string; readonly available: number }[],
): Wanted[] =>
  wanted.map((want) => ({
    ...want,
    available: counted.find(({ sku }) => sku === want.sku)?.available ?? want.available,
  }));
