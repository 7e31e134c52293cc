/** The same two processes on bare Temporal: one activity a step, one after the other, and nothing else. */
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { BareAnswers, BareStep } from './bare-activities.ts';

const act = proxyActivities<{ [Name in keyof BareAnswers]: BareStep<Name> }>({
  startToCloseTimeout: '20s',
  scheduleToCloseTimeout: '1m',
});

const NO_DIGEST = '0'.repeat(64);

export async function bareOnboard(request: { requestId: string; message: string; document: string }): Promise<object> {
  const { requestId, message, document: documentText } = request;
  const { workflowId: caseId, startTime } = workflowInfo();
  const startedAt = startTime.toISOString();
  const { customer } = await act.lookUpCustomer({ requestId, message });
  if (!customer) throw new Error('The customer was not found.');
  const { customerId, name, email } = customer;
  const { checkId, match } = await act.verifyIdentity({ customerId, documentText, startedAt });
  if (match !== 'match') return { outcome: 'identity-refused' };
  const { accountId, plan, openSlots } = await act.createAccount({
    requestId,
    customerId,
    identityCheckId: checkId,
    displayName: name,
    message,
  });
  const { documentId } = await act.writeWelcomeKit({ accountId, customerName: name, plan, message });
  await act.sendWelcomeEmail({ to: email, customerName: name, documentId, plan, message });
  const meeting = await act.bookFollowUp({ accountId, attendee: email, offered: openSlots, message });
  await act.routeNotification({ accountId, plan, allowedChannels: ['account-team', 'sales'] });
  await act.writeAudit({ caseId, outcome: 'onboarded', decisionsDigest: NO_DIGEST, steps: [] });
  return { outcome: 'onboarded', accountId, meeting: meeting.startsAt };
}

export async function bareReport({ caseId }: { caseId: string }): Promise<object> {
  const report = {
    caseId,
    failureType: 'Terminated',
    step: 'unknown',
    allowedQueues: ['platform-ops'],
    leftBehind: ['whatever the run had done by then'],
  };
  await act.escalate(report);
  await act.writeAudit({
    caseId: workflowInfo().workflowId,
    outcome: 'reported',
    decisionsDigest: NO_DIGEST,
    steps: [],
  });
  return { outcome: 'reported' };
}
