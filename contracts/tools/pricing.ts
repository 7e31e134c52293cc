import { z } from 'zod';
import { CurrencyCode } from '../orders.ts';
import { defineTool } from '../tool.ts';
import { MOST_LINES, MOST_UNITS } from './inventory.ts';

const Minor = z.int().min(0);

/** So many of a product now, and so many when they have come in. */
export const PlannedLine = z.strictObject({
  sku: z.string().min(1).max(40),
  now: z.int().min(0).max(MOST_UNITS),
  later: z.int().min(0).max(MOST_UNITS),
});
export type PlannedLine = z.output<typeof PlannedLine>;

export const DELIVERIES = ['standard', 'express'] as const;

/** Prices an order and pins the price for some minutes: until then an order is made at exactly this sum. */
export const quotePrice = defineTool({
  name: 'pricing.quote',
  purpose: 'Price an order with delivery and tax, and pin the price for some minutes.',
  kind: 'effect',
  input: z.strictObject({
    requestId: z.string().min(1).max(64),
    customerId: z.string().min(1).max(64),
    currency: CurrencyCode,
    country: z.string().regex(/^[A-Z]{2}$/),
    region: z.string().max(20).nullable(),
    lines: z.array(PlannedLine).min(1).max(MOST_LINES),
    minutes: z.int().min(1).max(1440),
    delivery: z.enum(DELIVERIES).describe('express only where the customer asks for it'),
    coupon: z.string().max(30).nullable().describe('a coupon code that the customer gives, as written; else null'),
  }),
  output: z.strictObject({
    requestId: z.string(),
    /** `no-price`: not sold in this currency. `no-tax`: not sold to this place. Both come without an offer. */
    state: z.enum(['quoted', 'no-price', 'no-tax']),
    offer: z
      .strictObject({
        quoteId: z.string().min(1).max(64),
        customerId: z.string(),
        currency: CurrencyCode,
        lines: z
          .array(z.strictObject({ sku: z.string(), quantity: z.int().positive(), unitMinor: Minor, lineMinor: Minor }))
          .max(MOST_LINES),
        coupon: z.enum(['none', 'applied', 'not-valid']),
        discountMinor: Minor,
        deliveryMinor: Minor,
        taxMinor: Minor,
        totalMinor: Minor,
        validUntil: z.iso.datetime(),
      })
      .nullable(),
  }),
  guarded: ['requestId', 'customerId', 'currency', 'country', 'region', 'lines'],
  personal: [],
  maxAnswerBytes: 32_000,
});
