import { Failed, fail } from '../contracts/failures.ts';
import { badAnswer, rejected, unavailable } from './trouble.ts';

/** One request to a system over HTTP. Times are milliseconds. */
export interface Exchange {
  /** How failures call the system. */
  readonly system: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Reads an error answer, whose body is null where it is no JSON, in the system's own way. Without a word from it the status speaks. */
  readonly explain?: (refusal: Refusal) => Failed | undefined;
}

/** An answer that is no success, as it came. */
export interface Refusal {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs: number | undefined;
}

/** Errors that come before a byte has left. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * Asks, and gives the answer's JSON.
 * @throws Failed ToolUnavailable, ToolRateLimited, ToolRejected, BadAnswer, ErrorInAnswer or AnswerTooLarge
 */
export async function ask(exchange: Exchange): Promise<unknown> {
  return read(exchange, await send(exchange));
}

/** Changes something over there, which may be answered with nothing at all. Throws as `ask` does. */
export async function change(exchange: Exchange): Promise<void> {
  const response = await send(exchange);
  if (response.status === 204) await response.body?.cancel();
  else await read(exchange, response);
}

async function read(exchange: Exchange, response: Response): Promise<unknown> {
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

async function send(exchange: Exchange): Promise<Response> {
  const { system, method, url, headers = {}, body, timeoutMs, signal } = exchange;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const init = {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
    signal: patience,
    redirect: 'error' as const,
  };
  const response = await fetch(url, init).catch((error: unknown) => {
    throw unavailable(system, NEVER_SENT.includes(causeCode(error)) ? { effect: 'none' } : {});
  });
  if (response.ok) return response;
  throw await refusalOf(exchange, response);
}

async function refusalOf(exchange: Exchange, response: Response): Promise<Failed> {
  const { system, explain } = exchange;
  const { status } = response;
  const retryAfterMs = waitOf(response.headers.get('retry-after'));
  const body = explain ? await errorBody(exchange, response) : await response.body?.cancel();
  const explained = explain?.({ status, body, retryAfterMs });
  if (explained) return explained;
  if (status === 429) return rateLimited(system, retryAfterMs);
  if (status >= 400 && status < 500)
    return rejected('the system behind the tool refused the request', { system, status });
  return unavailable(system, { status });
}

/** What an error says is of use where it can be read, and no trouble of its own where not. */
async function errorBody(exchange: Exchange, response: Response): Promise<unknown> {
  try {
    return jsonOf(exchange.system, await textOf(exchange, response));
  } catch {
    return null;
  }
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

/** The ways in which systems say inside a success that it is none. */
export function saysError(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.some((item) => isRecord(item) && 'errorCode' in item);
  if (!isRecord(answer)) return false;
  const { error, errors, status, success } = answer;
  return Boolean(error) || status === 'error' || success === false || (Array.isArray(errors) && errors.length > 0);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Retry-After is seconds, or the date after which to come again. In milliseconds. */
function waitOf(retryAfter: string | null): number | undefined {
  const seconds = Number(retryAfter ?? Number.NaN);
  const until = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter ?? '') - Date.now();
  return Number.isFinite(until) ? Math.max(0, Math.round(until)) : undefined;
}

/** The other side asks us to come again later, and has done nothing. */
export const rateLimited = (system: string, retryAfterMs: number | undefined): Failed =>
  new Failed(fail('ToolRateLimited', `The system behind ${system} asks us to wait.`, { system }), { retryAfterMs });

function causeCode(error: unknown): string {
  if (!(error instanceof Error) || typeof error.cause !== 'object' || error.cause === null) return '';
  return 'code' in error.cause && typeof error.cause.code === 'string' ? error.cause.code : '';
}
