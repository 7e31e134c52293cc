import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { classifyError } from '../../models/classify-error.ts';
import { retryAfterMs } from '../../models/retry-after.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const classify = (error: unknown) => classifyError(error, { provider: 'somebody', model: 'some-model', now: NOW });

const anthropic = (
  status: number,
  type = 'api_error',
  code?: string,
  headers: Record<string, string> = {},
  message = 'words',
) =>
  Anthropic.APIError.generate(
    status,
    { type: 'error', error: { type, message, ...(code ? { details: { error_code: code } } : {}) } },
    undefined,
    new Headers({ 'request-id': 'req_1', ...headers }),
  );
const openai = (status: number, code?: string, headers: Record<string, string> = {}, message = 'words') =>
  OpenAI.APIError.generate(
    status,
    { error: { message, code, type: 'some_error' } },
    undefined,
    new Headers({ 'x-request-id': 'req_2', ...headers }),
  );
const causedBy = (code: string, message = 'fetch failed') =>
  new OpenAI.APIConnectionError({ cause: Object.assign(new TypeError(message), { cause: { code } }) });

describe('one reading of every error, for both SDKs (MC-66, BA-85)', () => {
  it.each([
    // what happened, the error, type, charge, health
    ['too many requests (anthropic)', anthropic(429, 'rate_limit_error'), 'ModelRateLimited', 'free', 'error'],
    ['too many requests (openai)', openai(429, 'rate_limit_exceeded'), 'ModelRateLimited', 'free', 'error'],
    ['a ramp limit', anthropic(429, 'rate_limit_error', 'ramp_limit_exceeded'), 'ModelRateLimited', 'free', 'error'],
    ['an empty account (openai)', openai(429, 'insufficient_quota'), 'ModelMisconfigured', 'free', 'trip'],
    [
      'a spend limit (anthropic)',
      anthropic(429, 'rate_limit_error', 'enforced_spend_limit_reached'),
      'ModelMisconfigured',
      'free',
      'trip',
    ],
    ['a bill to pay', anthropic(402, 'billing_error'), 'ModelMisconfigured', 'free', 'trip'],
    ['a bill to pay, told as a bad request', anthropic(400, 'billing_error'), 'ModelMisconfigured', 'free', 'trip'],
    ['a wrong key (anthropic)', anthropic(401, 'authentication_error'), 'ModelMisconfigured', 'free', 'trip'],
    ['a wrong key (openai)', openai(401, 'invalid_api_key'), 'ModelMisconfigured', 'free', 'trip'],
    ['a key without the right', anthropic(403, 'permission_error'), 'ModelMisconfigured', 'free', 'trip'],
    ['an unknown model', openai(404, 'model_not_found'), 'ModelMisconfigured', 'free', 'trip'],
    [
      'a request of a shape that is refused',
      anthropic(400, 'invalid_request_error'),
      'ModelMisconfigured',
      'free',
      'unrelated',
    ],
    ['a request that cannot be processed', openai(422), 'ModelMisconfigured', 'free', 'unrelated'],
    ['a body too large', anthropic(413, 'request_too_large'), 'RequestTooLong', 'free', 'unrelated'],
    ['a context too long (openai)', openai(400, 'context_length_exceeded'), 'RequestTooLong', 'free', 'unrelated'],
    [
      'a context too long (anthropic)',
      anthropic(400, 'invalid_request_error', undefined, {}, 'prompt is too long: 9 > 8'),
      'RequestTooLong',
      'free',
      'unrelated',
    ],
    ['content against policy', openai(400, 'content_policy_violation'), 'ModelRefused', 'free', 'unrelated'],
    ['overload (anthropic)', anthropic(529, 'overloaded_error'), 'ModelUnavailable', 'free', 'error'],
    ['overload (openai)', openai(529), 'ModelUnavailable', 'free', 'error'],
    ['an error of the server', anthropic(500), 'ModelUnavailable', 'unknown', 'error'],
    ['a gateway without an answer', openai(502), 'ModelUnavailable', 'unknown', 'error'],
    ['no service', openai(503), 'ModelUnavailable', 'unknown', 'error'],
    ['a gateway that waited too long', anthropic(504), 'ModelUnavailable', 'unknown', 'error'],
    ['a request timeout', openai(408), 'ModelUnavailable', 'unknown', 'error'],
    ['a refused connection', causedBy('ECONNREFUSED'), 'ModelUnavailable', 'free', 'error'],
    ['a name that does not resolve', causedBy('ENOTFOUND'), 'ModelUnavailable', 'free', 'error'],
    ['a certificate that does not hold', causedBy('CERT_HAS_EXPIRED'), 'ModelUnavailable', 'free', 'error'],
    ['a reset after sending', causedBy('ECONNRESET'), 'ModelUnavailable', 'unknown', 'error'],
    ['a socket that closed', causedBy('UND_ERR_SOCKET', 'terminated'), 'ModelUnavailable', 'unknown', 'error'],
    [
      'a timeout of the SDK (anthropic)',
      new Anthropic.APIConnectionTimeoutError(),
      'ModelUnavailable',
      'unknown',
      'error',
    ],
    ['a timeout of the SDK (openai)', new OpenAI.APIConnectionTimeoutError(), 'ModelUnavailable', 'unknown', 'error'],
    ['an abort of the SDK', new Anthropic.APIUserAbortError(), 'ModelUnavailable', 'unknown', 'error'],
    [
      'a body that stalled',
      new DOMException('This operation was aborted', 'AbortError'),
      'ModelUnavailable',
      'unknown',
      'error',
    ],
    [
      'a deadline',
      new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
      'ModelUnavailable',
      'unknown',
      'error',
    ],
    ['an answer that is not JSON', new SyntaxError('Unexpected token <'), 'ModelUnavailable', 'unknown', 'error'],
    ['anything else', new Error('what is this'), 'ModelUnavailable', 'unknown', 'error'],
    ['a thrown nothing', undefined, 'ModelUnavailable', 'unknown', 'error'],
  ] as const)('%s', (_, error, type, charge, health) => {
    const read = classify(error);

    expect({ type: read.failure.type, charge: read.charge, health: read.health }).toEqual({ type, charge, health });
  });

  it('keeps the request id and leaves the provider’s own words out, as they may quote a key', () => {
    const { failure } = classify(openai(401, 'invalid_api_key', {}, 'Incorrect API key provided: sk-secret'));

    expect(JSON.stringify(failure)).not.toContain('sk-secret');
    expect(failure.details).toMatchObject({
      provider: 'somebody',
      model: 'some-model',
      status: 401,
      code: 'invalid_api_key',
      requestId: 'req_2',
    });
  });
});

describe('how long a provider asks us to wait', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['parts of a second', { 'retry-after': '0.25' }, 250],
    ['milliseconds, which go before seconds', { 'retry-after': '7', 'retry-after-ms': '120' }, 120],
    ['a date', { 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' }, 30_000],
    ['a date that has passed', { 'retry-after': 'Sun, 22 Nov 2026 09:59:00 GMT' }, 0],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['a negative number, which a lenient reader takes for a date', { 'retry-after': '-5' }, undefined],
    ['nothing', {}, undefined],
  ] as const)('%s', (_, headers, expected) => {
    expect(retryAfterMs(new Headers(headers), NOW)).toBe(expected);
    expect(retryAfterMs(headers, NOW)).toBe(expected);
  });

  it('reaches the classified error', () => {
    expect(classify(anthropic(429, 'rate_limit_error', undefined, { 'retry-after': '3' })).retryAfterMs).toBe(3000);
    expect(classify(openai(503, undefined, { 'retry-after-ms': '40' })).retryAfterMs).toBe(40);
    expect(classify(openai(500))).not.toHaveProperty('retryAfterMs');
  });
});
