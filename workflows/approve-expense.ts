import { checkExpensePolicy, fileClaim, recommendExpense, reimburseExpense, withdrawClaim } from '../agents/index.ts';
import { type DecidedLine, type ExpenseDecided, ExpenseReport } from '../contracts/expense.ts';
import type { ExpensePolicy } from '../contracts/expense-policy.ts';
import { type CheckedLine, type Weighed, weigh } from '../contracts/expense-tiers.ts';
import { fail } from '../contracts/failures.ts';
import type { ToolOutput } from '../contracts/tool.ts';
import type { Case } from './case.ts';
import type { Stopped } from './closing.ts';
import { CaseFailure } from './endings.ts';
import { confidenceOfLast, makerOfLast } from './expense-confidence.ts';
import { type Asking, decideLines, type LineDecision } from './expense-questions.ts';
import { type ReadReceipt, receiptOf } from './expense-receipts.ts';
import { openCase, parseInput } from './open-case.ts';

/** Somewhere on earth the day has begun that is 14 hours ahead of us. */
const PastReport = ExpenseReport.refine(({ lines }) => {
  const latest = new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);
  return lines.every(({ date }) => date <= latest);
}, 'a line has a date in the future');

/** From a report with its receipts to a payment, line by line. */
export async function approveExpense(raw: unknown): Promise<ExpenseDecided | Stopped> {
  const report = parseInput(PastReport, raw);
  const { requestId, requestedBy, capMicroUsd, employee } = report;
  const host = await openCase('approveExpense', { reference: requestId, requestedBy, capMicroUsd, names: [employee] });

  return host.run(async ({ step }) => {
    const policy = policyOf(host);
    const receipts: ReadReceipt[] = [];
    for (const line of report.lines) receipts.push(await receiptOf(host, requestId, line));

    const filed = await step(fileClaim, filing(report, claimantOf(host, employee), receipts, policy), {
      leaves: 'a claim on file',
      undo: () => withdraw(host, requestId, 'the case was not finished'),
    });
    const weighed = await check(host, report, receipts, filed.lines, policy);

    const advised = await step(
      recommendExpense,
      { requestId, currency: policy.currency, ...weighed },
      { leaves: 'a recommendation' },
    );
    const { advice, recommendationId } = advised;
    const asking: Asking = {
      tier: weighed.tier,
      currency: policy.currency,
      advice,
      recommendationId,
      confidence: confidenceOfLast(host),
      made: makerOfLast(host),
      employee,
      requestId,
    };
    return host.agreed(
      () => decideLines(host, policy, weighed.lines, asking),
      (decided) => settle(host, report, policy, weighed, decided),
    );
  });
}

type Filed = ToolOutput<typeof fileClaim.tool>['lines'];

function policyOf({ release }: Case): ExpensePolicy {
  const { expenses, id } = release.policy;
  if (!expenses)
    throw new CaseFailure(
      fail('ReleaseBroken', `The policy ${id} says nothing about expenses.`, { policy: id }),
      'open',
    );
  return expenses;
}

/** Claims are one person's, whichever of their names they come under. */
const claimantOf = ({ release: { alsoKnown = [] } }: Case, employee: string): string =>
  alsoKnown.find(({ called }) => called === employee)?.person ?? employee;

const filing = (
  report: ExpenseReport,
  employee: string,
  receipts: readonly ReadReceipt[],
  { currency, duplicateDays, splitDays }: ExpensePolicy,
) => ({
  requestId: report.requestId,
  corrects: report.corrects ?? null,
  employee,
  currency,
  duplicateDays,
  splitDays,
  lines: report.lines.map(({ lineId, date, merchant, amountMinor, currency: claimed }, at) => ({
    lineId,
    date,
    merchant,
    amountMinor,
    currency: claimed,
    receipt: receipts[at]?.digest ?? null,
  })),
});

/** What each line is, what the rules say about it, and who therefore decides. */
async function check(
  host: Case,
  { requestId, lines }: ExpenseReport,
  receipts: readonly ReadReceipt[],
  filed: Filed,
  policy: ExpensePolicy,
): Promise<Weighed> {
  const { currency, receiptFromMinor, rules } = policy;
  const facts = filed.map(({ lineId, homeMinor, duplicate }, at) => ({
    lineId,
    homeMinor,
    duplicate,
    receipt: receipts[at]?.state ?? ('missing' as const),
  }));
  const checked = await host.step(checkExpensePolicy, {
    requestId,
    currency,
    receiptFromMinor,
    facts,
    rules: rules.map(({ ledgerCodes: _codes, ...rule }) => rule),
    lines: lines.map(({ lineId, merchant, memo }) => ({ lineId, merchant, memo })),
  });
  const mapped = confidenceOfLast(host);
  const known = filed.map(({ lineId, homeMinor, related }, at): CheckedLine => {
    const {
      category = 'other',
      verdict = 'outside',
      findings = [],
    } = checked.lines.find((line) => line.lineId === lineId) ?? {};
    return {
      lineId,
      homeMinor,
      category,
      verdict,
      findings,
      related,
      confidence: Math.min(mapped, receipts[at]?.confidence ?? 0),
    };
  });
  return weigh(known, policy);
}

/** Pays what was agreed to; where that is nothing, the report goes off file. */
async function settle(
  host: Case,
  report: ExpenseReport,
  policy: ExpensePolicy,
  { tier }: Weighed,
  decided: readonly LineDecision[],
): Promise<ExpenseDecided> {
  const { currency } = policy;
  const lines = decided.map(asDecided);
  const agreed = decided.filter(({ pay }) => pay);
  if (agreed.length === 0) {
    await withdraw(host, report.requestId, 'every line was refused');
    return { outcome: 'refused', tier, totalMinor: 0, currency, lines };
  }
  const approvals = agreed.flatMap(({ yes }) => yes ?? []);
  const paid = await host.step(reimburseExpense, payment(report, policy, agreed), {
    leaves: 'a reimbursement',
    approvals,
  });
  const outcome = agreed.length === decided.length ? 'reimbursed' : 'partly-reimbursed';
  return { outcome, tier, totalMinor: paid.totalMinor, currency, lines, reimbursementId: paid.reimbursementId };
}

function payment(
  { requestId, employee, lines: claimed }: ExpenseReport,
  { currency, rules }: ExpensePolicy,
  agreed: readonly LineDecision[],
) {
  const codesOf = (category: string) => rules.find((rule) => rule.category === category)?.ledgerCodes ?? [];
  return {
    requestId,
    employee,
    currency,
    totalMinor: agreed.reduce((sum, { line }) => sum + line.homeMinor, 0),
    lines: agreed.map(({ line: { lineId, homeMinor, category }, decidedBy, agreement }) => ({
      lineId,
      homeMinor,
      ledgerCodes: codesOf(category).map(({ code }) => code),
      agreedBy: decidedBy,
      agreement,
    })),
    choices: agreed.map(({ line: { lineId, category } }) => {
      const { merchant = '', memo = '' } = claimed.find((each) => each.lineId === lineId) ?? {};
      return { lineId, merchant, memo, codes: codesOf(category) };
    }),
  };
}

const asDecided = ({ line: { lineId, findings }, pay, decidedBy }: LineDecision): DecidedLine => ({
  lineId,
  decision: pay ? 'reimbursed' : 'refused',
  decidedBy,
  rules: findings.map(({ rule }) => rule),
});

const withdraw = (host: Case, requestId: string, reason: string) =>
  host.step(withdrawClaim, { requestId, reason }, { leaves: 'a withdrawn claim' });
