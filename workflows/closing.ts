import {
  ApplicationFailure,
  allHandlersFinished,
  CancelledFailure,
  condition,
  workflowInfo,
} from '@temporalio/workflow';
import { escalate, writeAudit } from '../agents/index.ts';
import { digestOf } from '../contracts/digest.ts';
import { FAILURES, type Failure } from '../contracts/failures.ts';
import { auditLines } from './audited.ts';
import type { Case } from './case.ts';
import { type BusinessEnd, CaseFailure } from './endings.ts';
import { tenantOfRun } from './ownership.ts';
import { tell } from './signals.ts';

/** How the story of a case ended. */
export type Ending<R> =
  | { readonly kind: 'told'; readonly value: R }
  | { readonly kind: 'stopped'; readonly outcome: Stopped['outcome']; readonly why: string }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly step: string }
  | { readonly kind: 'cancelled' };

/** The result of a case that people or the budget stopped. */
export interface Stopped {
  readonly outcome: BusinessEnd['outcome'];
  readonly why: string;
  /** Effects that stay in the world: they could not be taken back. */
  readonly leftBehind: readonly string[];
}

/** Of so many at most the audit's summary tells; its decisions are all kept. */
const MOST_STEPS = 40;

/** The agents that run when everything else has ended, however it ended. */
export const WAY_OUT = [escalate, writeAudit] as const;

/**
 * Closes a case: takes back what it did, tells people where something failed, writes the audit, ends the run.
 * Runs where a cancellation cannot reach it, and finishes with every provider dead and no budget left.
 */
export async function closeCase<R extends { readonly outcome: string }>(
  host: Case,
  ending: Ending<R>,
): Promise<R | Stopped> {
  const leftBehind = ending.kind === 'told' ? [] : await host.saga.compensate();
  if (ending.kind === 'failed') await tellPeople(host, ending.failure, ending.step, leftBehind);
  const outcome = outcomeOf(ending);
  await audit(host, outcome);
  host.end(outcome, leftBehind);
  tellEnd(host, outcome, leftBehind.length);
  await condition(allHandlersFinished);
  if (ending.kind === 'told') return ending.value;
  if (ending.kind === 'stopped') return { outcome: ending.outcome, why: ending.why, leftBehind };
  if (ending.kind === 'cancelled') throw new CancelledFailure('The case was cancelled.');
  throw asRunFailure(ending.failure, ending.step, leftBehind);
}

/** The failure that the run ends with; its type is the one that docs/failures.md explains. */
export const asRunFailure = (failure: Failure, step: string, leftBehind: readonly string[] = []): ApplicationFailure =>
  ApplicationFailure.create({
    type: failure.type,
    message: failure.message,
    nonRetryable: true,
    details: [{ ...failure.details, step, leftBehind }],
  });

function tellEnd({ facts: { process, startedAt }, budget }: Case, outcome: string, leftBehind: number): void {
  const ms = Date.now() - Date.parse(startedAt);
  tell({ kind: 'case-ended', process, outcome, ms, costMicroUsd: budget.state.spentMicroUsd, leftBehind });
}

function outcomeOf<R extends { readonly outcome: string }>(ending: Ending<R>): string {
  if (ending.kind === 'told') return ending.value.outcome;
  return ending.kind === 'stopped' ? ending.outcome : ending.kind;
}

async function tellPeople(host: Case, failure: Failure, step: string, leftBehind: string[]): Promise<void> {
  const allowedQueues = [FAILURES[failure.type].queue];
  const { caseId } = host.facts;
  await orLeaveBehind(leftBehind, 'no escalation could be opened', () =>
    host.step(
      escalate,
      { caseId, failureType: failure.type, step, allowedQueues, leftBehind },
      { leaves: 'an escalation', reference: runReference() },
    ),
  );
}

async function audit(host: Case, outcome: string): Promise<void> {
  const { caseId, startedAt } = host.facts;
  const decisionsDigest = digestOf(host.decisions);
  const steps = host.decisions.slice(-MOST_STEPS).map(({ step, outcome: end }) => ({ step, outcome: end }));
  const decisions = auditLines(host.decisions, host.requests.closed, startedAt);
  await orLeaveBehind([], 'no audit could be written', () =>
    host.step(
      writeAudit,
      { caseId, outcome, decisionsDigest, steps, decisions, ...tenantOfRun() },
      { leaves: 'an audit entry', reference: runReference() },
    ),
  );
}

/** The end of a run is that run's own: a case that is run again reports again. */
const runReference = (): string => `${workflowInfo().workflowId}:${workflowInfo().runId}`;

/** A person has let a report go: the case still comes to its end, and its decisions say that it was not made. */
async function orLeaveBehind(leftBehind: string[], words: string, report: () => Promise<unknown>): Promise<void> {
  try {
    await report();
  } catch (error) {
    if (!(error instanceof CaseFailure)) throw error;
    leftBehind.push(words);
  }
}
