import { Failed, fail } from '../contracts/failures.ts';
import { badAnswer, rejected, unavailable } from './trouble.ts';

/** One request to a system over HTTP. Times are milliseconds. */
export interface Exchange {
  /** How failures call the system. */
  readonly system: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Errors that come before a byte has left. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * Asks, and gives the answer's JSON.
 * @throws Failed ToolUnavailable, ToolRateLimited, ToolRejected, BadAnswer, ErrorInAnswer or AnswerTooLarge
 */
export async function ask(exchange: Exchange): Promise<unknown> {
  const response = await send(exchange);
  const answer = jsonOf(exchange.system, await textOf(exchange, response));
  if (saysError(answer))
    throw new Failed(
      fail('ErrorInAnswer', 'The answer is an error that says it is a success.', { system: exchange.system }),
    );
  return answer;
}

/** Tells, and needs no more than that the other side took it. Throws as `ask` does. */
export async function tell(exchange: Exchange): Promise<void> {
  const response = await send(exchange);
  await response.body?.cancel();
}

async function send({ system, method, url, headers = {}, body, timeoutMs, signal }: Exchange): Promise<Response> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const init = {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: patience,
    redirect: 'error' as const,
  };
  const response = await fetch(url, init).catch((error: unknown) => {
    throw unavailable(system, NEVER_SENT.includes(causeCode(error)) ? { effect: 'none' } : {});
  });
  if (response.ok) return response;
  await response.body?.cancel();
  const { status } = response;
  if (status === 429) throw rateLimited(system, response.headers.get('retry-after'));
  if (status >= 400 && status < 500)
    throw rejected('the system behind the tool refused the request', { system, status });
  throw unavailable(system, { status });
}

async function textOf({ system, maxBytes }: Exchange, response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of response.body ?? []) {
      bytes += part.byteLength;
      if (bytes > maxBytes)
        throw new Failed(fail('AnswerTooLarge', 'An answer is larger than anyone expects.', { system, maxBytes }));
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Failed) throw error;
    if (error instanceof Error && error.name !== 'TypeError') throw unavailable(system);
    throw badAnswer(system, '$');
  }
  return Buffer.concat(parts).toString('utf8');
}

function jsonOf(system: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badAnswer(system, '$');
  }
}

const saysError = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'error' in answer && Boolean(answer.error);

/** Retry-After is seconds, or the date after which to come again. */
function rateLimited(system: string, retryAfter: string | null): Failed {
  const seconds = Number(retryAfter ?? Number.NaN);
  const until = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter ?? '') - Date.now();
  const retryAfterMs = Number.isFinite(until) ? Math.max(0, Math.round(until)) : undefined;
  return new Failed(fail('ToolRateLimited', `The system behind ${system} asks us to wait.`, { system }), {
    retryAfterMs,
  });
}

function causeCode(error: unknown): string {
  if (!(error instanceof Error) || typeof error.cause !== 'object' || error.cause === null) return '';
  return 'code' in error.cause && typeof error.cause.code === 'string' ? error.cause.code : '';
}
