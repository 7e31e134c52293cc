import { z } from 'zod';
import { defineTool } from '../tool.ts';

/** Where teams read: those that stories tell of what was done, and one for each role that decides. */
export const CHANNELS = [
  'account-team',
  'sales',
  'operations',
  'compliance',
  'manager',
  'director',
  'support-lead',
  'sales-desk',
] as const;

/** Posts a message to a channel inside the house, as a signed webhook. */
export const postNotification = defineTool({
  name: 'notifications.post',
  purpose: 'Tell a team inside the house.',
  kind: 'effect',
  input: z.strictObject({
    subjectId: z.string().min(1).max(120).describe('the account or case that it is about'),
    allowedChannels: z.array(z.enum(CHANNELS)).min(1),
    channel: z.enum(CHANNELS).describe('one of the allowed channels'),
    message: z.string().min(1).max(1000),
  }),
  output: z.strictObject({ notificationId: z.string().min(1).max(120), channel: z.enum(CHANNELS) }),
  guarded: ['subjectId', 'allowedChannels'],
  outgoing: ['message'],
  personal: ['message'],
  maxAnswerBytes: 16_000,
});

/** Sends the house's own notice to people of the house. No agent has it: who is written to, and what, is code. */
export const mailNotification = defineTool({
  name: 'notifications.mail',
  purpose: 'Write to people of the house that something waits for them.',
  kind: 'effect',
  input: z.strictObject({
    subjectId: z.string().min(1).max(120).describe('the case that it is about'),
    recipients: z.array(z.email()).min(1).max(50),
    subject: z
      .string()
      .min(1)
      .max(150)
      .regex(/^[^\r\n]*$/),
    message: z.string().min(1).max(1000),
    link: z.url({ protocol: /^https?$/ }).max(3000),
  }),
  output: z.strictObject({
    messageId: z.string().min(1).max(250),
    acceptedAt: z.iso.datetime(),
    /** For how many of the recipients the server took it. */
    accepted: z.int().positive(),
  }),
  guarded: ['subjectId', 'recipients', 'link'],
  personal: ['recipients', 'subject', 'message'],
  maxAnswerBytes: 4_000,
});
