import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { ModelCall } from '../contracts/decision.ts';
import type { BookedCall, Signal } from '../contracts/signals.ts';
import { startedIn } from './trace-context.ts';

/** A way out of the sandbox that is no command: replay tells nothing twice, and history knows nothing of it. */
export interface SignalSinks extends Sinks {
  readonly signals: { tell(signal: Signal, traceparent?: string): void };
}

const { signals } = proxySinks<SignalSinks>();

/** Tells the worker what was decided, for its metrics and traces. */
export const tell = (signal: Signal): void => signals.tell(signal, startedIn());

/**
 * Which call has cost how much of what the budget booked. A bill above its reservation was booked up to that, and of an
 * attempt that left no list of calls all that was reserved.
 */
export function bookedCalls(
  spentMicroUsd: number,
  made: readonly ModelCall[] | undefined,
  reservedCalls: number,
): BookedCall[] {
  if (!made) return spread(spentMicroUsd, reservedCalls);
  let left = spentMicroUsd;
  return made.map(({ model, outcome, costMicroUsd, inputTokens, outputTokens, ms }) => {
    const bookedMicroUsd = Math.min(left, costMicroUsd);
    left -= bookedMicroUsd;
    return { model, outcome, inputTokens, outputTokens, ms, bookedMicroUsd };
  });
}

function spread(spentMicroUsd: number, calls: number): BookedCall[] {
  const lost = { model: 'unknown', outcome: 'unknown', inputTokens: 0, outputTokens: 0, ms: 0 } as const;
  return Array.from({ length: calls }, (_each, at) => ({
    ...lost,
    bookedMicroUsd: Math.floor((spentMicroUsd * (at + 1)) / calls) - Math.floor((spentMicroUsd * at) / calls),
  }));
}
