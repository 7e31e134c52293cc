import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { agentSpan } from '../telemetry/gen-ai.ts';
import { type Place, readTraceparent, stepSpanId, traceIdOfRun, traceparentOf } from '../telemetry/trace-ids.ts';
import type { Tracer } from '../telemetry/tracer.ts';

/** As Temporal's own interceptors name it, in every language. */
const HEADER = '_tracer-data';

/** Starts cases inside a trace: what the caller does, and all that the case does after it. */
export const tracedStarts = (tracer: Tracer): WorkflowClientInterceptor => ({
  startWithDetails: (input, next) =>
    tracer.within(`start ${input.workflowType}`, { kind: 'client' }, ({ place }) =>
      next(place ? { ...input, headers: { ...input.headers, ...headerOf(place) } } : input),
    ),
});

/** Runs each agent's activity as a span under its step's. */
export const tracedActivities =
  (tracer: Tracer): ActivityInterceptorsFactory =>
  ({ info }) => ({
    inbound: {
      execute: (input, next) => {
        const { workflowExecution, workflowType = '', activityType, attempt } = info;
        if (!workflowExecution || !isAgentOrder(input.args[0])) return next(input);
        const { workflowId, runId } = workflowExecution;
        const traceId = traceIdOfRun(runId, placeIn(input.headers));
        const under = { traceId, spanId: stepSpanId(runId, input.args[0].step) };
        const attributes = { ...agentSpan(activityType, workflowType, workflowId), 'governor.attempt': attempt };
        return tracer.within(`invoke_agent ${activityType}`, { under, attributes }, () => next(input));
      },
    },
  });

const isAgentOrder = (order: unknown): order is { readonly step: string } =>
  typeof order === 'object' && order !== null && 'step' in order && 'pin' in order && typeof order.step === 'string';

const headerOf = (place: Place): Headers => ({
  [HEADER]: defaultPayloadConverter.toPayload({ traceparent: traceparentOf(place) }),
});

function placeIn(headers: Headers): Place | undefined {
  const payload = headers[HEADER];
  if (!payload) return undefined;
  try {
    return readTraceparent(
      defaultPayloadConverter.fromPayload<{ readonly traceparent?: unknown }>(payload)?.traceparent,
    );
  } catch {
    return undefined;
  }
}
