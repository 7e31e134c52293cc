import { z } from 'zod';
import { defineTool } from '../tool.ts';

export const CHANNELS = ['account-team', 'sales', 'operations', 'compliance'] as const;

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
