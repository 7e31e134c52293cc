import { AsyncLocalStorage } from 'node:async_hooks';
import { Failed, fail } from '../contracts/failures.ts';
import type { Tool } from '../contracts/tool.ts';
import { retryAfterMs } from '../models/retry-after.ts';

/** JSON-RPC's own words around an answer. */
const ENVELOPE_BYTES = 4096;
/** An answer travels twice, as data and as text in which each quote is escaped. */
const COPIES = 3;
/** What a handshake may say. */
const HANDSHAKE_BYTES = 1_000_000;

export interface AnswerLimit {
  readonly maxBytes: number;
  /** Ends the call: its answer has grown past the limit. */
  exceeded(): void;
}

const current = new AsyncLocalStorage<AnswerLimit>();

/** The limit of the call that is being sent right now. */
export const answerLimit = (): AnswerLimit =>
  current.getStore() ?? { maxBytes: HANDSHAKE_BYTES, exceeded: () => undefined };

/**
 * Runs one call whose answer may have so many bytes and no more; a longer one is let go before anything parses it.
 * @throws Failed AnswerTooLarge
 */
export async function withinAnswerLimit<R>(
  tool: Tool,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const overflow = new AbortController();
  const maxBytes = tool.maxAnswerBytes * COPIES + ENVELOPE_BYTES;
  try {
    const limit = { maxBytes, exceeded: () => overflow.abort() };
    return await current.run(limit, () => send(AbortSignal.any([signal, overflow.signal])));
  } catch (error) {
    if (!overflow.signal.aborted) throw error;
    const details = { tool: tool.name, maxAnswerBytes: tool.maxAnswerBytes };
    throw new Failed(
      fail('AnswerTooLarge', `${tool.name} answered with more bytes than its contract allows.`, details),
    );
  }
}

/** fetch whose bodies end with an error at the limit of the call that asked. */
export async function limitedFetch(input: string | URL, init?: RequestInit): Promise<Response> {
  const limit = answerLimit();
  const response = await fetch(input, init);
  const { body, status, statusText, headers } = response;
  if (status === 429) throw await rateLimited(response);
  if (!body) return response;
  const isStream = headers.get('content-type')?.startsWith('text/event-stream');
  // Most answers are one object, and a stream through a stream costs more than to wait for its end.
  const limited = isStream ? body.pipeThrough(counted(limit)) : await whole(body, limit);
  return new Response(limited, { status, statusText, headers });
}

/** How long the other side wants us to wait, which nobody but this function could still read. */
async function rateLimited(response: Response): Promise<Failed> {
  await response.body?.cancel();
  const waitMs = retryAfterMs(response.headers, Date.now());
  return new Failed(fail('ToolRateLimited', 'The tool server asks us to wait.', { status: 429 }), {
    retryAfterMs: waitMs,
  });
}

function counted(limit: AnswerLimit): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      bytes += chunk.byteLength;
      if (bytes <= limit.maxBytes) return controller.enqueue(chunk);
      controller.error(tooLarge(limit));
    },
  });
}

async function whole(body: ReadableStream<Uint8Array>, limit: AnswerLimit): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > limit.maxBytes) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limit: AnswerLimit): Error {
  limit.exceeded();
  return new Error('The answer is too large.');
}
