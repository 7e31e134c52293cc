import { createHash } from 'node:crypto';

/** A place in a trace: under which span something happens. */
export interface Place {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const NOBODY = /^0+$/;

/** A W3C traceparent's place; nothing where it is none. */
export function readTraceparent(text: unknown): Place | undefined {
  const [, traceId = '', spanId = ''] = (typeof text === 'string' && TRACEPARENT.exec(text)) || [];
  return NOBODY.test(traceId) || NOBODY.test(spanId) ? undefined : traceId ? { traceId, spanId } : undefined;
}

export const traceparentOf = ({ traceId, spanId }: Place): string => `00-${traceId}-${spanId}-01`;

const hex = (text: string, digits: number): string => createHash('sha256').update(text).digest('hex').slice(0, digits);

/**
 * The spans of a run have names that everybody can work out: whichever worker records a step, days after another began
 * the case, it is the same span of the same trace. A run that nobody traced from outside is a trace of its own.
 */
export const traceIdOfRun = (runId: string, started?: Place): string =>
  started?.traceId ?? hex(`governor trace ${runId}`, 32);
export const caseSpanId = (runId: string): string => hex(`governor case ${runId}`, 16);
export const stepSpanId = (runId: string, step: string): string => hex(`governor step ${runId} ${step}`, 16);
export const askSpanId = (runId: string, step: string, askedAt: string): string =>
  hex(`governor ask ${runId} ${step} ${askedAt}`, 16);
