import { z } from 'zod';

const Currency = z.string().regex(/^[A-Z]{3}$/);
const Id = z.string().min(1).max(64);
const Units = z.int().min(0).max(10_000);

const Product = z.strictObject({
  sku: z.string().min(1).max(40),
  name: z.string().min(1).max(120),
  onHand: Units,
  prices: z.record(Currency, z.int().min(0)),
});

const Terms = z.strictObject({
  customerId: Id,
  status: z.enum(['lead', 'active', 'closed']),
  currency: Currency,
  creditLimitMinor: z.int().min(0),
  openMinor: z.int().min(0),
  addresses: z.array(
    z.strictObject({
      addressId: z.string().min(1).max(40),
      country: z.string().regex(/^[A-Z]{2}$/),
      region: z.string().max(20).nullable(),
      lines: z.string().min(1).max(300),
    }),
  ),
});

const Order = z.strictObject({
  requestId: Id,
  orderId: Id,
  customerId: Id,
  state: z.enum(['created', 'back-ordered', 'shipped']),
  totalMinor: z.int().min(0),
  currency: Currency,
  shipTo: z.string().min(1).max(40),
  lines: z.array(z.strictObject({ sku: z.string().min(1).max(40), now: Units, later: Units })),
});

/** What a shop begins with: its products and prices, who may order on which terms, and orders of earlier days. */
export const Shop = z.strictObject({
  products: z.array(Product).default([]),
  coupons: z
    .array(
      z.strictObject({
        code: z.string().min(3).max(30),
        basisPoints: z.int().min(1).max(10_000),
        customerId: Id.nullable(),
      }),
    )
    .default([]),
  terms: z.array(Terms).default([]),
  orders: z.array(Order).default([]),
});
export type Shop = z.output<typeof Shop>;
