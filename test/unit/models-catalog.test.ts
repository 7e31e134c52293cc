import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultCatalog, loadCatalog, TIERS } from '../../models/catalog.ts';

const PACKAGED = readFileSync(new URL('../../models/prices.json', import.meta.url), 'utf8');

interface TableText {
  tiers: Record<string, string[]>;
  rows: { model: string; effectiveFrom: string; prices: Record<string, number> }[];
}

function tableWith(change: (table: TableText) => void): string {
  const table: TableText = JSON.parse(PACKAGED);
  change(table);
  return write(JSON.stringify(table));
}

function write(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'prices-')), 'prices.json');
  writeFileSync(file, text);
  return file;
}

describe('the packaged price table', () => {
  const { rows } = defaultCatalog();

  it.each([
    // US dollars per million tokens, as the providers list them
    ['claude-haiku-5-5', 0.1, 0.5, 100_000],
    ['claude-sonnet-5-5', 2, 10, null],
    ['claude-opus-5-5', 4, 20, null],
    ['gpt-6-luna', 0.1, 0.5, 272_000],
    ['gpt-6.1-sol', 2, 10, 272_000],
  ] as const)('%s', (model, input, output, longContextAbove) => {
    expect(rows.get(model)).toMatchObject({ prices: { input: input * 1e6, output: output * 1e6 }, longContextAbove });
  });

  it('asks no forced tool of models that refuse one', () => {
    expect(
      ['claude-haiku-5-5', 'claude-sonnet-5-5', 'claude-opus-5-5'].map((model) => rows.get(model)?.forcedTool),
    ).toEqual([false, false, false]);
  });

  it('knows exact names only', () => {
    expect(rows.has('claude-sonnet')).toBe(false);
    expect(rows.has('claude-sonnet-5-5-20261007')).toBe(false);
  });

  it('has two providers in every tier, so that one can fail', () => {
    for (const tier of TIERS) expect(new Set(defaultCatalog().tiers[tier].map((row) => row.provider)).size).toBe(2);
  });
});

describe('an operator’s price table', () => {
  it('takes the place of the packaged one', () => {
    const file = tableWith(({ tiers }) => {
      tiers.fast = ['gpt-6-luna'];
    });

    expect(loadCatalog(file).tiers.fast.map((row) => row.model)).toEqual(['gpt-6-luna']);
  });

  it('may hold a coming price, which counts from its day on', () => {
    const file = tableWith(({ rows }) => {
      const [first] = rows;
      if (first) rows.push({ ...first, effectiveFrom: '2027-01-01', prices: { ...first.prices, input: 7 } });
    });

    expect(loadCatalog(file, '2026-12-31').rows.get('claude-haiku-5-5')?.prices.input).toBe(100_000);
    expect(loadCatalog(file, '2027-01-01').rows.get('claude-haiku-5-5')?.prices.input).toBe(7);
  });

  const withUnknownModel = tableWith(({ tiers }) => {
    tiers.code = ['gpt-7'];
  });
  const withPartOfAPrice = tableWith(({ rows }) => {
    Object.assign(rows[0]?.prices ?? {}, { input: 0.1 });
  });

  it.each([
    ['is not there', '/nowhere/prices.json', 'it cannot be read'],
    ['is not JSON', write('{'), 'it is not JSON'],
    ['has a tier of a model without a row', withUnknownModel, 'no price in force on 2026-11-22 for gpt-7'],
    ['has a price that is not whole', withPartOfAPrice, 'rows[0].prices.input'],
  ] as const)('is refused where it %s', (_, file, says) => {
    const problem = { name: 'ModelMisconfigured', message: expect.stringContaining(says) };

    expect(() => loadCatalog(file, '2026-11-22')).toThrow(expect.objectContaining(problem));
  });
});
