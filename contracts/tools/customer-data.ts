import { z } from 'zod';
import { CurrencyCode } from '../orders.ts';
import { defineTool } from '../tool.ts';

const Address = z.strictObject({
  addressId: z.string().min(1).max(40),
  country: z.string().regex(/^[A-Z]{2}$/),
  /** State or province, where tax depends on it. */
  region: z.string().max(20).nullable(),
  lines: z.string().min(1).max(300),
});

/** What one customer's record says. Asked twice in one run it says the same; see the step's `reference`. */
export const getCustomerData = defineTool({
  name: 'crm.get_customer_data',
  purpose: 'Read the terms on which a customer trades with us, and their addresses.',
  kind: 'read',
  input: z.strictObject({ customer_id: z.string().min(1).max(64) }),
  output: z.strictObject({
    customer_id: z.string(),
    /** When the record was read where it is kept; a copy says when it was made. */
    readAt: z.iso.datetime(),
    /** Null where nobody of this id trades with us. */
    terms: z
      .strictObject({
        status: z.enum(['lead', 'active', 'closed']),
        currency: CurrencyCode,
        creditLimitMinor: z.int().min(0),
        /** What they owe us already. */
        openMinor: z.int().min(0),
        addresses: z.array(Address).max(20),
      })
      .nullable(),
  }),
  guarded: ['customer_id'],
  personal: ['terms'],
  maxAnswerBytes: 32_000,
});
