import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import * as expenses from '../contracts/tools/expenses.ts';
import { defineAgent } from './define-agent.ts';

/** Takes a report off file that will not be paid: refused, or undone. Nothing in it is a judgement. */
export const withdrawClaim = defineAgent({
  name: 'withdrawClaim',
  purpose: 'Take a report that is not paid off file.',
  tier: 'none',
  stakes: 'normal',
  input: z.strictObject({ requestId: z.string().min(1).max(64), reason: z.string().min(1).max(200) }),
  shows: [],
  tool: expenses.withdrawExpenses,
  bound: {
    requestId: (input) => input.requestId,
    reason: (input) => input.reason,
  },
  distrusts: (answer, call) => {
    if (answer.requestId === call.requestId) return;
    const details = { asked: { requestId: call.requestId }, got: { requestId: answer.requestId } };
    return fail('WrongSubject', 'The report that was withdrawn is another one.', details);
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '60s' },
});
