import { type Client, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import type { CaseRun } from './index.ts';

/** How a case ended: with the outcome that it returned, or with a failure. */
export interface CaseEnd {
  readonly outcome: string;
  readonly failureType?: string;
  readonly message?: string;
  /** All that it returned, where it did. */
  readonly value?: unknown;
}

/**
 * Waits for the end of a run.
 * @param over aborted when nobody waits any more; then it throws
 */
export function endOfCase(client: Client, { workflowId, runId }: CaseRun, over?: AbortSignal): Promise<CaseEnd> {
  const end = () => client.workflow.getHandle(workflowId, runId).result().then(endOf, endOfFailed);
  return over ? client.withAbortSignal(over, end) : end();
}

function endOf(result: unknown): CaseEnd {
  const told = typeof result === 'object' && result !== null && 'outcome' in result ? result.outcome : undefined;
  return { outcome: typeof told === 'string' ? told : 'ended', ...(result === undefined ? {} : { value: result }) };
}

function endOfFailed(error: unknown): CaseEnd {
  if (!(error instanceof WorkflowFailedError)) throw error;
  const { cause } = error;
  if (cause instanceof CancelledFailure) return { outcome: 'cancelled' };
  if (cause instanceof TerminatedFailure) return { outcome: 'terminated' };
  const failureType = cause instanceof ApplicationFailure ? (cause.type ?? 'unknown') : (cause?.name ?? 'unknown');
  return { outcome: 'failed', failureType, message: cause?.message ?? error.message };
}
