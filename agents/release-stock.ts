import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import * as inventory from '../contracts/tools/inventory.ts';
import { defineAgent } from './define-agent.ts';

/** Undoes reserveStock. */
export const releaseStock = defineAgent({
  name: 'releaseStock',
  purpose: 'Let go of the stock of a request that comes to no order.',
  tier: 'none',
  stakes: 'normal',
  input: z.strictObject({ requestId: z.string().min(1).max(64), reason: z.string().min(1).max(200) }),
  shows: [],
  tool: inventory.releaseInventory,
  bound: {
    requestId: (input) => input.requestId,
    reason: (input) => input.reason,
  },
  distrusts: (answer, call) => {
    if (answer.requestId === call.requestId) return;
    const details = { asked: { requestId: call.requestId }, got: { requestId: answer.requestId } };
    return fail('WrongSubject', 'The stock that was let go is another request’s.', details);
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '60s' },
});
