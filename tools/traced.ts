import { Failed } from '../contracts/failures.ts';
import { mcpSpan } from '../telemetry/gen-ai.ts';
import { readTraceparent } from '../telemetry/trace-ids.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import type { Offered } from './offer.ts';

/** Runs each call as a span under the caller's. */
export const traced = (offered: readonly Offered[], tracer: Tracer): Offered[] =>
  tracer.isOn
    ? offered.map((one) => ({ tool: one.tool, run: (raw, meta) => runTraced(one, raw, meta, tracer) }))
    : [...offered];

const runTraced = (
  { tool, run }: Offered,
  raw: unknown,
  meta: Parameters<Offered['run']>[1],
  tracer: Tracer,
): ReturnType<Offered['run']> => {
  const under = readTraceparent(meta.traceparent);
  return tracer.within(
    `tools/call ${tool.name}`,
    { kind: 'server', under, attributes: mcpSpan(tool.name) },
    async (span) => {
      try {
        const answered = await run(raw, meta);
        span.note({ 'governor.replayed': answered.replayed });
        return answered;
      } catch (error) {
        if (error instanceof Failed) span.failed(error.failure.type);
        throw error;
      }
    },
  );
};
