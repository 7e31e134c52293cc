import type { RuntimeOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createMeter, type Meter, type OpenMeter, silentMeter } from '../telemetry/meter.ts';
import { type MetricsServing, serveMetrics } from '../telemetry/serve-metrics.ts';
import { freePort } from './ports.ts';
import type { TelemetrySettings } from './telemetry-settings.ts';

/** What a process tells of itself while it runs. */
export interface Telemetry {
  readonly meter: Meter;
  /** Set where somebody reads it. */
  readonly open?: OpenMeter;
  stop(): Promise<void>;
}

/** For whoever wants none. */
export const NO_TELEMETRY: Telemetry = { meter: silentMeter, stop: async () => undefined };

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
 * @param sdkUrl where the SDK's core answers
 */
export async function startTelemetry(
  { metrics }: TelemetrySettings,
  log: Pick<Logger, 'warn' | 'info'>,
  sdkUrl?: string,
): Promise<Telemetry> {
  if (!metrics) return NO_TELEMETRY;
  const open = createMeter((point, label) => log.warn({ point, label }, 'a metric got a value that no list has'));
  const serving = await tryToServe(open, metrics, log, sdkUrl);
  return { meter: open, open, stop: async () => serving?.stop() };
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
