import { z } from 'zod';
import { defineTool } from '../tool.ts';

/** More of one thing than this is no order but a mistake, or a contract. */
export const MOST_UNITS = 10_000;
export const MOST_LINES = 20;

const Sku = z.string().min(1).max(40);
const Units = z.int().min(1).max(MOST_UNITS);
const Line = z.strictObject({ sku: Sku, quantity: Units });

const Wanted = z.strictObject({
  item: z.string().min(1).max(120).describe('SKU or name of the product, as written'),
  quantity: z.number().describe('as written, also where it makes no sense'),
});

/** Finds the products that an order names, and how many of each can be promised now. */
export const checkInventory = defineTool({
  name: 'inventory.check',
  purpose: 'Look up the products that an order names, and how many are there.',
  kind: 'read',
  input: z.strictObject({
    requestId: z.string().min(1).max(64),
    lines: z.array(Wanted).min(1).max(MOST_LINES),
  }),
  output: z.strictObject({
    requestId: z.string(),
    lines: z
      .array(
        z.strictObject({
          item: z.string(),
          quantity: z.number(),
          state: z.enum(['in-stock', 'short', 'unknown', 'ambiguous', 'bad-quantity']),
          sku: Sku.nullable(),
          /** What this request may have of it: what is there and held for nobody else. */
          available: z.int().min(0),
          candidates: z.array(Sku).max(10),
        }),
      )
      .max(MOST_LINES),
  }),
  guarded: ['requestId'],
  personal: [],
  maxAnswerBytes: 32_000,
});

/** Holds all of the lines for a while, or none of them. A request has one reservation; a later call renews it. */
export const reserveInventory = defineTool({
  name: 'inventory.reserve',
  purpose: 'Hold stock for a request for some minutes.',
  kind: 'effect',
  input: z.strictObject({
    requestId: z.string().min(1).max(64),
    customerId: z.string().min(1).max(64),
    minutes: z.int().min(1).max(1440),
    lines: z.array(Line).min(1).max(MOST_LINES),
  }),
  output: z.strictObject({
    requestId: z.string(),
    /** `short`: somebody else was faster, and nothing is held. */
    state: z.enum(['held', 'short']),
    expiresAt: z.iso.datetime().nullable(),
    lines: z.array(z.strictObject({ sku: Sku, quantity: z.int(), available: z.int().min(0) })).max(MOST_LINES),
  }),
  guarded: ['requestId', 'customerId', 'lines'],
  personal: [],
  maxAnswerBytes: 16_000,
});

/** Undoes `inventory.reserve` of the same request, also when nobody knows whether it happened. */
export const releaseInventory = defineTool({
  name: 'inventory.release',
  purpose: 'Let go of what is held for a request, and hold nothing for it any more.',
  kind: 'effect',
  input: z.strictObject({ requestId: z.string().min(1).max(64), reason: z.string().min(1).max(200) }),
  output: z.strictObject({
    requestId: z.string(),
    /** `used`: an order has it, and only the order can give it back. `kept`: another run of the request holds it. */
    state: z.enum(['released', 'used', 'never-held', 'kept']),
  }),
  guarded: ['requestId'],
  personal: [],
  maxAnswerBytes: 16_000,
});
