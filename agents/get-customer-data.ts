import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import * as crm from '../contracts/tools/customer-data.ts';
import { defineAgent } from './define-agent.ts';
import { isFresh } from './freshness.ts';

/** Reads the record of the customer who is signed in. Whose it is is no judgement, so no model is asked. */
export const getCustomerData = defineAgent({
  name: 'getCustomerData',
  purpose: 'Read on which terms the customer trades with us.',
  tier: 'none',
  stakes: 'normal',
  input: z.strictObject({ customerId: z.string().min(1).max(64) }),
  shows: [],
  tool: crm.getCustomerData,
  bound: { customer_id: (input) => input.customerId },
  distrusts: (answer, call, heard) => {
    const asked = { subject: call.customer_id, notBefore: heard.startedAt };
    const got = { subject: answer.customer_id, readAt: answer.readAt };
    if (!isFresh(answer.readAt, heard))
      return fail('StaleData', 'The customer record that came back was not read for this case.', { asked, got });
    if (answer.customer_id !== call.customer_id)
      return fail('WrongSubject', 'The customer record that came back is another customer’s.', { asked, got });
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '30s' },
});
