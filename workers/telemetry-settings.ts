import { z } from 'zod';
import type { MetricsPlace } from '../telemetry/serve-metrics.ts';

/** Where a process tells what it does; .env.example tells what they mean. */
export const telemetryVariables = {
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: z.coerce
    .number('has to be a port, 0 to 65535')
    .int('has to be a whole number')
    .min(0, 'has to be 0 or more')
    .max(65_535, 'has to be 65535 or less')
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), 'has to be a URL')
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
};

const TelemetryEnvironment = z.object(telemetryVariables);

/** Both are off where nothing is said. */
export const TelemetrySettings = z.strictObject({
  /** Where Prometheus reads this process. */
  metrics: z.strictObject({ host: z.string(), port: z.int().min(0).max(65_535) }).optional(),
  /** A collector's address, without a slash at its end. */
  otlpUrl: z.string().optional(),
});
export type TelemetrySettings = z.output<typeof TelemetrySettings>;

export const telemetryOf = (env: z.output<typeof TelemetryEnvironment>): TelemetrySettings => ({
  ...(env.METRICS_PORT === undefined ? {} : { metrics: { host: env.METRICS_HOST, port: env.METRICS_PORT } }),
  ...(env.OTEL_EXPORTER_OTLP_ENDPOINT ? { otlpUrl: env.OTEL_EXPORTER_OTLP_ENDPOINT } : {}),
});

/** Of the processes of one machine each has a port of its own: workers first, then tools and API, from this one on. */
export function metricsPortFor(process: string, first: MetricsPlace | undefined): Record<string, string> {
  if (!first || first.port === 0) return {};
  const place = PLACES.indexOf(process);
  return place < 0 ? {} : { METRICS_PORT: String(first.port + place) };
}

const PLACES = [...Array.from({ length: 8 }, (_each, at) => `worker-${at + 1}`), 'tools', 'api'];
