import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { notifyStakeholders } from '../../contracts/tools/approvals.ts';
import { plainKey } from '../keys.ts';
import { deliverSigned, type WebhookSettings } from '../notifications/adapter.ts';
import type { ToolContext } from '../offer.ts';
import type { Paper } from './papers.ts';

/** Tells all stakeholders in one signed delivery, so that it never reaches some of them alone. */
export async function tellStakeholders(
  webhook: WebhookSettings,
  paper: Pick<Paper, 'docId'>,
  recipients: readonly string[],
  { message }: ToolInput<typeof notifyStakeholders>,
  { key, now, signal }: ToolContext,
): Promise<ToolOutput<typeof notifyStakeholders>> {
  const notificationId = plainKey(key);
  const data = { subjectId: paper.docId, channel: 'documents', recipients, message };
  await deliverSigned(webhook, 'documents.notify_stakeholders', notificationId, data, { now, signal });
  return { doc_id: paper.docId, notificationId, recipients: recipients.length, state: 'sent' };
}
