import { z } from 'zod';
import { Currency, MinorUnits } from '../amounts.ts';
import { LineId } from '../expense.ts';
import { defineTool } from '../tool.ts';

/** Reads the text out of a PDF. What is no PDF, or holds no text, is an answer and not an error: a person looks at it. */
export const openReceipt = defineTool({
  name: 'receipts.open',
  purpose: 'Read the text of a receipt that came as PDF.',
  kind: 'read',
  input: z.strictObject({
    requestId: z.string().min(1).max(64),
    lineId: LineId,
    pdf: z
      .string()
      .regex(/^[A-Za-z0-9+/]+={0,2}$/)
      .min(1)
      .max(100_000),
  }),
  output: z.strictObject({
    requestId: z.string(),
    lineId: z.string(),
    state: z.enum(['read', 'unreadable']),
    text: z.string().max(60_000),
    pages: z.int().min(0),
  }),
  guarded: ['requestId', 'lineId', 'pdf'],
  personal: ['pdf', 'text'],
  maxAnswerBytes: 250_000,
});

export const RECEIPT_FIELDS = ['merchant', 'date', 'amount', 'currency'] as const;

/** Holds what a receipt says against what is claimed. */
export const matchReceipt = defineTool({
  name: 'receipts.match',
  purpose: 'Hold the fields of a receipt against the line that claims them.',
  kind: 'read',
  input: z.strictObject({
    requestId: z.string().min(1).max(64),
    lineId: LineId,
    claimed: z.strictObject({
      merchant: z.string().min(1).max(120),
      date: z.iso.date(),
      amountMinor: MinorUnits,
      currency: Currency,
    }),
    merchant: z.string().min(1).max(120).nullable().describe('who was paid, as printed'),
    date: z.iso.date().nullable().describe('the day of the purchase, as YYYY-MM-DD'),
    total: z
      .string()
      .regex(/^\d{1,10}(\.\d{1,3})?$/)
      .nullable()
      .describe('what was paid in the end, tax included, with a point before its fraction and no other mark: 1234.56'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .nullable()
      .describe('its ISO code, like EUR; null where only a sign is printed that several currencies share'),
  }),
  output: z.strictObject({
    requestId: z.string(),
    lineId: z.string(),
    state: z.enum(['match', 'mismatch', 'unclear']),
    /** What differs from the claim, or, where it is unclear, what could not be read. */
    fields: z.array(z.enum(RECEIPT_FIELDS)).max(4),
  }),
  guarded: ['requestId', 'lineId', 'claimed'],
  personal: ['claimed', 'merchant'],
  maxAnswerBytes: 4_000,
});
