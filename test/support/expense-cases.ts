import { randomUUID } from 'node:crypto';
import type { ExpensePolicy } from '../../contracts/expense-policy.ts';
import type { Policy } from '../../contracts/policy.ts';
import { checkLines } from '../../tools/expenses/rules.ts';
import { matchClaim } from '../../tools/receipts/match.ts';
import { fakeRelease, POLICY } from './fake-release.ts';
import { FakeTools } from './fake-tools.ts';

type Call = Record<string, unknown>;

const covered = (
  id: string,
  category: ExpensePolicy['rules'][number]['category'],
  limitMinor: number | null = null,
) => ({
  id,
  category,
  says: `about ${category}`,
  limitMinor,
  verdict: 'covered' as const,
  ledgerCodes: [{ code: '6600', name: category }],
});

export const EXPENSES: ExpensePolicy = {
  currency: 'USD',
  managerFromMinor: 50_000,
  directorAboveMinor: 500_000,
  confidence: 0.8,
  receiptFromMinor: 2_500,
  duplicateDays: 90,
  splitDays: 7,
  ladders: {
    manager: [
      { role: 'manager', hours: 4 },
      { role: 'director', hours: 8 },
    ],
    director: [{ role: 'director', hours: 8 }],
  },
  rules: [
    covered('MEAL-1', 'meals', 7_500),
    covered('TRVL-1', 'transport'),
    { ...covered('OTHR-1', 'other'), verdict: 'ask' },
    { ...covered('PRIV-1', 'personal'), verdict: 'never', ledgerCodes: [] },
  ],
};

const limits = { capMicroUsd: 500_000, raiseCeilingMicroUsd: 2_000_000, modelCalls: 40, deadlineSeconds: 90 };

/** A release whose policy speaks of expenses, and of whatever else a test says. */
export const expenseRelease = (change: Partial<Policy> = {}) =>
  fakeRelease({
    policy: { processes: { ...POLICY.processes, approveExpense: limits }, expenses: EXPENSES, ...change },
    worstCaseMicroUsd: 5_000,
  });

export const DIRECTORY = [
  { person: 'carla', roles: ['compliance' as const], aliases: [] },
  { person: 'omar', roles: ['operations' as const], aliases: [] },
  { person: 'mia', roles: ['manager' as const], aliases: ['mia.keller'] },
  { person: 'max', roles: ['manager' as const], aliases: [] },
  { person: 'dora', roles: ['director' as const], aliases: [] },
];

/** The receipt that a line of this sum should have. */
export const receiptFor = (amount: string, merchant = 'Nordline Railways', date = '2026-03-03') =>
  ({ text: `${merchant}\nDate: ${date}\nTicket, second class\nTotal ${amount} USD\n` }) as const;

/** A line inside policy with its receipt. */
export const lineOf = (amountMinor: number, change: Call = {}) => ({
  lineId: 'train',
  date: '2026-03-03',
  merchant: 'Nordline Railways',
  amountMinor,
  currency: 'USD',
  memo: 'train ticket to the client',
  receipt: receiptFor((amountMinor / 100).toFixed(2)),
  ...change,
});

/** A report of its own, so that one case's effects are not another's. */
export const reportOf = (lines: readonly Call[], change: Call = {}) => ({
  requestId: `E-${randomUUID().slice(0, 13)}`,
  requestedBy: 'lena',
  employee: 'lena',
  lines,
  ...change,
});

/** What `expenses.file` answers of lines in the house's currency that nobody has claimed before, but for what a test says of one. */
export const filedAs =
  (of: Record<string, Call> = {}) =>
  ({ requestId, currency, lines }: Call): Call => ({
    requestId,
    currency,
    lines: (lines as Call[]).map(({ lineId, amountMinor }) => ({
      lineId,
      homeMinor: amountMinor,
      ratesOf: '2026-03-01',
      duplicate: 'none',
      related: [],
      ...of[String(lineId)],
    })),
  });

/** The process's tools: the pure ones are the real ones, and the register is in memory. */
export function expenseFakes(tools = new FakeTools()): FakeTools {
  return tools
    .answer('receipts.match', (call) => matchClaim(call as never))
    .answer('receipts.open', ({ requestId, lineId }) => ({
      requestId,
      lineId,
      state: 'unreadable',
      text: '',
      pages: 0,
    }))
    .answer('expenses.file', filedAs())
    .answer('expenses.check_policy', (call) => checkLines(call as never))
    .answer('expenses.annotate', ({ requestId, advice }) => ({ requestId, recommendationId: 'rec-1', advice }))
    .answer('expenses.withdraw', ({ requestId }) => ({ requestId, state: 'withdrawn' }))
    .answer('expenses.reimburse', ({ requestId, totalMinor, currency }) => ({
      requestId,
      reimbursementId: 'rei-1',
      totalMinor,
      currency,
      file: 'x.csv',
    }));
}
