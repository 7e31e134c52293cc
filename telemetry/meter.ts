import { Counter, Gauge, Histogram, type Metric, type OpenMetricsContentType, Registry } from 'prom-client';
import {
  type Emission,
  isListed,
  type LabelsOf,
  POINTS,
  type Point,
  type PointName,
} from '../contracts/decision-points.ts';

/** Takes what is counted and measured in a process. Every metric of ours goes through here, and through the list. */
export interface Meter {
  /**
   * @param value how much more for a counter, what was measured for the others
   * @param traceId of a case, for the exemplar; without it the trace that we are in, if there is one
   */
  tell<P extends PointName>(point: P, labels: LabelsOf<P>, value?: number, traceId?: string): void;
  tellAll(emissions: readonly Emission[], traceId?: string): void;
}

/** A meter that can be read. */
export interface OpenMeter extends Meter {
  /** Runs before each reading, to look at what has a state. */
  beforeReading(look: () => Promise<void> | void): void;
  /** Takes what a gauge said before away, for labels that are no more. */
  forget(point: PointName): void;
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export const silentMeter: Meter = { tell: () => undefined, tellAll: () => undefined };

/** Stands for a value that no list has: a label is never somebody's word. */
const OTHER = 'other';
/** A price table may name as many models as it likes, and a label may not. */
const MOST_VALUES = 200;

/**
 * @param unlisted hears of an emission with a value that is not of the list, by point and label
 * @param here the trace that we are in
 */
export function createMeter(
  unlisted: (point: string, label: string) => void = () => undefined,
  here: () => string | undefined = () => undefined,
): OpenMeter {
  // Exemplars are of this format alone.
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const metrics = new Map<string, Metric>();
  for (const [name, point] of Object.entries<Point>(POINTS)) metrics.set(name, metricOf(name, point, registry));
  const seen = new Map<string, Set<string>>();
  const looks: (() => Promise<void> | void)[] = [];

  const listed = (name: PointName, labels: Readonly<Record<string, string>>): Record<string, string> => {
    const { labels: domains }: Point = POINTS[name];
    return Object.fromEntries(
      Object.entries(domains).map(([label, domain]) => {
        const value = labels[label] ?? '';
        if (isListed(domain, value) && fits(seen, `${name} ${label}`, value)) return [label, value];
        unlisted(name, label);
        return [label, OTHER];
      }),
    );
  };
  const tell: Meter['tell'] = (name, labels, value = 1, traceId = here()) =>
    emit(metrics.get(name), listed(name, labels), value, traceId);

  return {
    tell,
    tellAll: (emissions, traceId) => {
      for (const { point, labels, value } of emissions) tell(point, labels as LabelsOf<typeof point>, value, traceId);
    },
    beforeReading: (look) => void looks.push(look),
    forget: (name) => metrics.get(name)?.reset(),
    read: async () => {
      // What cannot be looked at now is left out; the rest is still worth reading.
      await Promise.allSettled(looks.map(async (look) => look()));
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function metricOf(
  name: string,
  { kind, help, labels, buckets }: Point,
  registry: Registry<OpenMetricsContentType>,
): Metric {
  const base = { name, help, labelNames: Object.keys(labels), registers: [registry] };
  if (kind === 'gauge') return new Gauge(base);
  if (kind === 'counter') return new Counter({ ...base, enableExemplars: true });
  return new Histogram({ ...base, enableExemplars: true, ...(buckets ? { buckets: [...buckets] } : {}) });
}

function emit(metric: Metric | undefined, labels: Record<string, string>, value: number, traceId?: string): void {
  const exemplarLabels = traceId ? { exemplarLabels: { trace_id: traceId } } : {};
  if (metric instanceof Counter) metric.inc({ labels, value, ...exemplarLabels });
  else if (metric instanceof Histogram) metric.observe({ labels, value, ...exemplarLabels });
  else if (metric instanceof Gauge) metric.set(labels, value);
}

function fits(seen: Map<string, Set<string>>, of: string, value: string): boolean {
  const values = seen.get(of) ?? new Set();
  seen.set(of, values);
  if (values.size >= MOST_VALUES && !values.has(value)) return false;
  values.add(value);
  return true;
}
