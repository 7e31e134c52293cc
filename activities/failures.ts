import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import type { Checkpoint } from '../contracts/decision.ts';
import { FAILURES, Failed, fail } from '../contracts/failures.ts';

/**
 * A failure at an activity's door, in Temporal's own kind. Its type is the failure's, and its details are the failure
 * and the checkpoint: what was paid for must reach the workflow however the attempt ends.
 * Whoever is cancelled stays cancelled; an error that is not of the table is a bug of ours, and Temporal retries it
 * under a text of its own, since nobody knows what an unknown error's message holds.
 */
export function asApplicationFailure(error: unknown, checkpoint?: Checkpoint): Error {
  if (error instanceof CancelledFailure) return new CancelledFailure(error.message, [undefined, checkpoint]);
  const { failure, retryAfterMs } = asFailed(error);
  return ApplicationFailure.create({
    type: failure.type,
    message: failure.message,
    details: [failure, checkpoint],
    nonRetryable: FAILURES[failure.type].retry !== 'temporal',
    ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
  });
}

/** The failure itself, or what an error that nobody foresaw is called. */
export const asFailed = (error: unknown): Failed =>
  error instanceof Failed
    ? error
    : new Failed(
        fail('InternalError', 'An activity failed in a way that nobody foresaw.', {
          error: error instanceof Error ? error.name : typeof error,
        }),
      );

/** Lets a Node function fail in Temporal's words. */
export const atTheDoor =
  <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
  async (...args: A): Promise<R> => {
    try {
      return await run(...args);
    } catch (error) {
      throw asApplicationFailure(error);
    }
  };

/** Same text for the same cause, so that nothing of an unknown error's message leaks into history. */
export const resultTooLarge = (bytes: number, limit: number): Failed =>
  new Failed(fail('ResultTooLarge', `A result of ${bytes} bytes is more than history may hold.`, { bytes, limit }));
