import { byteLength, costOf } from '../../models/cost.ts';
import type { Prices, Usage } from '../../models/model.ts';

/** What was asked of models for one order. Costs are micro-dollars. */
export interface Spent {
  calls: number;
  bytes: number;
  tokensIn: number;
  tokensOut: number;
  costMicroUsd: number;
  /** The same, if all that was sent once in a conversation could be read from the provider's cache from then on. */
  cachedMicroUsd: number;
}

export const nothingSpent = (): Spent => ({
  calls: 0,
  bytes: 0,
  tokensIn: 0,
  tokensOut: 0,
  costMicroUsd: 0,
  cachedMicroUsd: 0,
});

/**
 * Adds a call. `repeated` is the part of the bytes that the call before it had sent already; left out where the call is
 * no part of a conversation, and so worth no place in a cache.
 */
export function spend(spent: Spent, prices: Prices, usage: Usage, bytes: number, repeated?: number): void {
  const cost = costOf(prices, usage);
  spent.calls += 1;
  spent.bytes += bytes;
  spent.tokensIn += usage.input;
  spent.tokensOut += usage.output;
  spent.costMicroUsd += cost;
  if (repeated === undefined) {
    spent.cachedMicroUsd += cost;
    return;
  }
  const cacheRead = Math.floor((usage.input * repeated) / bytes);
  spent.cachedMicroUsd += costOf(prices, { ...usage, input: 0, cacheRead, cacheWrite: usage.input - cacheRead });
}

/** A usual length of a token, in bytes: the embedded model counts the same way. */
const BYTES_PER_TOKEN = 4;

export const tokensOf = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);
export const bytesOf = (value: unknown): number => byteLength(JSON.stringify(value));
