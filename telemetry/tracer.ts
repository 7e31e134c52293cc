import type { Place } from './trace-ids.ts';

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
export type SpanKind = 'internal' | 'server' | 'client';

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** Another place than where we are. */
  readonly under?: Place | undefined;
}

/** A span that is open. */
export interface OpenSpan {
  readonly place: Place | undefined;
  note(attributes: Attributes): void;
  /** Says that it went wrong, by the type of the failure and in no other words. */
  failed(type: string): void;
}

/** A span that is over, under an id that everybody can work out. */
export interface ToldSpan {
  readonly name: string;
  readonly place: Place;
  readonly parent?: Place | undefined;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly attributes: Attributes;
  readonly failure?: string | undefined;
}

/** Takes what happened, when, and under what. It never fails, and nothing waits for where it goes. */
export interface Tracer {
  readonly isOn: boolean;
  /** Runs as a span of its own; what `run` begins comes under it. What it throws marks the span, and goes on. */
  within<R>(name: string, options: SpanOptions, run: (span: OpenSpan) => Promise<R>): Promise<R>;
  tell(span: ToldSpan): void;
  /** Where we are. */
  place(): Place | undefined;
  /** Runs as if we were there. */
  under<R>(place: Place, run: () => R): R;
  /** Sends what is left, for some seconds at most. */
  stop(): Promise<void>;
}

const NO_SPAN: OpenSpan = { place: undefined, note: () => undefined, failed: () => undefined };

export const silentTracer: Tracer = {
  isOn: false,
  within: (_name, _options, run) => run(NO_SPAN),
  tell: () => undefined,
  place: () => undefined,
  under: (_place, run) => run(),
  stop: async () => undefined,
};
