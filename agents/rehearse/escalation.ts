import { type EscalationQueue, FAILURES, isFailureType } from '../../contracts/failures.ts';

interface EscalationInput {
  readonly failureType: string;
  readonly step: string;
  readonly allowedQueues: readonly EscalationQueue[];
  readonly leftBehind: readonly string[];
}

/** Failures in which somebody may have seen or got what was not theirs, or in which nobody knows what was done. */
const GRAVE = ['StaleData', 'WrongSubject', 'EffectUnknown', 'KeyReused', 'SealBroken'];

/** The failure's own queue where it is allowed, else the first that is; also the template when no model answers. */
export function rehearseEscalation({ failureType, step, allowedQueues, leftBehind }: EscalationInput) {
  const own = isFailureType(failureType) ? FAILURES[failureType].queue : undefined;
  const queue = allowedQueues.find((allowed) => allowed === own) ?? allowedQueues[0] ?? 'platform-ops';
  const grave = GRAVE.includes(failureType) || leftBehind.length > 0;
  const left = leftBehind.length > 0 ? `Left behind: ${leftBehind.join(', ')}.` : 'Nothing was left behind.';
  return {
    arguments: {
      queue,
      severity: grave ? ('high' as const) : ('normal' as const),
      summary: `The case ended with ${failureType} at ${step}. ${left}`.slice(0, 500),
    },
    confidence: own === queue ? 0.95 : 0.75,
    reasoning:
      own === queue
        ? 'The queue is the one that this failure belongs to.'
        : 'The failure has no allowed queue of its own.',
  };
}
