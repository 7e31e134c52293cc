import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../../contracts/failures.ts';
import { Failed, fail } from '../../contracts/failures.ts';
import type { ModelReply } from '../../models/model.ts';
import { usage } from './scripted-models.ts';

/** An input that runs clean; each has a reference of its own, so that one case's effects are not another's. */
export const onboarding = (change: Record<string, unknown> = {}) => ({
  requestId: `R-${randomUUID().slice(0, 13)}`,
  requestedBy: 'dario',
  message:
    'Hello, I am Ana Novak (ana@north.example). I would like the business plan for our team of 12. A Tuesday afternoon suits me.',
  document: 'PASSPORT No. X1234567\nName: Ana Novak\nDate of birth: 4 May 1990',
  ...change,
});

/** What the registry answers about a customer, but for what a test changes. */
export const identityAnswer = (customerId: unknown, change: Record<string, unknown> = {}) => ({
  checkId: 'K-1',
  subjectId: customerId,
  checkedAt: new Date().toISOString(),
  origin: 'live',
  match: 'match',
  validUntil: '2099-01-01',
  ageYears: 34,
  ...change,
});

export const customerAnswer = (requestId: unknown, change: Record<string, unknown> = {}) => ({
  requestId,
  found: 'one',
  customer: {
    customerId: 'C-1',
    name: 'Ana Novak',
    company: null,
    email: 'ana@north.example',
    status: 'lead',
    ...change,
  },
  candidates: ['C-1'],
});

/** A tool's answer that is none. */
export const failed = (type: FailureType): Failed => new Failed(fail(type, 'a fault of the test'));

/** A model's answer of these arguments. */
export const says = (value: Record<string, unknown>, confidence = 0.95, billed = usage): ModelReply => ({
  kind: 'answered',
  value: { arguments: value, confidence, reasoning: 'as the test says' },
  usage: billed,
  ms: 1,
});

export const PLAN = { plan: 'business', segment: 'small-business' };

/** No JSON came back, and it was billed. */
export const garbage: ModelReply = { kind: 'invalid', why: 'The answer was no JSON.', usage, ms: 1 };

/** A provider that is down. */
export const down: ModelReply = { kind: 'failed', failure: fail('ModelUnavailable', 'down'), charge: 'free', ms: 1 };

/** The failure that a run ended with. */
export async function failureOf(handle: WorkflowHandle): Promise<ApplicationFailure> {
  const error: unknown = await handle.result().then(
    (result: unknown) => new Error(`the run ended with ${JSON.stringify(result)}`),
    (raised: unknown) => raised,
  );
  if (error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure) return error.cause;
  throw error;
}

/** `PENDING_ACTIVITY_STATE_CANCEL_REQUESTED` of the server's API. */
const CANCEL_REQUESTED = 3;

/** Whether the server has told the run's activity to stop; by then the worker may not know it yet. */
export async function cancelRequested(handle: WorkflowHandle): Promise<boolean> {
  const { pendingActivities } = (await handle.describe()).raw;
  return pendingActivities?.[0]?.state === CANCEL_REQUESTED;
}

/** Comes back as soon as `condition` holds; fails after five seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 250; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it never came to hold');
}
