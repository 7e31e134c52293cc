import { type Failure, type FailureType, fail } from '../contracts/failures.ts';
import type { CallHealth } from './breaker.ts';
import { causesOf, type ErrorFacts, factsOf, type Link } from './error-facts.ts';
import { retryAfterMs } from './retry-after.ts';

/**
 * One reading of every error that a provider's SDK can throw. It goes by status, code and cause, never by class or
 * wording, as both SDKs differ there and change. Its table in test/unit/models-classify-error.test.ts is its meaning.
 * Providers' own messages are left out: they may quote the key or the prompt. The request id finds them again.
 */
export interface Classified {
  readonly failure: Failure;
  /** `free` only where the provider certainly did no work; a lost answer may have been billed. */
  readonly charge: 'free' | 'unknown';
  readonly retryAfterMs?: number;
  readonly health: CallHealth;
}

interface Reading {
  readonly type: FailureType;
  readonly says: string;
  readonly charge: 'free' | 'unknown';
  readonly health: CallHealth;
}

/** Errors before a connection stood: nothing was sent, so nothing is billed. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const NO_MONEY = /quota|spend_limit|billing/;
const TOO_LONG = /context_length_exceeded|request_too_large|too_large/;
const TOO_LONG_IN_WORDS = /prompt is too long|maximum context length|context window/i;
const AGAINST_POLICY = /content_policy|content_filter|invalid_prompt|bio_policy|misalignment_policy|cyber_policy/;

/** `now` is used for a Retry-After that names a date, milliseconds since 1970. */
export function classifyError(error: unknown, context: { provider: string; model: string; now: number }): Classified {
  const facts = factsOf(error);
  const reading = facts.status === undefined ? readLost(error) : readStatus(facts.status, facts);
  const { provider, model } = context;
  const details = {
    provider,
    model,
    ...definedOnly({ status: facts.status, code: facts.code, param: facts.param, requestId: facts.requestId }),
  };
  const wait = retryAfterMs(facts.headers, context.now);
  return {
    failure: fail(reading.type, `${model}: ${reading.says}`, details),
    charge: reading.charge,
    health: reading.health,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

interface Rule extends Reading {
  when(facts: Answered): boolean;
}

type Answered = ErrorFacts & { readonly status: number; readonly codes: string };

const free = { charge: 'free' } as const;

/** What a provider's status means; the first rule that fits is the one. */
const RULES: readonly Rule[] = [
  {
    when: ({ status, codes }) => [401, 402, 403].includes(status) || NO_MONEY.test(codes),
    type: 'ModelMisconfigured',
    says: 'the key or the account is refused',
    health: 'trip',
    ...free,
  },
  {
    when: ({ status }) => status === 429,
    type: 'ModelRateLimited',
    says: 'too many requests',
    health: 'error',
    ...free,
  },
  {
    when: ({ status }) => status === 404,
    type: 'ModelMisconfigured',
    says: 'the provider knows no such model or address',
    health: 'trip',
    ...free,
  },
  {
    when: isTooLong,
    type: 'RequestTooLong',
    says: 'the request is too long for the model',
    health: 'unrelated',
    ...free,
  },
  {
    when: ({ status, codes }) => status === 400 && AGAINST_POLICY.test(codes),
    type: 'ModelRefused',
    says: 'the provider refuses this content',
    health: 'unrelated',
    ...free,
  },
  // Overload is said before any work is done. Other 5xx and 408 can come from a proxy after the work was done.
  { when: ({ status }) => status === 529, type: 'ModelUnavailable', says: 'overloaded', health: 'error', ...free },
  {
    when: ({ status }) => status >= 500 || status === 408 || status === 499,
    type: 'ModelUnavailable',
    says: "an error on the provider's side",
    health: 'error',
    charge: 'unknown',
  },
  {
    when: ({ status }) => status >= 400,
    type: 'ModelMisconfigured',
    says: 'the provider does not accept such a request',
    health: 'unrelated',
    ...free,
  },
];

const ERROR_INSIDE: Reading = {
  type: 'ModelUnavailable',
  says: 'an error inside an answer',
  charge: 'unknown',
  health: 'error',
};

function readStatus(status: number, facts: ErrorFacts): Reading {
  const answered = { ...facts, status, codes: `${facts.code ?? ''} ${facts.kind ?? ''}` };
  const { type, says, charge, health } = RULES.find((rule) => rule.when(answered)) ?? ERROR_INSIDE;
  return { type, says: `${says} (${status})`, charge, health };
}

function isTooLong({ status, codes, message }: Answered): boolean {
  return status === 413 || TOO_LONG.test(codes) || (status === 400 && TOO_LONG_IN_WORDS.test(message));
}

/** Without a status: no connection, or no whole answer. */
function readLost(error: unknown): Reading {
  const chain = causesOf(error);
  const neverConnected = chain.some((link) => typeof link.code === 'string' && NEVER_CONNECTED.has(link.code));
  if (neverConnected) return { type: 'ModelUnavailable', says: 'no connection', charge: 'free', health: 'error' };
  const lost = { type: 'ModelUnavailable', charge: 'unknown', health: 'error' } as const;
  if (chain.some((link) => isTimeout(link))) return { ...lost, says: 'no whole answer in time' };
  if (chain.some((link) => link.name === 'SyntaxError')) return { ...lost, says: 'an answer that is not JSON' };
  return { ...lost, says: 'the answer was lost on the way' };
}

function isTimeout(link: Link): boolean {
  const name = typeof link.name === 'string' ? link.name : '';
  const maker = typeof link.maker === 'string' ? link.maker : '';
  return /Abort|Timeout/.test(`${name} ${maker}`) || link.code === 'ETIMEDOUT';
}

const definedOnly = (facts: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
