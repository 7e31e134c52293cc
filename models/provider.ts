import { fail } from '../contracts/failures.ts';
import type { CallHealth } from './breaker.ts';
import type { CatalogRow } from './catalog.ts';
import { classifyError } from './classify-error.ts';
import { OVERHEAD_TOKENS, requestBytes } from './cost.ts';
import type { ModelReply, ModelRequest } from './model.ts';

type WithoutTime<R> = R extends ModelReply ? Omit<R, 'ms'> : never;
/** A reply before its time is known. */
export type Outcome = WithoutTime<ModelReply>;

/** One wire: sends a request and reads its answer. It may throw; `ask` makes a reply of that. */
export type Provider = (row: CatalogRow, request: ModelRequest, signal: AbortSignal) => Promise<Outcome>;

/** A reply, and what it says about the model's health. */
export interface Asked {
  readonly reply: ModelReply;
  readonly health: CallHealth;
}

/**
 * One call under the request's deadline and cancellation; the SDKs' own timeouts do not cover a body that stalls.
 * It never throws: whatever goes wrong is a reply that says so, and what it may have cost.
 */
export async function ask(
  provider: Provider,
  row: CatalogRow,
  request: ModelRequest,
  now: () => number,
): Promise<Asked> {
  const notSent = whyNotSent(row, request);
  if (notSent) return { reply: { ...notSent, ms: 0 }, health: 'unrelated' };

  const began = performance.now();
  const sinceBegan = () => Math.round(performance.now() - began);
  try {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]);
    const outcome = await provider(row, request, signal);
    return { reply: { ...outcome, ms: sinceBegan() }, health: outcome.kind === 'failed' ? 'error' : 'ok' };
  } catch (error) {
    const { health, ...failed } = classifyError(error, { provider: row.provider, model: row.model, now: now() });
    const cancelled = request.signal.aborted;
    return { reply: { kind: 'failed', ...failed, ms: sinceBegan() }, health: cancelled ? 'unrelated' : health };
  }
}

function whyNotSent(row: CatalogRow, request: ModelRequest): Outcome | undefined {
  const details = { provider: row.provider, model: row.model };
  if (request.signal.aborted) {
    return {
      kind: 'failed',
      failure: fail('ModelUnavailable', `${row.model}: cancelled before it was asked`, details),
      charge: 'free',
    };
  }
  const tokens = requestBytes(request) + OVERHEAD_TOKENS;
  const limit = row.longContextAbove ?? row.contextTokens;
  if (tokens <= limit) return undefined;
  const says = `${row.model}: a request of up to ${tokens} tokens is above its limit of ${limit}`;
  return { kind: 'failed', failure: fail('RequestTooLong', says, { ...details, tokens, limit }), charge: 'free' };
}

/** A failure inside an answer that arrived: it may have been billed. */
export function failedAnswer(
  row: CatalogRow,
  says: string,
  type: 'ModelUnavailable' | 'ModelRateLimited' = 'ModelUnavailable',
): Outcome {
  const details = { provider: row.provider, model: row.model };
  return { kind: 'failed', failure: fail(type, `${row.model}: ${says}`, details), charge: 'unknown' };
}
