import type { Need } from './grants.ts';
import type { Policy } from './policy.ts';

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

/** Where a policy lets more go without a person than the tools do, so that cases would end at their gate. In sentences. */
export function beyondLimits({ id, expenses, orders }: Pick<Policy, 'id' | 'expenses' | 'orders'>): string[] {
  const from: (readonly [tool: string, currency: string, minor: number])[] = [
    ...(expenses ? [['expenses.reimburse', expenses.currency, expenses.managerFromMinor] as const] : []),
    ...Object.entries(orders?.highValueMinor ?? {}).map(([name, minor]) => ['orders.create', name, minor] as const),
  ];
  return from.flatMap(([tool, currency, minor]) => {
    // The largest sum for which this policy asks nobody.
    if (!isBeyondLimit(tool, { sum: { minor: minor - 1, currency }, grants: [] })) return [];
    const limit = AUTOMATIC_LIMITS[tool]?.[currency] ?? 0;
    return [
      `The policy ${id} asks people from ${minor} ${currency} minor units on, and ${tool} does less than ${limit} without them.`,
    ];
  });
}
