import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import * as accounts from '../contracts/tools/accounts.ts';
import { defineAgent } from './define-agent.ts';

/** Undoes createAccount. Nothing in it is a judgement, so no model is asked. */
export const closeAccount = defineAgent({
  name: 'closeAccount',
  purpose: 'Close the account of a case that could not be finished.',
  tier: 'none',
  stakes: 'normal',
  input: z.strictObject({ requestId: z.string().min(1).max(64), reason: z.string().min(1).max(200) }),
  shows: [],
  tool: accounts.closeAccount,
  bound: {
    requestId: (input) => input.requestId,
    reason: (input) => input.reason,
  },
  distrusts: (answer, call) => {
    if (answer.requestId === call.requestId) return;
    const details = { asked: { requestId: call.requestId }, got: { requestId: answer.requestId } };
    return fail('WrongSubject', 'The account that was closed belongs to another request.', details);
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '60s' },
});
