import { z } from 'zod';

const Reference = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$/, '3 to 64 letters, digits, dots, dashes or underscores');
const OrderId = z.string().min(1).max(64);

/** ISO 4217, as in `EUR`. */
export const CurrencyCode = z.string().regex(/^[A-Z]{3}$/, 'three capital letters, as in EUR');

const WhoAsks = {
  /** The caller's own reference: one request makes at most one order, however often it is started. */
  requestId: Reference,
  /** Who sent it in, as the directory names people, or the shop itself. */
  requestedBy: z.string().min(1).max(100),
  /** The customer who is signed in. What is read, priced, ordered or cancelled is theirs, whatever a message says. */
  customerId: z.string().regex(/^[a-z][a-z0-9._-]{1,59}$/),
  /** Lowers the policy's cap for this run; it never raises it. */
  capMicroUsd: z.int().positive().optional(),
};

/** What starts `placeOrder`. */
export const OrderRequest = z.strictObject({
  ...WhoAsks,
  message: z.string().min(1).max(20_000),
  /** One of the customer's addresses on record; their first one where it is left out. */
  shipTo: z.string().min(1).max(40).optional(),
  /** What the customer wants to pay in; their account's own where it is left out. */
  currency: CurrencyCode.optional(),
  /** An order of this customer that the new one takes the place of, in the same instant. */
  replaces: OrderId.optional(),
});
export type OrderRequest = z.output<typeof OrderRequest>;

/** What starts `cancelOrder`. */
export const CancelOrderRequest = z.strictObject({ ...WhoAsks, orderId: OrderId });
export type CancelOrderRequest = z.output<typeof CancelOrderRequest>;

/** How the story of an order ends, beside `declined`, which takes everything back. */
export interface Ordered {
  readonly outcome: 'created' | 'back-ordered';
  readonly orderId: string;
  /** In the currency's smallest unit. */
  readonly totalMinor: number;
  readonly currency: string;
  /** What the order that this one replaces had cost. */
  readonly refundedMinor?: number;
}

export interface OrderCancelled {
  readonly outcome: 'cancelled';
  readonly orderId: string;
  readonly refundedMinor: number;
  readonly currency: string;
}
