import type { RuntimeOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createMeter, type Meter, type OpenMeter, silentMeter } from '../telemetry/meter.ts';
import { type MetricsServing, serveMetrics } from '../telemetry/serve-metrics.ts';
import { silentTracer, type Tracer } from '../telemetry/tracer.ts';
import { freePort } from './ports.ts';
import type { TelemetrySettings } from './telemetry-settings.ts';

/** What a process tells of itself while it runs. */
export interface Telemetry {
  readonly meter: Meter;
  readonly tracer: Tracer;
  /** Set where somebody reads it. */
  readonly open?: OpenMeter;
  stop(): Promise<void>;
}

/** For whoever wants none. */
export const NO_TELEMETRY: Telemetry = {
  meter: silentMeter,
  tracer: silentTracer,
  stop: async () => undefined,
};

/** Where the SDK's core measures to, on this machine. */
export interface SdkMetrics {
  readonly options: NonNullable<NonNullable<RuntimeOptions['telemetryOptions']>['metrics']>;
  readonly url: string;
}

/** A port for the SDK's core, which cannot tell which one it took. Nothing where metrics are off. */
export async function sdkMetrics({ metrics }: TelemetrySettings): Promise<SdkMetrics | undefined> {
  if (!metrics) return undefined;
  const bindAddress = `127.0.0.1:${await freePort('', 0, () => undefined)}`;
  // Durations in seconds, and names as Prometheus has them.
  const prometheus = { bindAddress, useSecondsForDurations: true, countersTotalSuffix: true, unitSuffix: true };
  return { options: { prometheus }, url: `http://${bindAddress}/metrics` };
}

/**
 * Turns on what is configured. A port that is taken costs the metrics, and never the process.
 * @param role of the process, as traces name it
 * @param sdkUrl where the SDK's core answers
 */
export async function startTelemetry(
  role: string,
  { metrics, otlpUrl }: TelemetrySettings,
  log: Pick<Logger, 'warn' | 'info'>,
  sdkUrl?: string,
): Promise<Telemetry> {
  const tracer = otlpUrl ? await traceTo(role, otlpUrl) : silentTracer;
  if (!metrics) return { ...NO_TELEMETRY, tracer, stop: () => tracer.stop() };
  const complained = new Set<string>();
  const unlisted = (point: string, label: string): void => {
    if (complained.has(`${point} ${label}`)) return;
    complained.add(`${point} ${label}`);
    log.warn({ point, label }, 'a metric got a value that no list has');
  };
  const open = createMeter(unlisted, () => tracer.place()?.traceId);
  const serving = await tryToServe(open, metrics, log, sdkUrl);
  const stop = async (): Promise<void> => {
    await tracer.stop();
    await serving?.stop();
  };
  return { meter: open, tracer, open, stop };
}

/** The SDK is loaded by whoever traces: the others are some megabytes smaller. */
async function traceTo(role: string, otlpUrl: string): Promise<Tracer> {
  const { openTracer, otlpExporter } = await import('../telemetry/otel-tracer.ts');
  return openTracer(role, otlpExporter(otlpUrl));
}

async function tryToServe(
  open: OpenMeter,
  place: NonNullable<TelemetrySettings['metrics']>,
  log: Pick<Logger, 'warn' | 'info'>,
  sdkUrl: string | undefined,
): Promise<MetricsServing | undefined> {
  try {
    const serving = await serveMetrics(open, place, sdkUrl);
    log.info({ url: serving.url }, 'metrics are served');
    return serving;
  } catch {
    log.warn({ port: place.port }, 'the port for metrics is taken; this process tells none');
    return undefined;
  }
}
