import type { PLANS } from '../../contracts/tools/accounts.ts';
import type { CHANNELS } from '../../contracts/tools/notifications.ts';

type Channel = (typeof CHANNELS)[number];

interface NotificationInput {
  readonly accountId: string;
  readonly plan: (typeof PLANS)[number];
  readonly allowedChannels: readonly Channel[];
}

/** Large accounts have a team of their own; sales looks after the others. */
export function rehearseNotification({ accountId, plan, allowedChannels }: NotificationInput) {
  const wished: Channel = plan === 'enterprise' ? 'account-team' : 'sales';
  const channel = allowedChannels.includes(wished) ? wished : (allowedChannels[0] ?? wished);
  return {
    arguments: {
      channel,
      message: `Account ${accountId} is open on the ${plan} plan. The welcome kit is out and a first meeting is booked.`,
    },
    confidence: channel === wished ? 0.95 : 0.65,
    reasoning:
      channel === wished
        ? `${wished} looks after ${plan} accounts.`
        : `${wished} is not allowed, so the first allowed channel hears of it.`,
  };
}
