import type { MicroUsd } from '../contracts/money.ts';
import { type Catalog, type CatalogRow, defaultCatalog, type Tier } from './catalog.ts';
import type { ModelRequest, Prices, Usage } from './model.ts';

/** What an agent lets one call be: bytes in, tokens out. */
export interface CallBounds {
  readonly maxInputBytes: number;
  readonly maxOutputTokens: number;
}

/** Tokens that a provider adds to a request by itself: roles, the wrapping of a tool or of an answer's schema. */
export const OVERHEAD_TOKENS = 1000;
const MILLION = 1_000_000;

/**
 * The length of a request as its bound is measured: UTF-8 bytes of system text, user text and schema. A token is at
 * least one byte of text, so with the overhead this is more tokens than any provider can count.
 */
export function requestBytes(request: Pick<ModelRequest, 'system' | 'user' | 'schema'>): number {
  return byteLength(request.system) + byteLength(request.user) + byteLength(JSON.stringify(request.schema));
}

export const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8');

/** What a call has cost, in micro-dollars, rounded up. */
export function costOf(prices: Prices, usage: Usage): MicroUsd {
  const total =
    usage.input * prices.input +
    usage.cacheRead * prices.cacheRead +
    usage.cacheWrite * prices.cacheWrite +
    usage.output * prices.output;
  return Math.ceil(total / MILLION);
}

/** The most that one call of this model can cost within the bounds, in micro-dollars, rounded up. */
export function worstCaseOf(row: Pick<CatalogRow, 'prices' | 'thinkingTokens'>, bounds: CallBounds): MicroUsd {
  const { prices } = row;
  const dearestInput = Math.max(prices.input, prices.cacheRead, prices.cacheWrite);
  const input = (bounds.maxInputBytes + OVERHEAD_TOKENS) * dearestInput;
  const output = (bounds.maxOutputTokens + row.thinkingTokens) * prices.output;
  return Math.ceil((input + output) / MILLION);
}

/** The most that one call can cost, whichever model of the tier is asked, in micro-dollars. A release holds this figure. */
export function worstCaseMicroUsd(tier: Tier, bounds: CallBounds, catalog: Catalog = defaultCatalog()): MicroUsd {
  return Math.max(...catalog.tiers[tier].map((row) => worstCaseOf(row, bounds)));
}

/** The usage to book where a provider answered without saying what it used: as much as the call can have had. */
export function usageAtBound(row: Pick<CatalogRow, 'thinkingTokens'>, request: ModelRequest): Usage {
  return {
    input: 0,
    cacheRead: 0,
    cacheWrite: requestBytes(request) + OVERHEAD_TOKENS,
    output: request.maxOutputTokens + row.thinkingTokens,
  };
}
