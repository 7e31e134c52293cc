import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failed } from '../../contracts/failures.ts';
import type { ToolName } from '../../contracts/tools/index.ts';
import { openDatabase } from '../../tools/database.ts';
import { expenseTools } from '../../tools/expenses/offered.ts';
import { createLedger } from '../../tools/ledger.ts';
import { STORES } from '../support/databases.ts';
import { EXPENSE_SAMPLES } from '../support/expense-calls.ts';

type Line = Record<string, unknown>;
const line = (change: Line = {}): Line => ({
  lineId: 'a',
  date: '2026-03-03',
  merchant: 'Trattoria Verde',
  amountMinor: 4000,
  currency: 'USD',
  receipt: null,
  ...change,
});

describe.each(STORES)('the register of claims on %s', (_, openStore) => {
  let store: Awaited<ReturnType<typeof openStore>>;
  let database: Awaited<ReturnType<typeof openDatabase>>;
  let call: (name: ToolName, args: Record<string, unknown>, key: string) => Promise<Record<string, unknown>>;
  let reports = 0;

  beforeAll(async () => {
    store = await openStore();
    database = await openDatabase(store);
    const offered: Record<string, { run: ReturnType<typeof expenseTools>['expenses.file']['run'] }> = expenseTools(
      database,
      { stateDir: store.stateDir, leaseMs: 1000 },
      { ledger: createLedger(database), now: Date.now },
    );
    call = async (name, args, key) => {
      const tool = offered[name];
      if (!tool) throw new Error(`no tool ${name}`);
      return (await tool.run(args, { key, signal: AbortSignal.timeout(5000) })).answer;
    };
  });
  afterAll(async () => {
    await database.destroy();
    await store.stop();
  });

  const file = async (employee: string, lines: Line[], corrects: string | null = null) => {
    reports += 1;
    const requestId = `exp-${reports}`;
    const args = { requestId, corrects, employee, currency: 'USD', duplicateDays: 90, splitDays: 7, lines };
    const answer = await call('expenses.file', args, `file:${requestId}`);
    return { requestId, lines: answer['lines'] as { homeMinor: number; duplicate: string; related: unknown[] }[] };
  };
  const pay = (requestId: string, change: Record<string, unknown> = {}, key = `pay:${requestId}`) => {
    const sample = EXPENSE_SAMPLES['expenses.reimburse'].call();
    const lines = [{ lineId: 'a', homeMinor: 4000, ledgerCodes: ['6640'], agreedBy: 'policy', agreement: null }];
    const postings = [{ lineId: 'a', ledgerCode: '6640', text: 'dinner' }];
    return call('expenses.reimburse', { ...sample, requestId, lines, postings, ...change }, key);
  };
  const withdraw = (requestId: string) =>
    call('expenses.withdraw', { requestId, reason: 'refused' }, `withdraw:${requestId}`);
  const likeness = async (employee: string, first: Line, second: Line, by = employee) => {
    await file(employee, [line(first)]);
    return (await file(by, [line(second)])).lines[0]?.duplicate;
  };

  test.each<[string, Line, string]>([
    ['the same day, sum and merchant', {}, 'sure'],
    ['the same in other letters, with a branch', { merchant: 'TRATTORIA VERDE Ltd, 12' }, 'sure'],
    ['the same with a slip of a letter', { merchant: 'Trattorria Verde' }, 'sure'],
    ['the same day and sum elsewhere', { merchant: 'Nordline' }, 'likely'],
    ['the same sum at the same merchant 90 days on', { date: '2026-06-01' }, 'likely'],
    ['the same sum at the same merchant 91 days on', { date: '2026-06-02' }, 'none'],
    ['a cent more', { amountMinor: 4001 }, 'none'],
    ['the same number in another currency', { currency: 'EUR' }, 'none'],
  ])('knows %s', async (what, second, expected) => {
    expect(await likeness(`of ${what}`, {}, second)).toBe(expected);
  });

  test('knows a receipt again, whoever brings it and whatever the line says', async () => {
    const receipt = 'f'.repeat(64);
    expect(await likeness('first', { receipt }, { receipt, amountMinor: 77, date: '2026-05-05' }, 'second')).toBe(
      'sure',
    );
  });

  test('lets two employees eat at one place for one price', async () => {
    expect(await likeness('one', {}, {}, 'other')).toBe('none');
  });

  test('sees the second of two like lines in one report', async () => {
    const { lines } = await file('twice', [line(), line({ lineId: 'b' })]);
    expect(lines.map(({ duplicate }) => duplicate)).toEqual(['none', 'sure']);
  });

  test('lets one receipt stand for two lines of a report, for a person to see', async () => {
    const receipt = 'e'.repeat(64);
    const { lines } = await file('bill', [line({ receipt }), line({ lineId: 'b', amountMinor: 900, receipt })]);
    expect(lines.map(({ duplicate }) => duplicate)).toEqual(['none', 'likely']);
  });

  test('finds what was split off: close merchants within seven days, in other reports', async () => {
    const employee = 'splitter';
    const first = await file(employee, [line({ amountMinor: 49_999 })]);
    await file(employee, [
      line({ amountMinor: 100, date: '2026-03-11' }),
      line({ lineId: 'b', amountMinor: 200, merchant: 'Nordline' }),
    ]);
    const { lines } = await file(employee, [line({ amountMinor: 49_998, date: '2026-03-04' })]);
    expect(lines[0]?.related).toEqual([
      { requestId: first.requestId, lineId: 'a', homeMinor: 49_999 },
      expect.objectContaining({ homeMinor: 100 }),
    ]);
  });

  test('counts all that was split off: a crowd of small claims hides no large one, and is not left out itself', async () => {
    const employee = 'crowd';
    for (let number = 0; number < 30; number++) await file(employee, [line({ amountMinor: 1_000 + number })]);
    await file(employee, [line({ amountMinor: 49_000 })]);
    const { lines } = await file(employee, [line({ amountMinor: 500 })]);
    const related = lines[0]?.related as { homeMinor: number }[];
    expect(related).toHaveLength(20);
    expect(related[0]?.homeMinor).toBe(49_000);
    const all = 49_000 + Array.from({ length: 30 }, (_, number) => 1_000 + number).reduce((sum, one) => sum + one, 0);
    expect(related.reduce((sum, { homeMinor }) => sum + homeMinor, 0)).toBe(all);
  });

  test('does not hold against anybody what was refused: a corrected report is no duplicate of its own', async () => {
    const refused = await file('corrector', [line()]);
    await withdraw(refused.requestId);
    expect((await file('corrector', [line()])).lines[0]?.duplicate).toBe('none');
  });

  test('lets a correction take the place of a report that is open, which then cannot be paid', async () => {
    const open = await file('hasty', [line()]);
    const better = await file('hasty', [line()], open.requestId);
    expect(better.lines[0]?.duplicate).toBe('none');
    await expect(pay(open.requestId)).rejects.toThrow(Failed);
    expect(await pay(better.requestId)).toMatchObject({ totalMinor: 4000 });
    const again = await file('hasty', [line()], better.requestId);
    expect(again.lines[0]?.duplicate).toBe('sure');
  });

  test('does not let anybody correct the report of somebody else', async () => {
    const open = await file('victim', [line()]);
    await expect(file('thief', [line({ merchant: 'Else' })], open.requestId)).rejects.toMatchObject({
      failure: { type: 'ToolRejected' },
    });
  });

  test('of ten filed at once lets one through, and nine know of it', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => file('racer', [line()])));
    expect(all.map(({ lines }) => lines[0]?.duplicate).sort()).toEqual(['none', ...Array(9).fill('sure')]);
  });

  test('converts at the day of the expense, and refuses a day without a rate', async () => {
    const { lines } = await file('traveller', [
      line({ currency: 'EUR', date: '2026-03-03' }),
      line({ lineId: 'b', currency: 'EUR', date: '2026-09-03' }),
    ]);
    expect(new Set(lines.map(({ homeMinor }) => homeMinor)).size).toBe(2);
    await expect(file('historian', [line({ currency: 'EUR', date: '1999-01-01' })])).rejects.toMatchObject({
      failure: { type: 'ToolRejected', details: { reason: 'the table of rates does not cover the day' } },
    });
  });

  test('pays a report once, under one key or two, and only at the sums on file', async () => {
    const { requestId } = await file('payee', [line()]);
    const more = {
      lines: [{ lineId: 'a', homeMinor: 5000, ledgerCodes: ['6640'], agreedBy: 'policy', agreement: null }],
      totalMinor: 5000,
    };
    await expect(pay(requestId, more, 'more')).rejects.toMatchObject({
      failure: { details: { reason: 'a line is not on file at this sum' } },
    });
    const first = await pay(requestId);
    expect(await pay(requestId)).toEqual(first);
    await expect(pay(requestId, {}, 'another key')).rejects.toMatchObject({ failure: { type: 'ToolRejected' } });
    await expect(withdraw(requestId)).rejects.toMatchObject({ failure: { details: { reason: 'the report is paid' } } });
  });

  test.each([
    ['a total that is none', { totalMinor: 4001 }],
    ['a code that the line may not have', { postings: [{ lineId: 'a', ledgerCode: '9999', text: 'dinner' }] }],
    ['a posting of another line', { postings: [{ lineId: 'b', ledgerCode: '6640', text: 'dinner' }] }],
  ])('pays nothing for %s', async (_what, change) => {
    const { requestId } = await file(`never ${_what}`, [line()]);
    await expect(pay(requestId, change)).rejects.toMatchObject({ failure: { type: 'ToolRejected' } });
  });

  test('does not file what was withdrawn before it came', async () => {
    await withdraw(`exp-${reports + 1}`);
    await expect(file('late', [line()])).rejects.toMatchObject({ failure: { type: 'ToolRejected' } });
  });

  test('exports balanced rows with ledger codes, in which nothing is a formula', async () => {
    const { requestId } = await file('=cmd', [line()]);
    const { file: name } = await pay(requestId, { employee: '=1+1' });
    const rows = (await readFile(join(store.stateDir, 'exports', String(name)), 'utf8')).trim().split('\r\n');
    expect(rows).toEqual([
      '"report","line","account","debit","credit","currency","text","agreed by","reference"',
      `"${requestId}","a","6640","40.00","","USD","dinner","policy","pay:${requestId}"`,
      `"${requestId}","","1740","","40.00","USD","payable to =1+1","","pay:${requestId}"`,
    ]);
    expect((await readdir(join(store.stateDir, 'exports'))).filter((each) => each.startsWith('.'))).toEqual([]);
  });
});
