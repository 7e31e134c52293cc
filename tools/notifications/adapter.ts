import { Webhook } from 'standardwebhooks';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { postNotification } from '../../contracts/tools/notifications.ts';
import { plainKey } from '../keys.ts';
import type { ToolContext } from '../offer.ts';
import { rejected } from '../trouble.ts';
import { tell } from '../web-adapter.ts';

export interface WebhookSettings {
  readonly url: string;
  readonly secret: string;
  readonly timeoutMs: number;
}

/** Posts a signed webhook. Its id is the key, by which the receiver knows a second delivery of the same. */
export async function postWebhook(
  webhook: WebhookSettings,
  { subjectId, allowedChannels, channel, message }: ToolInput<typeof postNotification>,
  { key, now, signal }: ToolContext,
): Promise<ToolOutput<typeof postNotification>> {
  if (!allowedChannels.includes(channel)) throw rejected('the channel is none of the allowed ones', { channel });
  const notificationId = plainKey(key);
  const data = { subjectId, channel, message };
  await deliverSigned(webhook, 'notifications.post', notificationId, data, { now, signal });
  return { notificationId, channel };
}

/** One delivery, in the form of standard webhooks. */
export async function deliverSigned(
  { url, secret, timeoutMs }: WebhookSettings,
  system: string,
  notificationId: string,
  data: Readonly<Record<string, unknown>>,
  { now, signal }: Pick<ToolContext, 'now' | 'signal'>,
): Promise<void> {
  const sentAt = new Date(now());
  const body = JSON.stringify({ type: 'notification', timestamp: sentAt.toISOString(), data });
  const headers = {
    'webhook-id': notificationId,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(notificationId, sentAt, body),
  };
  await tell({ system, method: 'POST', url, headers, body, timeoutMs, maxBytes: 0, signal });
}
