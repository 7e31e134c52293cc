import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUTOMATIC_LIMITS } from '../../contracts/automatic-limits.ts';
import { tools as contracts } from '../../contracts/tools/index.ts';
import type { Signed } from '../support/answer-keys.ts';
import { STORES } from '../support/databases.ts';
import {
  type GatedTools,
  gatedTools,
  type Line,
  lineYes,
  type Outcome,
  reimbursement,
} from '../support/gated-tools.ts';
import { PAPER_SAMPLES } from '../support/paper-calls.ts';

const BIG: Line = { lineId: 'a', homeMinor: 50_000 };
let gated: GatedTools;
let minutes = 0;
let reports = 0;

beforeAll(async () => {
  const [[, openStore] = []] = STORES;
  if (!openStore) throw new Error('There is no store.');
  gated = await gatedTools(await openStore(), () => Date.now() + minutes * 60_000);
});
afterAll(() => gated.stop());

const ok = (outcome: Outcome) => {
  if (!outcome.did) throw new Error(`refused: ${outcome.failure.type}`);
  return outcome.answer;
};
const REFUSED = { did: false, failure: { type: 'ApprovalMissing' } };

/** A report on file, ready to be paid. */
async function filed(lines: readonly Line[]): Promise<string> {
  reports += 1;
  const requestId = `exp-${reports}`;
  const claimed = lines.map(({ lineId, homeMinor: amountMinor }) => ({
    lineId,
    date: '2026-03-03',
    merchant: 'Trattoria Verde',
    amountMinor,
    currency: 'USD',
    receipt: null,
  }));
  const report = { requestId, corrects: null, employee: 'lena.brandt', currency: 'USD' };
  ok(await gated.call('expenses.file', { ...report, duplicateDays: 90, splitDays: 7, lines: claimed }));
  return requestId;
}

describe('a reimbursement', () => {
  test('of 499.99 needs nobody (BA-87)', async () => {
    const line = { lineId: 'a', homeMinor: 49_999 };
    const requestId = await filed([line]);
    expect(ok(await gated.call('expenses.reimburse', reimbursement(requestId, [line])))).toMatchObject({ requestId });
  });

  test('from 500.00 on it is refused without a signed yes, and nothing is written down (BA-87)', async () => {
    const requestId = await filed([BIG]);
    const refused = await gated.call('expenses.reimburse', reimbursement(requestId, [BIG]), [], 'unsigned');
    expect(refused).toMatchObject({ ...REFUSED, failure: { details: { needed: 1, missing: 1, given: 0 } } });
    expect(await gated.happened('unsigned')).toBe(false);
    const signed = await gated.sign(lineYes(requestId, BIG));
    ok(await gated.call('expenses.reimburse', reimbursement(requestId, [BIG]), [signed], 'unsigned'));
  });

  test('is held against its lines where its total says less', async () => {
    const lines = [BIG, { lineId: 'b', homeMinor: 10 }];
    const call = reimbursement(await filed(lines), lines, { totalMinor: 100 });
    expect(await gated.call('expenses.reimburse', call)).toMatchObject(REFUSED);
  });

  test('needs a yes for each line, and a yes covers one', async () => {
    const lines = [BIG, { lineId: 'b', homeMinor: 10 }];
    const requestId = await filed(lines);
    const call = reimbursement(requestId, lines);
    const [first, second] = await Promise.all(lines.map((line) => gated.sign(lineYes(requestId, line))));
    if (!first || !second) throw new Error('no tokens');
    for (const approvals of [[first], [second], [first, first]])
      expect(await gated.call('expenses.reimburse', call, approvals)).toMatchObject(REFUSED);
    ok(await gated.call('expenses.reimburse', call, [second, first]));
  });

  test('twice for one line needs two yeses', async () => {
    const requestId = await filed([BIG]);
    const signed = await gated.sign(lineYes(requestId, BIG));
    const call = reimbursement(requestId, [BIG, BIG]);
    expect(await gated.call('expenses.reimburse', call, [signed, signed])).toMatchObject(REFUSED);
  });

  test.each<[string, Partial<Signed>]>([
    ['a reject', { verdict: 'reject' }],
    ['an edit', { verdict: 'edit' }],
    ['a decline', { verdict: 'decline' }],
    ['a claim', { verdict: 'claim' }],
    ['operations', { role: 'operations' }],
    ['compliance', { role: 'compliance' }],
    ['a customer', { role: 'customer' }],
    ['the employee', { sub: 'lena.brandt' }],
    ['the employee in capitals', { sub: 'Lena.Brandt' }],
    ['somebody who read another request', { digest: 'e'.repeat(64) }],
    ['somebody whose yes lets nothing through', { grant: undefined }],
  ])('is not moved by the word of %s (BA-87)', async (_, change) => {
    const requestId = await filed([BIG]);
    const signed = await gated.sign({ ...lineYes(requestId, BIG), ...change });
    expect(await gated.call('expenses.reimburse', reimbursement(requestId, [BIG]), [signed])).toMatchObject(REFUSED);
  });

  test('may be agreed to by a director', async () => {
    const requestId = await filed([BIG]);
    const signed = await gated.sign(lineYes(requestId, BIG, { role: 'director', sub: 'ruth.achterberg' }));
    ok(await gated.call('expenses.reimburse', reimbursement(requestId, [BIG]), [signed]));
  });

  test('in a currency without a limit always needs a person', async () => {
    const small = { lineId: 'a', homeMinor: 1 };
    const call = reimbursement(await filed([small]), [small], { currency: 'EUR' });
    expect(await gated.call('expenses.reimburse', call)).toMatchObject(REFUSED);
  });

  test('is not moved by a yes of more than a week ago', async () => {
    const requestId = await filed([BIG]);
    const signed = await gated.sign(lineYes(requestId, BIG));
    minutes = 7 * 24 * 60 + 1;
    const late = await gated.call('expenses.reimburse', reimbursement(requestId, [BIG]), [signed]);
    minutes = 0;
    expect(late).toMatchObject({ ...REFUSED, failure: { details: { refusals: ['the token has expired'] } } });
  });

  test('that was done is told again only to somebody with the yes', async () => {
    const requestId = await filed([BIG]);
    const call = reimbursement(requestId, [BIG]);
    const signed = await gated.sign(lineYes(requestId, BIG));
    const first = ok(await gated.call('expenses.reimburse', call, [signed], 'again'));
    expect(ok(await gated.call('expenses.reimburse', call, [signed], 'again'))).toEqual(first);
    expect(await gated.call('expenses.reimburse', call, [], 'again')).toMatchObject(REFUSED);
  });
});

describe('an order', () => {
  const order = (totalMinor: number, change: Record<string, unknown> = {}) => ({
    requestId: 'ord-1',
    customerId: 'cus-ada',
    quoteId: 'quote-none',
    totalMinor,
    currency: 'EUR',
    shipTo: 'home',
    replaces: null,
    deliveryNote: '',
    ...change,
  });
  const grant = (totalMinor: number) => ({
    tool: 'orders.create',
    args: { requestId: 'ord-1', customerId: 'cus-ada', totalMinor, currency: 'EUR' },
  });
  /** Past the gate the desk looks for the quote, which is not there. */
  const PASSED = { did: false, failure: { type: 'ToolRejected' } };

  test.each([
    ['EUR', 499_999, 500_000],
    ['GBP', 449_999, 450_000],
    ['USD', 549_999, 550_000],
  ])('in %s passes at %d, and not at %d (BA-87)', async (currency, below, from) => {
    expect(await gated.call('orders.create', order(below, { currency }))).toMatchObject(PASSED);
    expect(await gated.call('orders.create', order(from, { currency }))).toMatchObject(REFUSED);
  });

  test('in another currency always needs a person', async () => {
    expect(await gated.call('orders.create', order(1, { currency: 'CHF' }))).toMatchObject(REFUSED);
  });

  test('of high value passes with the manager’s yes to that customer and sum', async () => {
    const signed = await gated.sign({ verdict: 'go-on', grant: grant(500_000) });
    expect(await gated.call('orders.create', order(500_000), [signed])).toMatchObject(PASSED);
    expect(await gated.call('orders.create', order(500_001), [signed])).toMatchObject(REFUSED);
  });

  test('is not moved by a yes that has expired', async () => {
    const signed = await gated.sign({ verdict: 'go-on', grant: grant(500_000) });
    minutes = 24 * 60 + 1;
    const late = await gated.call('orders.create', order(500_000), [signed]);
    minutes = 0;
    expect(late).toMatchObject({ ...REFUSED, failure: { details: { refusals: ['the token has expired'] } } });
  });

  test('is not a customer’s to allow', async () => {
    const signed = await gated.sign({ verdict: 'approve', role: 'customer', sub: 'cus-ada', grant: grant(500_000) });
    expect(await gated.call('orders.create', order(500_000), [signed])).toMatchObject(REFUSED);
  });
});

describe('a certificate', () => {
  const sample = PAPER_SAMPLES['certificates.issue'].call('') as { doc_id: string; hash: string };
  const at = '2026-03-02T10:00:00.000Z';
  const grant = { tool: 'certificates.issue', args: { doc_id: sample.doc_id, hash: sample.hash } };
  const approvals = ['mia', 'omar'].map((approver_id, n) => ({ approver_id, at, digest: String(n).repeat(64) }));
  const yesOf = (sub: string, n: number, change: Partial<Signed> = {}) =>
    gated.sign({ sub, role: 'operations', digest: String(n).repeat(64), grant, ...change });

  test('needs the yes of every approver that it names, given to what it names (BA-87)', async () => {
    for (const approver_id of ['mia', 'omar'])
      ok(await gated.call('documents.route_for_approval', { doc_id: sample.doc_id, approver_id }));
    const call = { ...sample, approvals };
    const [mia, omar] = await Promise.all([yesOf('mia', 0), yesOf('omar', 1)]);
    const wrong = [
      [],
      [mia],
      [omar],
      [mia, mia],
      [mia, await yesOf('eve', 1)],
      [mia, await yesOf('omar', 0)],
      [mia, await yesOf('omar', 1, { verdict: 'decline' })],
      [mia, await yesOf('omar', 1, { role: 'customer' })],
      [mia, await yesOf('omar', 1, { grant: { ...grant, args: { ...grant.args, doc_id: 'PAPER-1@2' } } })],
      [mia, await yesOf('omar', 1, { grant: { ...grant, args: { ...grant.args, hash: `sha256-${'0'.repeat(64)}` } } })],
    ];
    for (const tokens of wrong) expect(await gated.call('certificates.issue', call, tokens)).toMatchObject(REFUSED);
    ok(await gated.call('certificates.issue', call, [omar, mia]));
  });

  test('rests on yeses that were given over days, and not over months', async () => {
    const [approval] = approvals;
    const call = { ...sample, policy: 'another', approvals: [approval] };
    const mia = await yesOf('mia', 0);
    minutes = 20 * 24 * 60;
    expect(await gated.call('certificates.issue', call, [mia])).not.toMatchObject(REFUSED);
    minutes = 61 * 24 * 60;
    expect(await gated.call('certificates.issue', call, [mia])).toMatchObject(REFUSED);
    minutes = 0;
  });
});

test('every tool with an automatic limit says what it needs people for', () => {
  const names = Object.keys(AUTOMATIC_LIMITS) as (keyof typeof contracts)[];
  expect(names.filter((name) => !('needs' in contracts[name]))).toEqual([]);
});
