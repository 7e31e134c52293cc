import { AsyncLocalStorage } from 'node:async_hooks';
import { Failed, fail } from '../contracts/failures.ts';
import type { Tool } from '../contracts/tool.ts';

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
  if (!response.body) return response;
  let bytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      bytes += chunk.byteLength;
      if (bytes <= limit.maxBytes) return controller.enqueue(chunk);
      limit.exceeded();
      controller.error(new Error('The answer is too large.'));
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counted), { status, statusText, headers });
}
