import { log, workflowInfo } from '@temporalio/workflow';
import { notify, roster } from './activities.ts';
import { convene } from './asking-activities.ts';
import type { Pending } from './request.ts';

/**
 * Finds out who may answer now, and tells them. Of old, one activity found them and another told them; cases that began
 * like that go on like that.
 */
export async function convenePeople(pending: Pending, checked: boolean, what: string): Promise<void> {
  const { party, named, ladder, personally } = pending.question;
  const roles = ladder.map(({ role }) => role);
  if (!checked) {
    pending.people = (party ? [party] : named) ?? (await roster({ roles }));
    return;
  }
  const names = named?.map(({ person }) => person);
  const convened = await convene({ asked: { roles, named: names, personally }, notice: noticeOf(pending, what) });
  pending.people = party ? [party] : convened.people;
  pending.signed = convened.signed;
}

/** A notice that nobody gets is written down and no more: the request stands all the same. */
export function tell(pending: Pending, checked: boolean, what: string): void {
  const notice = noticeOf(pending, what);
  const told = checked ? convene({ asked: { roles: [] }, notice }) : notify(notice);
  told.catch((error: unknown) => {
    const { approval, role } = notice;
    log.warn('a notice could not be sent', { approval, role, error: error instanceof Error ? error.name : 'unknown' });
  });
}

function noticeOf({ approval, question, rungs, rung }: Pending, what: string) {
  const { workflowId, runId } = workflowInfo();
  const { kind, asks } = question;
  const role = rungs[rung]?.role ?? 'operations';
  const message = `${kind} ${approval} of case ${workflowId} ${what}: ${asks}`.slice(0, 1000);
  return { key: `${runId}:${approval}:${rung}:${what}`, caseId: workflowId, approval, role, message };
}
