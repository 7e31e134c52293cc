import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, RandomIdGenerator, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { GEN_AI_CONVENTIONS } from './gen-ai.ts';
import type { Place } from './trace-ids.ts';
import type { Attributes, OpenSpan, SpanOptions, ToldSpan, Tracer } from './tracer.ts';

const KINDS = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;
/** A collector that is away costs the process so much of its end, milliseconds. */
const LAST_WORDS_MS = 3000;
const EXPORT_MS = 5000;
const SEND_EVERY_MS = 2000;

/** Sends to a collector, by OTLP over HTTP. */
export const otlpExporter = (url: string): SpanExporter =>
  new OTLPTraceExporter({ url: `${url}/v1/traces`, timeoutMillis: EXPORT_MS });

/**
 * Spans by the OpenTelemetry SDK, in batches. When the collector is away they are dropped, and nothing else happens.
 * @param role of the process: worker, tools, api
 */
export function openTracer(role: string, exporter: SpanExporter): Tracer {
  const ids = new ChosenIds();
  const processor = new BatchSpanProcessor({ exporter, scheduledDelayMillis: SEND_EVERY_MS });
  const provider = new TracerProvider({
    idGenerator: ids,
    resource: resourceFromAttributes({
      'service.name': `governor-${role}`,
      'process.pid': process.pid,
      'governor.gen_ai_conventions': GEN_AI_CONVENTIONS,
    }),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('governor');
  const here = new AsyncLocalStorage<Place>();

  const within = async <R>(name: string, options: SpanOptions, run: (span: OpenSpan) => Promise<R>): Promise<R> => {
    const { kind = 'internal', attributes = {}, under = here.getStore() } = options;
    const span = tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes } }, contextOf(under));
    try {
      return await here.run(placeOf(span), () => run(openSpan(span)));
    } catch (error) {
      fail(span, error instanceof Error ? error.name : 'unknown');
      throw error;
    } finally {
      span.end();
    }
  };
  const tell = ({ name, place, parent, from, to, attributes, failure }: ToldSpan): void => {
    ids.choose(place);
    // As dates: the SDK takes a small number for one that counts from the start of the process.
    const startTime = new Date(from);
    const span = tracer.startSpan(name, { startTime, attributes: { ...attributes } }, contextOf(parent));
    ids.choose(undefined);
    if (failure) fail(span, failure);
    span.end(new Date(Math.max(from, to)));
  };
  return {
    isOn: true,
    within,
    tell,
    place: () => here.getStore(),
    under: (place, run) => here.run(place, run),
    stop: async () => {
      const late = new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

/** Ids at random, but for a span whose id was worked out. */
class ChosenIds {
  readonly #random = new RandomIdGenerator();
  #chosen: Place | undefined;

  choose(place: Place | undefined): void {
    this.#chosen = place;
  }

  generateTraceId(): string {
    return this.#chosen?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.#chosen?.spanId ?? this.#random.generateSpanId();
  }
}

const contextOf = (place: Place | undefined): Context =>
  place
    ? trace.setSpanContext(ROOT_CONTEXT, { ...place, traceFlags: TraceFlags.SAMPLED, isRemote: true })
    : ROOT_CONTEXT;

function placeOf(span: Span): Place {
  const { traceId, spanId } = span.spanContext();
  return { traceId, spanId };
}

const openSpan = (span: Span): OpenSpan => ({
  place: placeOf(span),
  note: (attributes: Attributes) => void span.setAttributes({ ...attributes }),
  failed: (type) => fail(span, type),
});

/** A message may hold what somebody wrote; a type is ours. */
function fail(span: Span, type: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', type);
}
