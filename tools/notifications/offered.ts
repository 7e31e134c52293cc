import { mailNotification, postNotification } from '../../contracts/tools/notifications.ts';
import type { Mail } from '../email/adapter.ts';
import { type OfferParts, offer } from '../offer.ts';
import { postWebhook, type WebhookSettings } from './adapter.ts';

/** The two ways in which people of the house are told, ready to be called. */
export function offerNotifications(parts: OfferParts, webhook: WebhookSettings, mail: Mail, leaseMs: number) {
  const { notice: act, readBackNotice: readBack } = mail;
  return {
    'notifications.post': offer(
      postNotification,
      { kind: 'outside', leaseMs, repeatable: true, act: (call, context) => postWebhook(webhook, call, context) },
      parts,
    ),
    // A mail server takes the same message twice: after a lost answer the mailbox is asked, where it is ours.
    'notifications.mail': offer(
      mailNotification,
      { kind: 'outside', leaseMs, repeatable: false, act, readBack },
      parts,
    ),
  };
}
