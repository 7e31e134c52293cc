import { defaultPayloadConverter, type WorkflowHandle } from '@temporalio/client';
import { z } from 'zod';
import type { ModelCall } from '../../contracts/decision.ts';
import type { Booked } from './facts.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type Event = NonNullable<History['events']>[number];
type Payloads =
  | { readonly payloads?: Parameters<typeof defaultPayloadConverter.fromPayload>[0][] | null }
  | null
  | undefined;

/** What an agent is given. What checks an answer knows the step as well, and has no bounds. */
const Order = z.object({ step: z.string(), pin: z.object({}) });
const Calls = z.object({
  calls: z.array(
    z.object({
      model: z.string(),
      simulated: z.boolean(),
      outcome: z.enum(['answered', 'invalid', 'refused', 'unknown', 'free']),
      costMicroUsd: z.int(),
      inputTokens: z.int(),
      outputTokens: z.int(),
      ms: z.number(),
    }),
  ),
});

/** What a history says of steps and of money, whoever worked on it. */
export function readHistory({ events }: History): { readonly begun: readonly string[]; readonly booked: Booked } {
  const all = events ?? [];
  const begun = new Set<string>();
  const calls: ModelCall[] = [];
  let silent = false;
  for (const event of all) {
    const order = Order.safeParse(valueAt(event.activityTaskScheduledEventAttributes?.input, 0));
    if (order.success) begun.add(order.data.step);
    const end = endOf(event);
    if (!end) continue;
    const known = Calls.safeParse(end.checkpoint);
    if (known.success) calls.push(...known.data.calls);
    silent ||= end.silent;
  }
  return { begun: [...begun], booked: { calls, silent } };
}

/** What an activity knew of its calls when it ended, in whichever of Temporal's ways. */
function endOf(event: Event): { readonly checkpoint: unknown; readonly silent: boolean } | undefined {
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed) return { checkpoint: valueAt(completed.result, 0), silent: false };
  const failed = event.activityTaskFailedEventAttributes;
  if (failed) return { checkpoint: valueAt(failed.failure?.applicationFailureInfo?.details, 1), silent: false };
  const cancelled = event.activityTaskCanceledEventAttributes;
  if (cancelled) return { checkpoint: valueAt(cancelled.details, 1), silent: false };
  const timedOut = event.activityTaskTimedOutEventAttributes;
  if (!timedOut) return undefined;
  return { checkpoint: valueAt(timedOut.failure?.timeoutFailureInfo?.lastHeartbeatDetails, 0), silent: true };
}

function valueAt(list: Payloads, place: number): unknown {
  const payload = list?.payloads?.[place];
  return payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
}
