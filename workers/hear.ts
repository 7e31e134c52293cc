import type { Signal } from '../contracts/signals.ts';
import { spanOf, type Teller } from '../telemetry/case-spans.ts';
import { emissionsOf } from '../telemetry/emissions.ts';
import { readTraceparent, traceIdOfRun } from '../telemetry/trace-ids.ts';
import type { Telemetry } from './telemetry.ts';

/** Turns what cases tell into metrics and spans. */
export const hear =
  ({ meter, tracer }: Pick<Telemetry, 'meter' | 'tracer'>) =>
  (signal: Signal, teller: Teller): void => {
    meter.tellAll(emissionsOf(signal), tracer.isOn ? traceOf(teller) : undefined);
    const span = tracer.isOn && spanOf(signal, teller, Date.now());
    if (span) tracer.tell(span);
  };

/** The trace of a run. */
export const traceOf = ({ runId, traceparent }: Teller): string => traceIdOfRun(runId, readTraceparent(traceparent));
