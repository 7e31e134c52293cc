import { z } from 'zod';
import { Currency, MinorUnits } from './amounts.ts';
import { textWithin } from './text.ts';

/** Bytes of a receipt's text that its reader sees; see `excerpt`. */
export const RECEIPT_BYTES = 8_000;
export const MOST_LINES = 12;

/** Words of a claimant. Control characters would only serve to hide something, and become spaces. */
const words = (bytes: number) =>
  z
    .string()
    .transform((text) => text.replace(/\p{Cc}+/gu, ' ').trim())
    .pipe(textWithin(bytes).min(1));

export const LineId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,19}$/, '1 to 20 letters, digits or dashes');

/** As text, or as PDF in base64; 75 KB of PDF are enough for a receipt, and history has to hold them. */
const Receipt = z.union([
  z.strictObject({ text: z.string().min(1).max(60_000) }),
  z.strictObject({
    pdf: z
      .string()
      .regex(/^[A-Za-z0-9+/]+={0,2}$/)
      .min(1)
      .max(100_000),
  }),
]);

const ExpenseLine = z.strictObject({
  lineId: LineId,
  /** The day of the expense, whose rate it is converted at. */
  date: z.iso.date(),
  merchant: words(120),
  /** Integer, in the smallest unit of the currency. */
  amountMinor: MinorUnits,
  currency: Currency,
  memo: words(300),
  receipt: Receipt.optional(),
});
export type ExpenseLine = z.output<typeof ExpenseLine>;

const RequestId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$/, '3 to 64 letters, digits, dots, dashes or underscores');

/** What starts `approveExpense`. */
export const ExpenseReport = z
  .strictObject({
    /** The caller's own reference: one report is paid at most once, however often it is started. */
    requestId: RequestId,
    /** Who sends it, and who is paid. Neither of them decides about it. */
    requestedBy: z.string().min(1).max(100),
    employee: z.string().min(1).max(100),
    /** The report that this one puts right: of it, nothing is a duplicate but what was paid, and nothing is paid later. */
    corrects: RequestId.optional(),
    lines: z.array(ExpenseLine).min(1).max(MOST_LINES),
    /** Lowers the policy's cap for this run; it never raises it. */
    capMicroUsd: z.int().positive().optional(),
  })
  .refine(({ lines }) => new Set(lines.map(({ lineId }) => lineId)).size === lines.length, 'two lines have one lineId')
  .refine(({ requestId, corrects }) => requestId !== corrects, 'a report cannot correct itself');
export type ExpenseReport = z.output<typeof ExpenseReport>;

export interface DecidedLine {
  readonly lineId: string;
  readonly decision: 'reimbursed' | 'refused';
  /** `policy` where no person was asked, `nobody` where nobody answered; else the role that decided. */
  readonly decidedBy: string;
  readonly rules: readonly string[];
}

/** How a story without a failure ends; `rejected` and `over-budget` are every process's, see workflows/closing.ts. */
export interface ExpenseDecided {
  readonly outcome: 'reimbursed' | 'refused' | 'partly-reimbursed';
  readonly tier: 'automatic' | 'manager' | 'director';
  /** What is paid, in minor units of `currency`. */
  readonly totalMinor: number;
  readonly currency: string;
  readonly lines: readonly DecidedLine[];
  readonly reimbursementId?: string;
}
