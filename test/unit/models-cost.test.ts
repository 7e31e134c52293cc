import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultCatalog, TIERS } from '../../models/catalog.ts';
import {
  costOf,
  OVERHEAD_TOKENS,
  requestBytes,
  usageAtBound,
  worstCaseMicroUsd,
  worstCaseOf,
} from '../../models/cost.ts';
import { modelRequest } from '../support/model-request.ts';

const PRICES = { input: 2_000_000, cacheRead: 200_000, cacheWrite: 2_500_000, output: 10_000_000 };
const NONE = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };

describe('what a call costs, in whole micro-dollars', () => {
  it.each([
    ['nothing used', NONE, 0],
    ['a thousand tokens in', { ...NONE, input: 1000 }, 2000],
    ['each kind at its own price', { input: 1000, cacheRead: 1000, cacheWrite: 1000, output: 1000 }, 14_700],
    ['a part of a micro-dollar is a whole one', { ...NONE, cacheRead: 1 }, 1],
  ] as const)('%s', (_, usage, expected) => {
    expect(costOf(PRICES, usage)).toBe(expected);
  });
});

describe('the worst case of a call', () => {
  it.each([
    ['fast', 3325],
    ['reasoning', 76_500],
    ['code', 76_500],
  ] as const)('is that of the dearest candidate of tier %s', (tier, expected) => {
    expect(worstCaseMicroUsd(tier, { maxInputBytes: 20_000, maxOutputTokens: 400 })).toBe(expected);
  });

  it('is the dearer one’s where prices differ, wherever that stands', () => {
    const catalog = defaultCatalog();
    const [cheap] = catalog.tiers.fast;
    const [dear] = catalog.tiers.code;
    if (!cheap || !dear) throw new Error('a tier without rows');
    const bounds = { maxInputBytes: 1000, maxOutputTokens: 100 };

    for (const fast of [
      [cheap, dear],
      [dear, cheap],
    ]) {
      const mixed = { ...catalog, tiers: { ...catalog.tiers, fast } };
      expect(worstCaseMicroUsd('fast', bounds, mixed)).toBe(worstCaseOf(dear, bounds));
    }
  });

  it('is never passed by any usage within the bounds, with any model of any tier', () => {
    const bounds = fc.record({ maxInputBytes: fc.nat(100_000), maxOutputTokens: fc.integer({ min: 1, max: 32_000 }) });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const place = fc.record({
      tier: fc.constantFrom(...TIERS),
      row: fc.nat(),
      shares: fc.tuple(share, share, share, share),
    });

    fc.assert(
      fc.property(bounds, place, (allowed, { tier, row, shares }) => {
        const rows = defaultCatalog().tiers[tier];
        const model = rows[row % rows.length];
        if (!model) throw new Error('a tier without rows');
        const [whole, cached, written, answered] = shares;
        const tokens = Math.floor((allowed.maxInputBytes + OVERHEAD_TOKENS) * whole);
        const cacheRead = Math.floor(tokens * cached);
        const cacheWrite = Math.floor((tokens - cacheRead) * written);
        const output = Math.floor((allowed.maxOutputTokens + model.thinkingTokens) * answered);
        const cost = costOf(model.prices, { input: tokens - cacheRead - cacheWrite, cacheRead, cacheWrite, output });

        expect(Number.isSafeInteger(cost)).toBe(true);
        expect(cost).toBeLessThanOrEqual(worstCaseOf(model, allowed));
        expect(cost).toBeLessThanOrEqual(worstCaseMicroUsd(tier, allowed));
      }),
      { numRuns: 500 },
    );
  });

  it('covers a call whose usage was not told', () => {
    const request = modelRequest();
    for (const row of defaultCatalog().rows.values()) {
      const bounds = { maxInputBytes: requestBytes(request), maxOutputTokens: request.maxOutputTokens };
      expect(costOf(row.prices, usageAtBound(row, request))).toBe(worstCaseOf(row, bounds));
    }
  });
});

it('a request is measured in bytes, not characters', () => {
  expect(requestBytes({ system: 'ä', user: '漢', schema: {} })).toBe(2 + 3 + 2);
});
