import { z } from 'zod';
import { Currency, MinorUnits } from '../amounts.ts';
import { LineId, MOST_LINES } from '../expense.ts';
import { CATEGORIES, RuleId } from '../expense-policy.ts';
import { defineTool } from '../tool.ts';

const RequestId = z.string().min(1).max(64);
const Days = z.int().min(1).max(365);
const perLine = <T extends z.ZodType>(line: T) => z.array(line).min(1).max(MOST_LINES);
const Findings = z.array(z.strictObject({ rule: RuleId, says: z.string().min(1).max(160) })).max(8);
const Receipt = z.enum(['match', 'mismatch', 'unclear', 'missing']);

/** Puts a report on file, so that two at once see each other; converts it at the dates of its expenses. */
export const fileExpenses = defineTool({
  name: 'expenses.file',
  purpose: 'Put an expense report on file, convert it, and find claims like it.',
  kind: 'effect',
  input: z.strictObject({
    requestId: RequestId,
    corrects: RequestId.nullable(),
    employee: z.string().min(1).max(100),
    currency: Currency.describe('that of the house'),
    duplicateDays: Days,
    splitDays: Days,
    lines: perLine(
      z.strictObject({
        lineId: LineId,
        date: z.iso.date(),
        merchant: z.string().min(1).max(120),
        amountMinor: MinorUnits,
        currency: Currency,
        receipt: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .nullable()
          .describe('digest of the receipt'),
      }),
    ),
  }),
  output: z.strictObject({
    requestId: z.string(),
    currency: Currency,
    lines: perLine(
      z.strictObject({
        lineId: z.string(),
        homeMinor: z.int().min(0),
        ratesOf: z.iso.date(),
        duplicate: z.enum(['none', 'likely', 'sure']),
        /**
         * Claims of the same employee at a close merchant within `splitDays`, those of this report left out; largest
         * first. Where there are more than 20, the last one's sum is that of all the rest.
         */
        related: z
          .array(z.strictObject({ requestId: z.string(), lineId: z.string(), homeMinor: z.int().min(0) }))
          .max(20),
      }),
    ),
  }),
  guarded: ['requestId', 'corrects', 'employee', 'currency', 'duplicateDays', 'splitDays', 'lines'],
  personal: ['employee', 'lines'],
  maxAnswerBytes: 64_000,
});

/** Takes a report that will not be paid back off file. It also keeps one off that was never filed. */
export const withdrawExpenses = defineTool({
  name: 'expenses.withdraw',
  purpose: 'Take a report that is not paid off file, so that it stands in nobody’s way.',
  kind: 'effect',
  input: z.strictObject({ requestId: RequestId, reason: z.string().min(1).max(200) }),
  output: z.strictObject({ requestId: z.string(), state: z.enum(['withdrawn', 'never-filed']) }),
  guarded: ['requestId'],
  personal: [],
  maxAnswerBytes: 4_000,
});

/** The rule engine. A category is the model's to choose; every verdict follows from bound sums and rules. */
export const checkExpenses = defineTool({
  name: 'expenses.check_policy',
  purpose: 'Hold the lines of a report against the rules of their categories.',
  kind: 'read',
  input: z.strictObject({
    requestId: RequestId,
    currency: Currency,
    receiptFromMinor: z.int().min(0),
    rules: z
      .array(
        z.strictObject({
          id: RuleId,
          category: z.enum(CATEGORIES),
          limitMinor: z.int().positive().nullable(),
          verdict: z.enum(['covered', 'ask', 'never']),
        }),
      )
      .min(1)
      .max(CATEGORIES.length),
    facts: perLine(
      z.strictObject({
        lineId: LineId,
        homeMinor: z.int().min(0),
        receipt: Receipt,
        duplicate: z.enum(['none', 'likely', 'sure']),
      }),
    ),
    categories: perLine(
      z.strictObject({
        lineId: LineId,
        category: z.enum(CATEGORIES),
        cites: z.array(RuleId).min(1).max(3).describe('ids of the rules that this rests on'),
      }),
    ).describe('one for each line'),
  }),
  output: z.strictObject({
    requestId: z.string(),
    lines: perLine(
      z.strictObject({
        lineId: z.string(),
        category: z.enum(CATEGORIES),
        verdict: z.enum(['inside', 'outside', 'never']),
        findings: Findings,
      }),
    ),
  }),
  guarded: ['requestId', 'currency', 'receiptFromMinor', 'rules', 'facts'],
  personal: [],
  maxAnswerBytes: 32_000,
});

/** Keeps the recommendation beside the report, where people and auditors find it. */
export const annotateExpenses = defineTool({
  name: 'expenses.annotate',
  purpose: 'Keep an annotated recommendation about a report.',
  kind: 'effect',
  input: z.strictObject({
    requestId: RequestId,
    tier: z.enum(['automatic', 'manager', 'director']),
    currency: Currency,
    totalMinor: z.int().min(0),
    lines: perLine(
      z.strictObject({
        lineId: LineId,
        homeMinor: z.int().min(0),
        category: z.enum(CATEGORIES),
        proposed: z.enum(['pay', 'ask', 'refuse']),
        findings: Findings,
      }),
    ),
    advice: perLine(
      z.strictObject({
        lineId: LineId,
        verdict: z.enum(['approve', 'refuse', 'look-closer']),
        ruleIds: z.array(RuleId).max(6).describe('of the findings that speak for this verdict'),
        evidence: z.string().min(1).max(240).describe('what it rests on, in figures and rules, without names'),
      }),
    ).describe('one for each line'),
  }),
  output: z.strictObject({
    requestId: z.string(),
    recommendationId: z.string().min(1).max(64),
    advice: perLine(
      z.strictObject({
        lineId: z.string(),
        verdict: z.enum(['approve', 'refuse', 'look-closer']),
        ruleIds: z.array(RuleId).max(6),
        evidence: z.string().max(240),
      }),
    ),
  }),
  guarded: ['requestId', 'tier', 'currency', 'totalMinor', 'lines'],
  personal: ['advice'],
  maxAnswerBytes: 32_000,
});

/** The lines of a report are answered one by one, over business days. */
const ANSWERED_WITHIN_S = 7 * 24 * 3600;

/** Pays what was agreed to: books it, and writes the export that the ledger takes. */
export const reimburseExpenses = defineTool({
  name: 'expenses.reimburse',
  purpose: 'Book the agreed lines of a report and export them for payment.',
  kind: 'effect',
  input: z.strictObject({
    requestId: RequestId,
    employee: z.string().min(1).max(100),
    currency: Currency,
    totalMinor: MinorUnits,
    lines: perLine(
      z.strictObject({
        lineId: LineId,
        homeMinor: z.int().min(0),
        ledgerCodes: z
          .array(z.string().regex(/^[0-9]{4,6}$/))
          .min(1)
          .max(6),
        agreedBy: z
          .string()
          .regex(/^[a-z-]{2,40}$/)
          .describe('a role, or policy'),
        /** Digest of the answer; null where policy agreed. */
        agreement: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .nullable(),
      }),
    ),
    postings: perLine(
      z.strictObject({
        lineId: LineId,
        ledgerCode: z
          .string()
          .regex(/^[0-9]{4,6}$/)
          .describe('one of the codes of the line'),
        text: z
          .string()
          .regex(/^[\p{L}\p{N}][\p{L}\p{N} .,'()/&-]{1,59}$/u)
          .describe('2 to 60 characters'),
      }),
    ).describe('one for each line'),
  }),
  output: z.strictObject({
    requestId: z.string(),
    reimbursementId: z.string().min(1).max(64),
    totalMinor: z.int().min(0),
    currency: Currency,
    /** Name of the file in the folder of exports. */
    file: z.string().min(1).max(120),
  }),
  guarded: ['requestId', 'employee', 'currency', 'totalMinor', 'lines'],
  outgoing: ['postings'],
  personal: ['employee', 'postings'],
  yesLastsS: ANSWERED_WITHIN_S,
  /** In a report that is large as a whole, each line needs a yes of its own. */
  needs: ({ requestId, employee, currency, totalMinor, lines }) => ({
    sum: { minor: sumOf(totalMinor, lines), currency },
    roles: ['manager', 'director'],
    grants: lines.map(({ lineId, homeMinor, agreement }) => ({
      tool: 'expenses.reimburse',
      args: { requestId, employee, lineId, homeMinor, currency },
      notBy: employee,
      ...(agreement === null ? {} : { digest: agreement }),
    })),
  }),
  maxAnswerBytes: 4_000,
});

/** Whichever is more: a total that says less than its lines lets nothing through. */
const sumOf = (totalMinor: number, lines: readonly { readonly homeMinor: number }[]): number =>
  Math.max(
    totalMinor,
    lines.reduce((sum, { homeMinor }) => sum + homeMinor, 0),
  );
