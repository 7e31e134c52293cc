import type { Need } from './grants.ts';

/**
 * What a tool does without a person, in minor units by currency: below, and not from, these sums. A policy may ask people
 * earlier, and never later. In a currency that is not here, and for a tool that is not here, a person is always needed.
 */
export const AUTOMATIC_LIMITS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'expenses.reimburse': { USD: 50_000 },
  'orders.create': { EUR: 500_000, GBP: 450_000, USD: 550_000 },
};

/** Whether this call of a tool has to rest on signed yeses. */
export function isBeyondLimit(tool: string, { sum }: Need): boolean {
  const limits = Object.hasOwn(AUTOMATIC_LIMITS, tool) ? AUTOMATIC_LIMITS[tool] : undefined;
  if (!sum || !limits || !Object.hasOwn(limits, sum.currency)) return true;
  const limit = limits[sum.currency];
  // What is no number is not below anything.
  return limit === undefined || !(sum.minor < limit);
}
