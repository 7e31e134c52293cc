import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/workflow';
import type { Agent } from '../agents/define-agent.ts';
import { NOTHING_YET, withLostCalls } from '../contracts/checkpoint.ts';
import type { Checkpoint } from '../contracts/decision.ts';
import { type Failure, type FailureType, fail, isFailureType } from '../contracts/failures.ts';

/** A no of the business: the case ends with an outcome, and nothing is broken. */
export class BusinessEnd extends Error {
  readonly outcome: 'rejected' | 'over-budget' | 'declined';
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

/** A yes that the effect rests on does not hold any more: people are asked again, or the case fails with this. */
export class VoidedYes extends CaseFailure {}

/** How often people are asked again after their yes has lost its ground; then the case fails, or a person decides. */
export const MOST_VOIDED = 2;

/** How an agent's activity ended without a result, and what it had paid for until then. */
export type Broken = Cancelled | Failing;

interface Cancelled {
  readonly cancelled: true;
  readonly checkpoint: Checkpoint;
}

export interface Failing {
  readonly cancelled: false;
  readonly failure: Failure;
  /** Undefined where nobody knows: everything reserved then counts as spent. */
  readonly checkpoint: Checkpoint | undefined;
}

/**
 * Reads the failure and the checkpoint out of an activity's end, whichever of Temporal's ways it took.
 * Anything that is no activity's failure is a mistake of ours and is thrown on: the task fails and waits for a deploy.
 */
export function readBroken(error: unknown, worstCaseMicroUsd: number): Broken {
  // In a scope that is cancelled already an activity is not even scheduled.
  if (error instanceof CancelledFailure) return { cancelled: true, checkpoint: NOTHING_YET };
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) return ofApplication(cause);
  if (cause instanceof CancelledFailure) {
    const checkpoint = (cause.details?.[1] ?? undefined) as Checkpoint | undefined;
    return { cancelled: true, checkpoint: checkpoint ?? NOTHING_YET };
  }
  return ofTimeout(cause instanceof TimeoutFailure ? cause : undefined, error.activityType, worstCaseMicroUsd);
}

/** Out of time: what the last attempt that ended failed with says more than that. */
function ofTimeout(timeout: TimeoutFailure | undefined, agent: string, worstCaseMicroUsd: number): Failing {
  const last = timeout?.lastHeartbeatDetails as Checkpoint | undefined;
  const checkpoint = last && withLostCalls(last, last.attempt, worstCaseMicroUsd);
  const silence = checkpoint?.proposal
    ? fail('ToolUnavailable', 'The tool gave no answer within the time of the step.', { agent })
    : fail('ModelUnavailable', 'No model gave an answer within the time of the step.', { agent });
  return { failure: checkpoint?.failure ?? silence, cancelled: false, checkpoint };
}

/**
 * Failures of a call that changed nothing: the tool or the house said no to it, or nobody proposed one. What a reused
 * key names is another request's, and so nothing for this case to take back.
 */
const WITHOUT_EFFECT: readonly FailureType[] = [
  'ProposalRefused',
  'SealBroken',
  'ToolRejected',
  'ToolMissing',
  'NoModelLeft',
  'KeyReused',
];

/**
 * Whether an activity that ended so may have changed the world. Without a proposal there was nothing to act on, and who
 * is cancelled in the first attempt was so before act, since act cannot be cancelled. An agent without a model acts at
 * once, and keeps no proposal.
 */
export function mayHaveActed(broken: Broken, tier: Agent['tier']): boolean {
  const { checkpoint } = broken;
  if (!checkpoint) return true;
  if (!checkpoint.proposal && tier !== 'none') return false;
  return broken.cancelled ? checkpoint.attempt > 1 : !WITHOUT_EFFECT.includes(broken.failure.type);
}

function ofApplication(cause: ApplicationFailure): Failing {
  const [failure, checkpoint] = (cause.details ?? []) as [Failure | undefined, Checkpoint | undefined];
  if (failure && isFailureType(cause.type)) return { failure, cancelled: false, checkpoint };
  return {
    failure: fail('InternalError', 'An activity failed in a way that nobody foresaw.', { error: cause.type }),
    cancelled: false,
    checkpoint,
  };
}
