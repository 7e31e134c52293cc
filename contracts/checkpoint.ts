import type { Checkpoint, ModelCall } from './decision.ts';

/** More than this is no checkpoint but a document. */
export const MAX_CHECKPOINT_BYTES = 64 * 1024;

export const NOTHING_YET: Checkpoint = { attempt: 0, ended: true, calls: [] };

/** Every call but those that were certainly not charged. */
export const paidCalls = (calls: readonly ModelCall[]): readonly ModelCall[] =>
  calls.filter((call) => call.outcome !== 'free');

/**
 * The checkpoint with the calls of attempts that died without a word. One that had no proposal yet may have called a
 * model and lost its answer; whether it did, nobody knows, so it counts as called and charged at its worst case.
 * @param attemptsBegun how many attempts there were, the dead ones included
 * @param worstCaseMicroUsd of one call; 0 is an agent that asks no model, and can have lost none
 * @param allowance calls that the attempts may pay for together: one that began beyond it has asked nobody
 */
export function withLostCalls(
  known: Checkpoint,
  attemptsBegun: number,
  worstCaseMicroUsd: number,
  allowance = Number.POSITIVE_INFINITY,
): Checkpoint {
  if (known.proposal || worstCaseMicroUsd === 0) return known;
  const silent = attemptsBegun - known.attempt + (known.ended ? 0 : 1);
  const lost: ModelCall = {
    model: 'unknown',
    simulated: false,
    outcome: 'unknown',
    costMicroUsd: worstCaseMicroUsd,
    inputTokens: 0,
    outputTokens: 0,
    ms: 0,
  };
  const most = allowance - paidCalls(known.calls).length;
  const length = Math.max(0, Math.min(silent, most));
  return { ...known, calls: [...known.calls, ...Array.from({ length }, () => lost)] };
}
