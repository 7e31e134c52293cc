import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { EXCERPT_BYTES, textWithin } from '../contracts/text.ts';
import type { ToolInput } from '../contracts/tool.ts';
import * as accounts from '../contracts/tools/accounts.ts';
import { defineAgent } from './define-agent.ts';
import { rehearseAccount } from './rehearse/account.ts';

type Call = ToolInput<typeof accounts.createAccount>;

/** The plans that make sense for each kind of customer. */
const PLANS_OF: Readonly<Record<Call['segment'], readonly Call['plan'][]>> = {
  private: ['starter', 'business'],
  'small-business': ['starter', 'business'],
  enterprise: ['business', 'enterprise'],
  'public-sector': ['starter', 'business', 'enterprise'],
};

/** Chooses plan and segment from what the customer wrote, and opens the account. */
export const createAccount = defineAgent({
  name: 'createAccount',
  purpose: 'Open the account with the plan that the customer asked for.',
  tier: 'reasoning',
  stakes: 'high',
  input: z.strictObject({
    requestId: z.string().min(1).max(64),
    customerId: z.string().min(1).max(64),
    identityCheckId: z.string().min(1).max(64),
    displayName: z.string().min(1).max(200),
    message: textWithin(EXCERPT_BYTES),
  }),
  shows: ['message'],
  tool: accounts.createAccount,
  bound: {
    requestId: (input) => input.requestId,
    customerId: (input) => input.customerId,
    identityCheckId: (input) => input.identityCheckId,
    displayName: (input) => input.displayName,
  },
  forbids: ({ plan, segment }) => {
    if (!PLANS_OF[segment].includes(plan)) return `the ${plan} plan is not sold to the segment ${segment}`;
  },
  distrusts: (answer, call) => {
    if (answer.customerId === call.customerId) return;
    const details = { asked: { subject: call.customerId }, got: { subject: answer.customerId } };
    return fail('WrongSubject', 'The account that was opened belongs to another customer.', details);
  },
  rehearse: ({ message }) => rehearseAccount(message),
  bounds: { iterations: 3, maxInputBytes: 10_000, maxOutputTokens: 300, timeout: '20s', patience: '40s' },
});
