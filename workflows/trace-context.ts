import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { WorkflowInterceptors } from '@temporalio/workflow';

/**
 * Hands the trace that a case was started in on to its activities, in the header that Temporal's own interceptors use.
 * A header is part of no command that replay compares, nothing here waits, and without a trace nothing is added: a case
 * does the same with and without, whichever worker goes on with it.
 */
const HEADER = '_tracer-data';

let carried: Payload | undefined;
let traceparent: string | undefined;

/** The traceparent that this run was started with. */
export const startedIn = (): string | undefined => traceparent;

const withTrace = <I extends { readonly headers: Record<string, Payload> }>(input: I): I =>
  carried ? { ...input, headers: { ...input.headers, [HEADER]: carried } } : input;

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      execute: (input, next) => {
        carried = input.headers[HEADER];
        traceparent = carried && readHeader(carried);
        return next(input);
      },
    },
  ],
  outbound: [
    {
      scheduleActivity: (input, next) => next(withTrace(input)),
      startChildWorkflowExecution: (input, next) => next(withTrace(input)),
      continueAsNew: (input, next) => next(withTrace(input)),
    },
  ],
});

function readHeader(payload: Payload): string | undefined {
  try {
    const found = defaultPayloadConverter.fromPayload<{ readonly traceparent?: unknown }>(payload);
    return typeof found?.traceparent === 'string' ? found.traceparent : undefined;
  } catch {
    return undefined;
  }
}
