import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/workflow';
import { NOTHING_YET, withLostCalls } from '../contracts/checkpoint.ts';
import type { Checkpoint } from '../contracts/decision.ts';
import { type Failure, fail, isFailureType } from '../contracts/failures.ts';

/** A no of the business: the case ends with an outcome, and nothing is broken. */
export class BusinessEnd extends Error {
  readonly outcome: 'rejected' | 'over-budget';
  readonly why: string;
  /** True where it was silence that said no. */
  readonly unanswered: boolean;

  constructor(outcome: BusinessEnd['outcome'], why: string, unanswered = false) {
    super(why);
    this.outcome = outcome;
    this.why = why;
    this.unanswered = unanswered;
  }

  static unanswered(why: string): BusinessEnd {
    return new BusinessEnd('rejected', why, true);
  }
}

/** Something is broken, and nobody could or would mend it: the case fails with this failure at this step. */
export class CaseFailure extends Error {
  readonly failure: Failure;
  readonly step: string;

  constructor(failure: Failure, step: string) {
    super(failure.message);
    this.failure = failure;
    this.step = step;
  }
}

/** How an agent's activity ended without a result, and what it had paid for until then. */
export interface Broken {
  readonly failure: Failure;
  readonly cancelled: boolean;
  /** Undefined where nobody knows: everything reserved then counts as spent. */
  readonly checkpoint: Checkpoint | undefined;
}

/**
 * Reads the failure and the checkpoint out of an activity's end, whichever of Temporal's ways it took.
 * Anything that is no activity's failure is a mistake of ours and is thrown on: the task fails and waits for a deploy.
 */
export function readBroken(error: unknown, worstCaseMicroUsd: number): Broken {
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) return ofApplication(cause);
  if (cause instanceof CancelledFailure) {
    const checkpoint = (cause.details?.[1] ?? undefined) as Checkpoint | undefined;
    return { failure: fail('Aborted', 'The step was cancelled.'), cancelled: true, checkpoint: checkpoint ?? NOTHING_YET };
  }
  const last = cause instanceof TimeoutFailure ? (cause.lastHeartbeatDetails as Checkpoint | undefined) : undefined;
  const checkpoint = last && withLostCalls(last, last.attempt, worstCaseMicroUsd);
  const failure = checkpoint?.proposal
    ? fail('ToolUnavailable', 'The tool gave no answer within the time of the step.', { activity: error.activityType })
    : fail('ModelUnavailable', 'No model gave an answer within the time of the step.', { activity: error.activityType });
  return { failure, cancelled: false, checkpoint };
}

function ofApplication(cause: ApplicationFailure): Broken {
  const [failure, checkpoint] = (cause.details ?? []) as [Failure | undefined, Checkpoint | undefined];
  if (failure && isFailureType(cause.type)) return { failure, cancelled: false, checkpoint };
  return { failure: fail('InternalError', 'An activity failed in a way that nobody foresaw.', { error: cause.type }), cancelled: false, checkpoint };
}
