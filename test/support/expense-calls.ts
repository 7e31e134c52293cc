import type { Sample } from './tool-calls.ts';

const LINE = { lineId: 'train', homeMinor: 4000, ledgerCodes: ['6672'], agreedBy: 'policy', agreement: null };
const FILED = {
  lineId: 'train',
  date: '2026-03-03',
  merchant: 'Nordline Railways',
  amountMinor: 4000,
  currency: 'USD',
  receipt: null,
};
const WEIGHED = {
  lineId: 'train',
  homeMinor: 4000,
  category: 'transport',
  proposed: 'pay',
  findings: [{ rule: 'TRVL-1', says: 'is covered' }],
};

/** One good call of each tool of the expense process. */
export const EXPENSE_SAMPLES = {
  'receipts.open': {
    call: () => ({ requestId: 'exp-1', lineId: 'train', pdf: Buffer.from('no PDF').toString('base64') }),
    otherGuarded: { lineId: 'hotel' },
    says: { requestId: 'exp-1', lineId: 'train', state: 'unreadable' },
  },
  'receipts.match': {
    call: () => ({
      requestId: 'exp-1',
      lineId: 'train',
      claimed: { merchant: 'Nordline', date: '2026-03-03', amountMinor: 4000, currency: 'USD' },
      merchant: 'NORDLINE RAILWAYS Ltd',
      date: '2026-03-03',
      total: '40.00',
      currency: 'USD',
    }),
    inOtherWords: { total: '41.00' },
    otherGuarded: { lineId: 'hotel' },
    says: { state: 'match', fields: [] },
  },
  'expenses.file': {
    call: () => ({
      requestId: 'exp-1',
      corrects: null,
      employee: 'lena.brandt',
      currency: 'USD',
      duplicateDays: 90,
      splitDays: 7,
      lines: [FILED],
    }),
    otherGuarded: { employee: 'eve' },
    says: { requestId: 'exp-1', lines: [{ lineId: 'train', homeMinor: 4000, duplicate: 'none', related: [] }] },
  },
  'expenses.withdraw': {
    call: () => ({ requestId: 'exp-9', reason: 'the case ended' }),
    inOtherWords: { reason: 'another reason' },
    otherGuarded: { requestId: 'exp-8' },
    says: { requestId: 'exp-9', state: 'never-filed' },
  },
  'expenses.check_policy': {
    call: () => ({
      requestId: 'exp-1',
      currency: 'USD',
      receiptFromMinor: 2500,
      rules: [{ id: 'TRVL-1', category: 'transport', limitMinor: null, verdict: 'covered' }],
      facts: [{ lineId: 'train', homeMinor: 4000, receipt: 'match', duplicate: 'none' }],
      categories: [{ lineId: 'train', category: 'transport', cites: ['TRVL-1'] }],
    }),
    inOtherWords: { categories: [{ lineId: 'train', category: 'meals', cites: ['MEAL-1'] }] },
    otherGuarded: { receiptFromMinor: 1 },
    says: { lines: [{ lineId: 'train', category: 'transport', verdict: 'inside' }] },
  },
  'expenses.annotate': {
    call: () => ({
      requestId: 'exp-1',
      tier: 'automatic',
      currency: 'USD',
      totalMinor: 4000,
      lines: [WEIGHED],
      advice: [{ lineId: 'train', verdict: 'approve', ruleIds: ['TRVL-1'], evidence: 'is covered' }],
    }),
    inOtherWords: { advice: [{ lineId: 'train', verdict: 'look-closer', ruleIds: [], evidence: 'hm' }] },
    otherGuarded: { tier: 'manager' },
    says: { requestId: 'exp-1' },
  },
  'expenses.reimburse': {
    call: () => ({
      requestId: 'exp-1',
      employee: 'lena.brandt',
      currency: 'USD',
      totalMinor: 4000,
      lines: [LINE],
      postings: [{ lineId: 'train', ledgerCode: '6672', text: 'train ticket' }],
    }),
    inOtherWords: { postings: [{ lineId: 'train', ledgerCode: '6672', text: 'railway' }] },
    otherGuarded: { employee: 'eve' },
    says: { requestId: 'exp-1', totalMinor: 4000, currency: 'USD' },
  },
} satisfies Record<string, Sample>;
