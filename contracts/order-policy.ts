import { z } from 'zod';
import { Ladder } from './ladder.ts';

/** What the order desk may do by itself, and how long its promises hold. */
export const OrderPolicy = z.strictObject({
  /** How long stock is held for a request. */
  reservationMinutes: z.int().min(1).max(1440),
  /** How long a price holds. A yes that comes later is asked for again where the price has changed. */
  quoteMinutes: z.int().min(1).max(1440),
  /** How often stock and price are looked at anew before the desk gives up. */
  rounds: z.int().min(1).max(5),
  /** From this total on, in smallest units by currency, a person decides; in a currency that is not listed, always. */
  highValueMinor: z.record(z.string().regex(/^[A-Z]{3}$/), z.int().positive()),
  /** How long the customer is waited for. */
  customer: Ladder,
  /** Who decides where a sum is large, or passes the customer's credit. */
  money: Ladder,
});
export type OrderPolicy = z.output<typeof OrderPolicy>;
