import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { minorOf, showAmount } from '../../contracts/amounts.ts';
import { type CheckedLine, tierOf, weigh } from '../../contracts/expense-tiers.ts';
import { Policy } from '../../contracts/policy.ts';
import { closeMerchants } from '../../tools/expenses/merchants.ts';
import { convert } from '../../tools/expenses/rates.ts';

const policy = Policy.parse(
  JSON.parse(readFileSync(new URL('../../prompts/policies/standard-7.json', import.meta.url), 'utf8')),
);
const { expenses } = policy;
if (!expenses) throw new Error('the policy says nothing about expenses');

const line = (lineId: string, homeMinor: number, change: Partial<CheckedLine> = {}): CheckedLine => ({
  lineId,
  homeMinor,
  category: 'transport',
  verdict: 'inside',
  findings: [],
  related: [],
  confidence: 0.95,
  ...change,
});

describe('the tiers of the released policy', () => {
  test.each([
    [0, 'automatic'],
    [49_999, 'automatic'],
    [50_000, 'manager'],
    [500_000, 'manager'],
    [500_001, 'director'],
    [1_000_000_000, 'director'],
  ])('%i is %s (EX-18, EX-20, EX-22)', (minor, tier) => expect(tierOf(minor, expenses)).toBe(tier));

  test('have figures under ceilings that are code: no file makes 1,000.01 automatic', () => {
    const bold = { ...policy, expenses: { ...expenses, managerFromMinor: 100_001 } };
    expect(Policy.safeParse(bold).success).toBe(false);
  });

  test('have one rule for each category, and codes wherever something can be paid', () => {
    for (const { verdict, ledgerCodes } of expenses.rules) expect(ledgerCodes.length > 0).toBe(verdict !== 'never');
  });
});

describe('weighing', () => {
  const proposed = (lines: CheckedLine[]) => weigh(lines, expenses).lines.map((each) => each.proposed);

  test.each<[string, CheckedLine[], string[], string]>([
    ['inside policy and sure', [line('a', 49_999)], ['pay'], 'automatic'],
    ['outside policy', [line('a', 1, { verdict: 'outside' })], ['ask'], 'automatic'],
    ['never', [line('a', 900_000, { verdict: 'never' })], ['refuse'], 'automatic'],
    ['unsure', [line('a', 1, { confidence: 0.79 })], ['ask'], 'automatic'],
    ['just sure enough', [line('a', 1, { confidence: 0.8 })], ['pay'], 'automatic'],
    ['two that come to a tier together', [line('a', 25_000), line('b', 25_000)], ['ask', 'ask'], 'manager'],
    [
      'a refused one does not count',
      [line('a', 49_999), line('b', 25_000, { verdict: 'never' })],
      ['pay', 'refuse'],
      'automatic',
    ],
  ])('%s (EX-19, EX-23)', (_, lines, ways, tier) => {
    expect(proposed(lines)).toEqual(ways);
    expect(weigh(lines, expenses).tier).toBe(tier);
  });

  test('counts each related claim once, however many lines it is close to, and only beside lines that stand', () => {
    const related = [{ requestId: 'E-2', lineId: 'x', homeMinor: 30_000 }];
    const both = [line('a', 10_000, { related }), line('b', 9_999, { related })];
    expect(weigh(both, expenses).tier).toBe('automatic');
    expect(weigh([line('a', 20_000, { related })], expenses)).toMatchObject({
      tier: 'manager',
      lines: [{ findings: [{ rule: 'SPLT-1', says: 'with 1 close claims it comes to 500.00 USD' }] }],
    });
    expect(weigh([line('a', 20_000, { related, verdict: 'never' })], expenses).tier).toBe('automatic');
    const more = [{ requestId: 'E-2', lineId: 'x', homeMinor: 45_000 }];
    expect(weigh([line('a', 2_500, { related: more }), line('b', 2_500, { related })], expenses).tier).toBe('manager');
  });
});

test('a house may begin with people alone: from the first cent on a manager decides', () => {
  const careful = { ...expenses, managerFromMinor: 1 };
  expect(Policy.safeParse({ ...policy, expenses: careful }).success).toBe(true);
  expect(weigh([line('a', 1)], careful)).toMatchObject({ tier: 'manager', lines: [{ proposed: 'ask' }] });
});

describe('money', () => {
  test.each([
    [49_999, 'USD', '499.99 USD'],
    [5, 'EUR', '0.05 EUR'],
    [1250, 'JPY', '1250 JPY'],
    [1250, 'KWD', '1.250 KWD'],
    [0, 'KWD', '0.000 KWD'],
  ] as const)('%i of %s is %s', (minor, currency, shown) => expect(showAmount(minor, currency)).toBe(shown));

  test.each([
    ['12.5', 'EUR', 1250],
    ['12', 'EUR', 1200],
    ['12.505', 'EUR', undefined],
    ['12.500', 'EUR', 1250],
    ['1800', 'JPY', 1800],
    ['18.00', 'JPY', 18],
    ['18.5', 'JPY', undefined],
    ['1.234', 'KWD', 1234],
    ['1,234.00', 'EUR', undefined],
    ['NaN', 'EUR', undefined],
    ['-1', 'EUR', undefined],
    ['', 'EUR', undefined],
  ] as const)('%s %s in minor units', (text, currency, minor) => expect(minorOf(text, currency)).toBe(minor));

  const rows = [
    { from: '2026-01-01', perEuroMillionths: { EUR: 1_000_000, USD: 1_100_000, JPY: 160_000_000, KWD: 340_000 } },
    { from: '2026-02-01', perEuroMillionths: { EUR: 1_000_000, USD: 1_200_000, JPY: 160_000_000, KWD: 340_000 } },
  ];
  test.each([
    [10_000, 'EUR', '2026-01-31', 11_000],
    [10_000, 'EUR', '2026-02-01', 12_000],
    [16_000, 'JPY', '2026-01-15', 11_000],
    [340, 'KWD', '2026-01-15', 110],
    [1, 'JPY', '2026-01-15', 1],
    [7, 'USD', '2026-01-15', 7],
  ] as const)('%i %s of %s comes to %i cents of a dollar', (minor, from, day, cents) => {
    expect(convert(minor, { from, to: 'USD', day }, rows).minor).toBe(cents);
  });

  test.each(['2025-12-31', '2026-03-05'])('the table does not reach to %s', (day) => {
    expect(() => convert(1, { from: 'EUR', to: 'USD', day }, rows)).toThrow('The tool refused the call.');
  });
});

test.each([
  ['Nordline', 'NORDLINE RAILWAYS Ltd', true],
  ['Café Blau', 'CAFE BLAU 0042', true],
  ['Trattoria Verde', 'Trattorria Verde', true],
  ['Polski Koncern ORLEN S.A.', 'ORLEN', true],
  ['Nordline', 'Nordwind', false],
  ['GmbH', 'AG', false],
  ['Hotel Kranich', 'Hotel Seeblick', false],
])('%s and %s can be one merchant: %s', (one, other, close) => expect(closeMerchants(one, other)).toBe(close));
