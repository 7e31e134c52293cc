import { z } from 'zod';
import { defineTool } from '../tool.ts';

export const PLANS = ['starter', 'business', 'enterprise'] as const;

/** Opens the account, once for each request, and says when its owner can meet the customer. */
export const createAccount = defineTool({
  name: 'accounts.create',
  purpose: 'Open an account for a verified customer.',
  kind: 'effect',
  input: z.strictObject({
    requestId: z.string().min(1).max(64),
    customerId: z.string().min(1).max(64),
    identityCheckId: z.string().min(1).max(64),
    displayName: z.string().min(1).max(200),
    plan: z.enum(PLANS),
    segment: z.enum(['private', 'small-business', 'enterprise', 'public-sector']),
  }),
  output: z.strictObject({
    accountId: z.string().min(1).max(64),
    customerId: z.string(),
    plan: z.enum(PLANS),
    openSlots: z.array(z.iso.datetime()).min(1).max(10).describe('when the owner of the account can meet'),
  }),
  guarded: ['requestId', 'customerId', 'displayName'],
  personal: ['displayName'],
  maxAnswerBytes: 16_000,
});

/** Undoes `accounts.create` of the same request, also when nobody knows whether it happened. */
export const closeAccount = defineTool({
  name: 'accounts.close',
  purpose: 'Close the account that a request opened, and let the request open no other.',
  kind: 'effect',
  input: z.strictObject({ requestId: z.string().min(1).max(64), reason: z.string().min(1).max(200) }),
  output: z.strictObject({
    requestId: z.string(),
    accountId: z.string().nullable().describe('null where the request had opened none'),
    /** `kept`: another run of the request had opened it, and it stays. */
    state: z.enum(['closed', 'never-opened', 'kept']),
  }),
  guarded: ['requestId'],
  personal: [],
  maxAnswerBytes: 16_000,
});
