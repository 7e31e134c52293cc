import { describe, expect, test } from 'vitest';
import { agents } from '../../agents/index.ts';
import { beyondLimits, isBeyondLimit } from '../../contracts/automatic-limits.ts';
import type { OrderPolicy } from '../../contracts/order-policy.ts';
import { publishRelease } from '../../prompts/publish.ts';
import { EXPENSES } from '../support/expense-cases.ts';
import { promptsFolder } from '../support/prompts-folder.ts';
import { failureOf } from '../support/releases.ts';

const ORDERS: OrderPolicy = {
  reservationMinutes: 30,
  quoteMinutes: 30,
  rounds: 3,
  highValueMinor: { EUR: 500_000 },
  customer: [{ role: 'customer', hours: 1 }],
  money: [{ role: 'manager', hours: 1 }],
};

describe('what a tool does without a person', () => {
  test.each([
    ['expenses.reimburse', 'USD', 49_999, false],
    ['expenses.reimburse', 'USD', 50_000, true],
    ['expenses.reimburse', 'EUR', 1, true],
    ['orders.create', 'EUR', 499_999, false],
    ['orders.create', 'constructor', 1, true],
    ['toString', 'USD', 1, true],
    ['certificates.issue', 'EUR', 1, true],
    ['orders.create', 'EUR', Number.NaN, true],
  ])('%s in %s of %d is beyond it: %s', (tool, currency, minor, beyond) => {
    expect(isBeyondLimit(tool, { sum: { minor, currency }, grants: [] })).toBe(beyond);
  });

  test('is nothing where no sum is said', () => {
    expect(isBeyondLimit('orders.create', { grants: [] })).toBe(true);
  });
});

describe('a policy', () => {
  const problems = (expenses: object, highValueMinor: Record<string, number>) =>
    beyondLimits({ id: 'p-1', expenses: { ...EXPENSES, ...expenses }, orders: { ...ORDERS, highValueMinor } });

  test('may ask people as early as it likes', () => {
    expect(problems({}, { EUR: 500_000, GBP: 1, USD: 550_000 })).toEqual([]);
    expect(beyondLimits({ id: 'p-1' })).toEqual([]);
  });

  test('may not ask them later than the tools do (BA-87)', () => {
    expect(problems({ managerFromMinor: 50_001 }, { EUR: 500_001 })).toEqual([
      'The policy p-1 asks people from 50001 USD minor units on, and expenses.reimburse does less than 50000 without them.',
      'The policy p-1 asks people from 500001 EUR minor units on, and orders.create does less than 500000 without them.',
    ]);
  });

  test('that does is not published', async () => {
    const folder = await promptsFolder();
    const policy = JSON.parse(await folder.read('policies/standard-1.json'));
    const easy = { ...policy, id: 'easy-1', expenses: { ...policy.expenses, managerFromMinor: 60_000 } };
    await folder.write('policies/easy-1.json', JSON.stringify(easy));
    const published = publishRelease(folder.files(), agents, { policy: 'easy-1', note: 'easy' });
    expect((await failureOf(published)).message).toContain('The policy easy-1 asks people from 60000 USD');
  });

  test('may not do in a currency what the tools never do in it by themselves', () => {
    expect(problems({ currency: 'EUR' }, { CHF: 100 })).toHaveLength(2);
  });
});
