import { z } from 'zod';

/**
 * What models cost, in millionths of a US dollar. Always an integer, so that a budget of many small calls adds up
 * exactly: 500_000 is 0.50 USD.
 */
export const MicroUsd = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
export type MicroUsd = z.output<typeof MicroUsd>;

/** `500000` → `$0.50`, `4120` → `$0.00412`: cents at least, and no digit of a small sum lost. */
export function showUsd(amount: MicroUsd): string {
  const [dollars, fraction = ''] = (amount / 1_000_000).toFixed(6).split('.');
  return `$${dollars}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}
