import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { PLANS } from '../contracts/tools/accounts.ts';
import { CHANNELS, postNotification } from '../contracts/tools/notifications.ts';
import { defineAgent } from './define-agent.ts';
import { rehearseNotification } from './rehearse/notification.ts';

/** Chooses which team inside the house hears of a new account. */
export const routeNotification = defineAgent({
  name: 'routeNotification',
  purpose: 'Tell the right team about a new account.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    accountId: z.string().min(1).max(64),
    plan: z.enum(PLANS),
    allowedChannels: z.array(z.enum(CHANNELS)).min(1).max(CHANNELS.length),
  }),
  shows: ['accountId', 'plan', 'allowedChannels'],
  tool: postNotification,
  bound: {
    subjectId: (input) => input.accountId,
    allowedChannels: (input) => input.allowedChannels,
  },
  forbids: ({ allowedChannels, channel }) => {
    if (!allowedChannels.includes(channel)) return `the channel ${channel} is none of the allowed ones`;
  },
  distrusts: (answer, call) => {
    if (call.allowedChannels.includes(answer.channel)) return;
    const details = { asked: { allowedChannels: call.allowedChannels }, got: { channel: answer.channel } };
    return fail('WrongSubject', 'The notification went to a channel that was not allowed.', details);
  },
  rehearse: rehearseNotification,
  bounds: { iterations: 3, maxInputBytes: 5_000, maxOutputTokens: 300, timeout: '20s', patience: '40s' },
});
