import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import * as crm from '../contracts/tools/crm.ts';
import { defineAgent } from './define-agent.ts';
import { rehearseSearch } from './rehearse/search.ts';

/** Reads from a messy request who is writing, and finds their record. */
export const lookUpCustomer = defineAgent({
  name: 'lookUpCustomer',
  purpose: 'Find the customer record of the person who writes.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({ requestId: z.string().min(1).max(64), message: z.string().min(1).max(20_000) }),
  shows: ['message'],
  tool: crm.lookupCustomer,
  bound: { requestId: (input) => input.requestId },
  distrusts: (answer, call) => {
    const details = { asked: { requestId: call.requestId }, got: { requestId: answer.requestId, found: answer.found } };
    if (answer.requestId !== call.requestId)
      return fail('WrongSubject', 'Customer lookup answered about another request.', details);
    if ((answer.found === 'one') !== (answer.customer !== null))
      return fail('BadAnswer', 'Customer lookup says one thing and answers another.', details);
  },
  rehearse: ({ message }) => rehearseSearch(message),
  bounds: { iterations: 3, maxInputBytes: 66_000, maxOutputTokens: 400, timeout: '20s', patience: '30s' },
});
