import { z } from 'zod';
import { defineTool } from '../tool.ts';

/** Sends one e-mail with one stored document attached. */
export const sendEmail = defineTool({
  name: 'email.send',
  purpose: 'Send an e-mail to a customer.',
  kind: 'effect',
  input: z.strictObject({
    to: z.email(),
    documentId: z.string().min(1).max(80).describe('attached, from the document store'),
    subject: z
      .string()
      .min(1)
      .max(150)
      .regex(/^[^\r\n]*$/),
    body: z.string().min(1).max(4000),
  }),
  output: z.strictObject({ messageId: z.string().min(1).max(250), acceptedAt: z.iso.datetime() }),
  guarded: ['to', 'documentId'],
  outgoing: ['subject', 'body'],
  personal: ['to', 'subject', 'body'],
  maxAnswerBytes: 16_000,
});
