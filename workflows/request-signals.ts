import { workflowInfo } from '@temporalio/workflow';
import type { Move } from '../contracts/decision.ts';
import type { Pending } from './request.ts';
import { tell } from './signals.ts';

/** What the metrics hear of a request: its kind, who decides it and how far it climbed, and no id or name. */

export const tellOpened = (pending: Pending): void => tell({ kind: 'request-opened', ...asked(pending) });

export const tellMoved = (pending: Pending, move: Move | 'edit' | 'one-yes' | 'next-rung'): void =>
  tell({ kind: 'request-moved', ...asked(pending), move });

/** Tells which path the approval took. */
export function tellClosed(pending: Pending): void {
  const { reply, askedAt, question } = pending;
  const answered = reply && 'by' in reply ? reply : undefined;
  tell({
    kind: 'request-closed',
    ...asked(pending),
    step: question.step,
    verdict: reply?.verdict ?? 'unanswered',
    via: answered?.via ?? 'none',
    identity: answered?.identity ?? 'none',
    askedAt,
    ms: Date.now() - Date.parse(askedAt),
  });
}

const asked = ({ question: { kind, about }, rungs, rung }: Pending) => ({
  process: workflowInfo().workflowType,
  request: kind,
  tier: about.tier,
  role: rungs[rung]?.role ?? 'operations',
  rung: rung + 1,
});
