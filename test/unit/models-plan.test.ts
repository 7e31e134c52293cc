import { describe, expect, it } from 'vitest';
import { type CatalogRow, defaultCatalog } from '../../models/catalog.ts';
import { compatibleRow } from '../../models/compatible-row.ts';
import type { PlanRequest } from '../../models/model.ts';
import { EMBEDDED_MODEL, planCandidates, type Supply, worstCaseMicroUsd } from '../../models/plan.ts';

const BOUNDS = { maxInputBytes: 12_000, maxOutputTokens: 500 };
const HAIKU = 'claude-haiku-5-5';
const LUNA = 'gpt-6-luna';
const LOCAL = compatibleRow({ baseUrl: 'http://127.0.0.1:11434/v1', model: 'local' });

const request = (change: Partial<PlanRequest> = {}): PlanRequest => {
  const tier = change.tier ?? 'fast';
  return {
    tier,
    stakes: 'normal',
    failed: [],
    worstCaseMicroUsd: worstCaseMicroUsd(tier, BOUNDS),
    ...BOUNDS,
    ...change,
  };
};
const supply = (change: Partial<Supply> = {}): Supply => ({
  catalog: defaultCatalog(),
  providers: new Set(['anthropic', 'openai']),
  closedTo: () => undefined,
  ...change,
});
const closed =
  (...models: string[]): Supply['closedTo'] =>
  (model) =>
    models.includes(model) ? { why: 'breaker open', retryInMs: 5000 } : undefined;
const onlyOpenAi = new Set(['openai'] as const);
const noKey = new Set<never>();

const plan = (asked: Partial<PlanRequest>, has: Partial<Supply>) => planCandidates(request(asked), supply(has));
const names = (asked: Partial<PlanRequest>, has: Partial<Supply> = {}) =>
  plan(asked, has).candidates.map(({ model }) => model);

describe('who may be asked, in order (MC-66)', () => {
  it.each([
    ['the tier’s models, in the table’s order', {}, {}, [HAIKU, LUNA]],
    ['the reasoning tier', { tier: 'reasoning' }, {}, ['claude-sonnet-5-5', 'gpt-6.1-sol']],
    ['the code tier', { tier: 'code' }, {}, ['claude-sonnet-5-5', 'gpt-6.1-sol']],
    ['only those with a key', {}, { providers: onlyOpenAi }, [LUNA]],
    ['not one with an open breaker: the next stands in', {}, { closedTo: closed(HAIKU) }, [LUNA]],
    ['one that failed in this step comes last', { failed: [HAIKU] }, {}, [LUNA, HAIKU]],
    ['all failed: the order stays', { failed: [HAIKU, LUNA] }, {}, [HAIKU, LUNA]],
    ['a compatible endpoint comes after the table’s models', {}, { compatible: LOCAL }, [HAIKU, LUNA, 'local']],
    [
      'a compatible endpoint alone serves every tier',
      { tier: 'code' },
      { providers: noKey, compatible: LOCAL },
      ['local'],
    ],
    ['nobody, where all breakers are open', {}, { closedTo: closed(HAIKU, LUNA) }, []],
  ] as const)('%s', (_, asked, has, expected) => {
    expect(names(asked, has)).toEqual(expected);
  });

  it('says why the others may not, and when to ask again', () => {
    const { rejections } = plan({}, { providers: onlyOpenAi, closedTo: closed(LUNA) });

    expect(rejections).toEqual([
      { model: HAIKU, why: 'no key for anthropic' },
      { model: LUNA, why: 'breaker open', retryInMs: 5000 },
    ]);
  });
});

describe('high stakes are never substituted (MC-67)', () => {
  it.each([
    ['the first alone', {}, {}, [HAIKU]],
    ['the first of the configured providers', {}, { providers: onlyOpenAi }, [LUNA]],
    ['nobody, where its breaker is open', {}, { closedTo: closed(HAIKU) }, []],
    ['the same again, where it failed', { failed: [HAIKU] }, {}, [HAIKU]],
    ['nobody, where it could cost too much', { worstCaseMicroUsd: 1 }, {}, []],
  ] as const)('%s', (_, asked, has, expected) => {
    expect(names({ stakes: 'high', ...asked }, has)).toEqual(expected);
  });

  it('says that no other stands in', () => {
    const { rejections } = plan({ stakes: 'high' }, { closedTo: closed(HAIKU) });

    expect(rejections.map(({ why }) => why)).toEqual([
      'high stakes: no other model stands in for the first',
      'breaker open',
    ]);
  });
});

describe('bounds of price and size', () => {
  const dear: CatalogRow = {
    ...LOCAL,
    model: 'dear',
    prices: { input: 1, cacheRead: 1, cacheWrite: 1, output: 900_000_000 },
  };
  const small: CatalogRow = { ...LOCAL, model: 'small', contextTokens: 8000 };
  const terse: CatalogRow = { ...LOCAL, model: 'terse', outputTokens: 400 };

  it.each([
    ['dear', dear, 'a call could cost $0.450001, the release allows $0.002375'],
    ['small', small, 'a request of up to 13000 tokens is above its limit of 7500'],
    ['terse', terse, 'an answer of up to 500 tokens is above its limit of 400'],
  ] as const)('a model that is too %s is rejected', (model, compatible, why) => {
    const { candidates, rejections } = plan({}, { compatible });

    expect(candidates.map((one) => one.model)).toEqual([HAIKU, LUNA]);
    expect(rejections).toEqual([{ model, why }]);
  });

  it('a request that would be billed as long context goes to no such model', () => {
    const long = { maxInputBytes: 99_500, worstCaseMicroUsd: 1_000_000 };

    expect(names(long)).toEqual([LUNA]);
    expect(plan(long, {}).rejections[0]?.why).toBe('a request of up to 100500 tokens is above its limit of 100000');
  });
});

describe('simulated answers', () => {
  it('are given only without any key, at the price of the model they stand for', () => {
    const { candidates } = plan({ tier: 'reasoning' }, { providers: noKey });

    const { prices } = defaultCatalog().standsFor.reasoning;
    expect(candidates).toEqual([{ model: EMBEDDED_MODEL, provider: 'embedded', simulated: true, prices }]);
  });

  it.each([
    ['a key', { closedTo: closed(HAIKU, LUNA) }],
    ['a compatible endpoint', { providers: noKey, compatible: LOCAL, closedTo: closed('local') }],
  ] as const)('never stand in where there is %s, though nobody else is left', (_, has) => {
    expect(names({}, has)).toEqual([]);
  });

  it('are taken out like any other', () => {
    expect(names({}, { providers: noKey, closedTo: closed(EMBEDDED_MODEL) })).toEqual([]);
  });

  it('hold the release’s price like any other', () => {
    expect(names({ worstCaseMicroUsd: 10 }, { providers: noKey })).toEqual([]);
  });
});
