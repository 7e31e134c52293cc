import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CaseStatus, OpenRequest } from '../../contracts/messages.ts';
import {
  DIRECTORY,
  EXPENSES,
  expenseFakes,
  expenseRelease,
  filedAs,
  lineOf,
  receiptFor,
  reportOf,
} from '../support/expense-cases.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine({ people: DIRECTORY });
});
afterAll(() => spine.stop());
beforeEach(() => {
  spine.reset(expenseRelease());
  expenseFakes(spine.tools);
});

const start = (input: unknown) => spine.start('approveExpense', input);
const paid = () => spine.tools.effects.filter(({ tool }) => tool === 'expenses.reimburse').map(({ call }) => call);
const asked = async (handle: WorkflowHandle): Promise<CaseStatus['waiting']> => {
  await openRequest(handle);
  return (await status(handle)).waiting;
};
/** Waits for a request, has it answered, and gives the outcome. */
const answeredBy = async (handle: WorkflowHandle, by: string, verdict = 'go-on', more: object = {}) => {
  const request = await openRequest(handle);
  await answer(handle, request, verdict, by, more);
  return { request, result: await handle.result() };
};

describe('a report below 500.00 inside policy', () => {
  it('of 499.99 is paid without a person, and every step is recorded with its confidence (EX-18, EX-21)', async () => {
    const handle = await start(reportOf([lineOf(49_999)]));
    expect(await handle.result()).toEqual({
      outcome: 'reimbursed',
      tier: 'automatic',
      totalMinor: 49_999,
      currency: 'USD',
      lines: [{ lineId: 'train', decision: 'reimbursed', decidedBy: 'policy', rules: ['TRVL-1'] }],
      reimbursementId: 'rei-1',
    });
    expect(spine.tools.order).toEqual([
      'receipts.match',
      'expenses.file',
      'expenses.check_policy',
      'expenses.annotate',
      'expenses.reimburse',
      'audit.append',
    ]);
    const lines = spine.decisions.filter(({ caseId }) => caseId === handle.workflowId);
    for (const line of lines) expect(line).toMatchObject({ outcome: 'done', confidence: expect.any(Number) });
    expect(JSON.stringify(lines)).not.toMatch(/Nordline|lena/);
  });

  it('keeps a recommendation with verdict, rule ids and evidence (EX-21)', async () => {
    await (await start(reportOf([lineOf(49_999)]))).result();
    const kept = spine.tools.effects.find(({ tool }) => tool === 'expenses.annotate')?.call;
    expect(kept).toMatchObject({
      tier: 'automatic',
      advice: [
        { lineId: 'train', verdict: 'approve', ruleIds: ['TRVL-1'], evidence: '499.99 USD for transport: is covered.' },
      ],
    });
  });
});

describe('a line outside policy is never automatic, however small (EX-19)', () => {
  const meal = { lineId: 'meal', merchant: 'Trattoria Verde', memo: 'dinner on the road' };

  it.each<[string, object, string]>([
    [
      'above the limit of its category',
      lineOf(7_501, { ...meal, receipt: receiptFor('75.01', meal.merchant) }),
      'MEAL-1',
    ],
    [
      'of a category that a person decides about',
      lineOf(49_999, { memo: 'something', merchant: 'Zyx', receipt: receiptFor('499.99', 'Zyx') }),
      'OTHR-1',
    ],
    ['without a receipt', lineOf(2_500, { receipt: undefined }), 'RCPT-1'],
    ['with a receipt over another sum', lineOf(2_000, { receipt: receiptFor('19.99') }), 'RCPT-2'],
    ['with a receipt of another merchant', lineOf(2_000, { receipt: receiptFor('20.00', 'Cafe Blau') }), 'RCPT-2'],
    [
      'with a receipt of another day',
      lineOf(2_000, { receipt: receiptFor('20.00', undefined, '2026-03-04') }),
      'RCPT-2',
    ],
    [
      'with a receipt in dollars of nobody knows where',
      lineOf(2_000, { receipt: { text: 'Nordline Railways\nDate: 2026-03-03\nTotal $20.00' } }),
      'RCPT-3',
    ],
    [
      'with a PDF that nobody can read',
      lineOf(2_000, { receipt: { pdf: Buffer.from('%PDF-?').toString('base64') } }),
      'RCPT-3',
    ],
  ])('%s', async (_, line, rule) => {
    const handle = await start(reportOf([JSON.parse(JSON.stringify(line))]));
    const [request] = await asked(handle);
    expect(request).toMatchObject({
      kind: 'finding',
      role: 'manager',
      call: { findings: expect.arrayContaining([expect.objectContaining({ rule })]) },
    });
    expect(paid()).toEqual([]);
    await answer(handle, request as OpenRequest, 'reject', 'mia', { reason: 'not ours' });
    expect(await handle.result()).toMatchObject({ outcome: 'refused', tier: 'automatic', totalMinor: 0 });
    expect(spine.tools.order).toContain('expenses.withdraw');
  });

  it('and a small line needs no receipt', async () => {
    const handle = await start(reportOf([lineOf(2_499, { receipt: undefined })]));
    expect(await handle.result()).toMatchObject({ outcome: 'reimbursed' });
  });
});

describe('the tiers', () => {
  it.each([50_000, 500_000])('ask a manager about %i, with the recommendation (EX-20, EX-21)', async (amount) => {
    const handle = await start(reportOf([lineOf(amount)]));
    const { request, result } = await answeredBy(handle, 'mia');
    expect(request).toMatchObject({
      role: 'manager',
      model: expect.any(String),
      prompt: expect.stringMatching(/^v1 /),
      confidence: expect.any(Number),
      call: {
        homeMinor: amount,
        tier: 'manager',
        recommendation: {
          verdict: 'approve',
          ruleIds: ['TRVL-1'],
          evidence: expect.stringContaining('transport'),
          confidence: expect.any(Number),
        },
      },
    });
    expect(result).toMatchObject({
      outcome: 'reimbursed',
      tier: 'manager',
      totalMinor: amount,
      lines: [{ decidedBy: 'manager' }],
    });
    expect(paid()).toMatchObject([
      { lines: [{ agreedBy: 'manager', agreement: expect.stringMatching(/^[0-9a-f]{64}$/) }] },
    ]);
  });

  it('ask the director above 5,000.00, and a manager’s yes is refused (EX-22)', async () => {
    const handle = await start(reportOf([lineOf(500_001)]));
    const request = await openRequest(handle);
    expect(request).toMatchObject({ role: 'director', call: { tier: 'director' } });
    await expect(answer(handle, request, 'go-on', 'mia')).rejects.toMatchObject({
      cause: { message: 'Only somebody with the role director may answer this.' },
    });
    await handle.signal('answer', { approval: request.approval, digest: request.digest, verdict: 'go-on', by: 'mia' });
    expect((await status(handle)).waiting).toHaveLength(1);
    expect(paid()).toEqual([]);
    await answer(handle, request, 'go-on', 'dora');
    expect(await handle.result()).toMatchObject({
      outcome: 'reimbursed',
      tier: 'director',
      lines: [{ decidedBy: 'director' }],
    });
  });

  it('count the sum of a report, so that lines of it cannot cross one unseen', async () => {
    const lines = [
      lineOf(25_000),
      lineOf(25_000, { lineId: 'back', date: '2026-03-05', receipt: receiptFor('250.00', undefined, '2026-03-05') }),
    ];
    const handle = await start(reportOf(lines));
    expect((await asked(handle)).map(({ role, call }) => [role, call?.['lineId']])).toEqual([
      ['manager', 'train'],
      ['manager', 'back'],
    ]);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    expect(spine.tools.order).toContain('expenses.withdraw');
  });

  it('count what was split off into other reports of the same days (splitting)', async () => {
    spine.tools.answer(
      'expenses.file',
      filedAs({ train: { related: [{ requestId: 'E-other', lineId: 'x', homeMinor: 49_999 }] } }),
    );
    const handle = await start(reportOf([lineOf(49_999)]));
    const { request, result } = await answeredBy(handle, 'max');
    expect(request.asks).toContain('SPLT-1 with 1 close claims it comes to 999.98 USD');
    expect(result).toMatchObject({ tier: 'manager', lines: [{ rules: ['TRVL-1', 'SPLT-1'] }] });
  });

  it('see the sum in the currency of the house: 460 euros are more than 500 dollars', async () => {
    spine.tools.answer('expenses.file', filedAs({ train: { homeMinor: 50_600 } }));
    const receipt = { text: 'Nordline Railways\nDate: 2026-03-03\nTotal 460.00 EUR' };
    const handle = await start(reportOf([lineOf(46_000, { currency: 'EUR', receipt })]));
    const { request, result } = await answeredBy(handle, 'mia');
    expect(request.asks).toContain('506.00 USD');
    expect(result).toMatchObject({ tier: 'manager', totalMinor: 50_600, currency: 'USD' });
  });
});

describe('a report ends as the sum of its lines', () => {
  it('partly reimbursed, where a rule refuses one without asking anybody', async () => {
    const fine = lineOf(9_000, {
      lineId: 'fine',
      memo: 'parking fine',
      merchant: 'City of Aarhus',
      receipt: undefined,
    });
    const handle = await start(reportOf([lineOf(10_000), fine]));
    expect(await handle.result()).toMatchObject({
      outcome: 'partly-reimbursed',
      totalMinor: 10_000,
      lines: [
        { lineId: 'train', decision: 'reimbursed' },
        { lineId: 'fine', decision: 'refused', decidedBy: 'policy', rules: ['PRIV-1', 'RCPT-1'] },
      ],
    });
  });

  it('each asked about by itself: one yes, one no, and one that nobody asks about', async () => {
    const lines = [
      lineOf(2_000),
      lineOf(3_000, { lineId: 'b', receipt: undefined }),
      lineOf(4_000, { lineId: 'c', receipt: undefined, date: '2026-03-09' }),
    ];
    const handle = await start(reportOf(lines));
    const [first, second] = await asked(handle);
    expect([first?.call?.['lineId'], second?.call?.['lineId']]).toEqual(['b', 'c']);
    await answer(handle, second as OpenRequest, 'reject', 'max', { reason: 'no receipt' });
    await answer(handle, first as OpenRequest, 'go-on', 'mia');
    expect(await handle.result()).toMatchObject({
      outcome: 'partly-reimbursed',
      totalMinor: 5_000,
      lines: [
        { decidedBy: 'policy' },
        { decidedBy: 'manager', decision: 'reimbursed' },
        { decidedBy: 'manager', decision: 'refused' },
      ],
    });
  });

  it('a sure duplicate is refused by the rules, and a likely one is asked about', async () => {
    spine.tools.answer('expenses.file', filedAs({ train: { duplicate: 'sure' }, b: { duplicate: 'likely' } }));
    const handle = await start(reportOf([lineOf(2_000), lineOf(2_100, { lineId: 'b', receipt: receiptFor('21.00') })]));
    const { request, result } = await answeredBy(handle, 'mia');
    expect(request.asks).toContain('DUPL-1');
    expect(result).toMatchObject({
      outcome: 'partly-reimbursed',
      totalMinor: 2_100,
      lines: [{ decision: 'refused', rules: ['TRVL-1', 'DUPL-2'] }, { decision: 'reimbursed' }],
    });
  });
});

describe('people', () => {
  it('do not decide about their own report, under any of their names, nor about one that pays them', async () => {
    const handle = await start(reportOf([lineOf(60_000)], { requestedBy: 'assistant', employee: 'mia.keller' }));
    const request = await openRequest(handle);
    await expect(answer(handle, request, 'go-on', 'mia')).rejects.toMatchObject({
      cause: { message: 'Nobody answers about their own request.' },
    });
    expect(request.command).toContain('"by":"max"');
    await answer(handle, request, 'go-on', 'max');
    expect(await handle.result()).toMatchObject({ outcome: 'reimbursed' });
  });

  it('who come second hear who decided, and change nothing', async () => {
    const lines = [lineOf(60_000), lineOf(1_000, { lineId: 'b', receipt: receiptFor('10.00') })];
    const handle = await start(reportOf(lines));
    const [first, second] = await asked(handle);
    await answer(handle, first as OpenRequest, 'reject', 'mia', { reason: 'too dear' });
    expect(await answer(handle, first as OpenRequest, 'go-on', 'dora')).toMatchObject({
      accepted: false,
      decidedBy: 'mia',
    });
    await answer(handle, second as OpenRequest, 'go-on', 'max');
    expect(await handle.result()).toMatchObject({ outcome: 'partly-reimbursed', totalMinor: 1_000 });
  });

  it('who stay silent have not said yes', async () => {
    const soon = [{ role: 'manager' as const, hours: 0.0002 }];
    spine.reset(expenseRelease({ expenses: { ...EXPENSES, ladders: { manager: soon, director: soon } } }));
    expenseFakes(spine.tools);
    const handle = await start(reportOf([lineOf(60_000)]));
    expect(await handle.result()).toMatchObject({ outcome: 'refused', lines: [{ decidedBy: 'nobody' }] });
  });
});
