import { z } from 'zod';
import { CurrencyCode } from '../orders.ts';
import { defineTool } from '../tool.ts';

const OrderId = z.string().min(1).max(64);

/** Makes the order that a quote prices and a reservation holds, once for each request. */
export const createOrder = defineTool({
  name: 'orders.create',
  purpose: 'Make an order out of a quote and a reservation.',
  kind: 'effect',
  input: z.strictObject({
    requestId: z.string().min(1).max(64),
    customerId: z.string().min(1).max(64),
    quoteId: z.string().min(1).max(64),
    totalMinor: z.int().min(0),
    currency: CurrencyCode,
    shipTo: z.string().min(1).max(40).describe('one of the customer’s addresses'),
    replaces: OrderId.nullable(),
    deliveryNote: z.string().max(200).describe('what the customer asks of the carrier; empty where nothing'),
  }),
  output: z.strictObject({
    requestId: z.string(),
    customerId: z.string(),
    /** The last three made no order. */
    state: z.enum(['created', 'back-ordered', 'quote-expired', 'reservation-expired', 'not-replaceable']),
    orderId: OrderId.nullable(),
    totalMinor: z.int().min(0),
    currency: CurrencyCode,
    /** For the order that this one replaces. */
    refundedMinor: z.int().min(0),
  }),
  guarded: ['requestId', 'customerId', 'quoteId', 'totalMinor', 'currency', 'shipTo', 'replaces'],
  outgoing: ['deliveryNote'],
  personal: ['deliveryNote'],
  needs: ({ requestId, customerId, totalMinor, currency }) => ({
    sum: { minor: totalMinor, currency },
    roles: ['manager', 'director'],
    grants: [{ tool: 'orders.create', args: { requestId, customerId, totalMinor, currency } }],
  }),
  maxAnswerBytes: 16_000,
});

/** Takes an order back, with its stock and its money. Once: a second call finds it cancelled and pays nothing. */
export const cancelOrder = defineTool({
  name: 'orders.cancel',
  purpose: 'Cancel an order of a customer and refund it.',
  kind: 'effect',
  input: z.strictObject({
    customerId: z.string().min(1).max(64),
    order: z.string().min(1).max(64).describe('the order’s id, or the request that made it'),
    /** Where the request made no order, it never will: for undoing a step that nobody knows the end of. */
    forGood: z.boolean(),
    reason: z.string().min(1).max(200),
  }),
  output: z.strictObject({
    order: z.string(),
    /** `not-found` is also what is said about an order of somebody else. `kept`: another run of the request made it. */
    state: z.enum(['cancelled', 'shipped', 'not-found', 'never-made', 'kept']),
    orderId: OrderId.nullable(),
    refundedMinor: z.int().min(0),
    currency: CurrencyCode.nullable(),
  }),
  guarded: ['customerId', 'order', 'forGood'],
  personal: [],
  maxAnswerBytes: 16_000,
});
