import type { DELIVERIES } from '../../contracts/tools/pricing.ts';

type Delivery = (typeof DELIVERIES)[number];

/** What a delivery costs, and from which value of goods on the standard one is free; smallest units. */
const CHARGES: Readonly<Record<string, Readonly<Record<Delivery | 'freeFrom', number>>>> = {
  CHF: { standard: 900, express: 2_400, freeFrom: 15_000 },
  EUR: { standard: 690, express: 1_990, freeFrom: 10_000 },
  GBP: { standard: 590, express: 1_690, freeFrom: 9_000 },
  PLN: { standard: 1_990, express: 5_900, freeFrom: 40_000 },
  USD: { standard: 790, express: 2_190, freeFrom: 10_000 },
};

/** Nothing where we don't sell in this currency. */
export function chargeFor(delivery: Delivery, currency: string, goodsMinor: number): number | undefined {
  const charges = CHARGES[currency];
  if (!charges) return undefined;
  return delivery === 'standard' && goodsMinor >= charges.freeFrom ? 0 : charges[delivery];
}
