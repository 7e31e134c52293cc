import type { HttpParts } from '../client/http/parts.ts';
import { readTraceparent } from '../telemetry/trace-ids.ts';
import type { Telemetry } from './telemetry.ts';

const SECOND_MS = 1000;
const BROKEN = 500;

/** Counts and measures every call of the API, and goes on in the caller's trace. */
export const aroundCalls =
  ({ meter, tracer }: Pick<Telemetry, 'meter' | 'tracer'>): NonNullable<HttpParts['around']> =>
  async ({ operation, traceparent }, run) => {
    const began = performance.now();
    const under = readTraceparent(traceparent);
    await tracer.within(`api ${operation}`, { kind: 'server', ...(under ? { under } : {}) }, async (span) => {
      const status = await run();
      span.note({ 'http.response.status_code': status });
      if (status >= BROKEN) span.failed('internal');
      meter.tell('governor_api_calls_total', { operation, status: String(status) });
      meter.tell('governor_api_seconds', { operation }, (performance.now() - began) / SECOND_MS);
    });
  };
