import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { EXCERPT_BYTES, textWithin } from '../contracts/text.ts';
import { PLANS } from '../contracts/tools/accounts.ts';
import * as documents from '../contracts/tools/documents.ts';
import { defineAgent } from './define-agent.ts';
import { promise } from './promise.ts';
import { rehearseKit } from './rehearse/kit.ts';

/** Writes the welcome kit in the customer's language, as sections that a renderer turns into a document. */
export const writeWelcomeKit = defineAgent({
  name: 'writeWelcomeKit',
  purpose: 'Write the welcome kit of a new customer.',
  tier: 'code',
  stakes: 'normal',
  input: z.strictObject({
    accountId: z.string().min(1).max(64),
    customerName: z.string().min(1).max(200),
    plan: z.enum(PLANS),
    message: textWithin(EXCERPT_BYTES),
  }),
  shows: ['customerName', 'plan', 'message'],
  tool: documents.generateDocument,
  bound: {
    accountId: (input) => input.accountId,
    customerName: (input) => input.customerName,
  },
  forbids: ({ sections }, { plan }) => {
    const headings = sections.map(({ heading }) => heading.trim().toLowerCase());
    if (new Set(headings).size < headings.length) return 'two sections have the same heading';
    return promise(sections.map(({ heading, body }) => `${heading}\n${body}`).join('\n'), plan);
  },
  distrusts: (answer, call) => {
    if (answer.accountId === call.accountId) return;
    const details = { asked: { accountId: call.accountId }, got: { accountId: answer.accountId } };
    return fail('WrongSubject', 'The document was made for another account.', details);
  },
  rehearse: rehearseKit,
  bounds: { iterations: 3, maxInputBytes: 11_000, maxOutputTokens: 2000, timeout: '30s', patience: '60s' },
});
