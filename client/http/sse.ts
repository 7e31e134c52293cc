import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { AccessEnv } from './access/guard.ts';

export interface StreamEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** Sends what happens, as it happens. */
export interface Stream {
  send(event: StreamEvent): Promise<void>;
  /** Aborted when the caller is gone, the process stops, or the stream is old. */
  readonly over: AbortSignal;
  /** What the caller heard last, where it was here before. */
  readonly since: string | undefined;
}

/** Between two comments that keep the line open, milliseconds. */
const HEARTBEAT_MS = 15_000;
/** A stream ends after so long, and the caller comes back with its credential and what it heard last. Milliseconds. */
const LONGEST_MS = 15 * 60_000;
/** After how long a browser comes back, milliseconds. */
const RETRY_MS = 1000;

/** Answers with a stream of events (text/event-stream) that lives until `run` ends, or `over` is aborted. */
export function eventStream(
  c: Context<AccessEnv>,
  stopping: AbortSignal | undefined,
  run: (stream: Stream) => Promise<void>,
): Response {
  const gone = new AbortController();
  const over = AbortSignal.any([gone.signal, AbortSignal.timeout(LONGEST_MS), ...(stopping ? [stopping] : [])]);
  c.header('x-accel-buffering', 'no');
  return streamSSE(c, async (out) => {
    out.onAbort(() => gone.abort());
    const beat = setInterval(() => void out.write(': here\n\n').catch(() => gone.abort()), HEARTBEAT_MS);
    try {
      await out.write(`retry: ${RETRY_MS}\n: here\n\n`);
      const send = ({ event, id, data }: StreamEvent) => out.writeSSE({ event, id, data: JSON.stringify(data) });
      await run({ send, over, since: c.req.header('last-event-id') });
    } finally {
      clearInterval(beat);
      gone.abort();
    }
  });
}

/** Until so much time has gone by, or nobody listens any more. */
export const pause = (ms: number, over: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      over.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    over.addEventListener('abort', done);
    if (over.aborted) done();
  });
