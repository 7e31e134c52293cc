import { z } from 'zod';
import { EXCERPT_BYTES, textWithin } from '../contracts/text.ts';
import { PLANS } from '../contracts/tools/accounts.ts';
import * as email from '../contracts/tools/email.ts';
import { defineAgent } from './define-agent.ts';
import { promise } from './promise.ts';
import { rehearseEmail } from './rehearse/email.ts';

/** Writes the welcome e-mail; whom it goes to and what it carries is not its choice. */
export const sendWelcomeEmail = defineAgent({
  name: 'sendWelcomeEmail',
  purpose: 'Welcome the customer by e-mail, with the kit attached.',
  tier: 'code',
  stakes: 'normal',
  input: z.strictObject({
    to: z.email(),
    customerName: z.string().min(1).max(200),
    documentId: z.string().min(1).max(80),
    plan: z.enum(PLANS),
    message: textWithin(EXCERPT_BYTES),
  }),
  shows: ['customerName', 'plan', 'message'],
  tool: email.sendEmail,
  bound: {
    to: (input) => input.to,
    documentId: (input) => input.documentId,
  },
  forbids: ({ subject, body }, { plan }) => promise(`${subject}\n${body}`, plan),
  rehearse: rehearseEmail,
  bounds: { iterations: 3, maxInputBytes: 10_000, maxOutputTokens: 1000, timeout: '30s', patience: '60s' },
});
