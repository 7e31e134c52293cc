import { z } from 'zod';
import { Currency, MinorUnits } from '../contracts/amounts.ts';
import { LineId, RECEIPT_BYTES } from '../contracts/expense.ts';
import { fail } from '../contracts/failures.ts';
import { textWithin } from '../contracts/text.ts';
import * as receipts from '../contracts/tools/receipts.ts';
import { defineAgent } from './define-agent.ts';
import { rehearseReceipt } from './rehearse/receipt.ts';

/** Reads a receipt into fields, and has them held against the line. It never sees what is claimed. */
export const readReceipt = defineAgent({
  name: 'readReceipt',
  purpose: 'Read a receipt into fields and hold them against its line.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    requestId: z.string().min(1).max(64),
    lineId: LineId,
    merchant: z.string().min(1).max(120),
    date: z.iso.date(),
    amountMinor: MinorUnits,
    currency: Currency,
    receiptText: textWithin(RECEIPT_BYTES).min(1),
  }),
  shows: ['receiptText'],
  tool: receipts.matchReceipt,
  bound: {
    requestId: (input) => input.requestId,
    lineId: (input) => input.lineId,
    claimed: ({ merchant, date, amountMinor, currency }) => ({ merchant, date, amountMinor, currency }),
  },
  distrusts: (answer, call) => {
    const details = { asked: { lineId: call.lineId }, got: { lineId: answer.lineId, state: answer.state } };
    if (answer.requestId !== call.requestId || answer.lineId !== call.lineId)
      return fail('WrongSubject', 'The match belongs to another receipt.', details);
    if ((answer.state === 'match') !== (answer.fields.length === 0))
      return fail('BadAnswer', 'The match says one thing and lists another.', details);
  },
  rehearse: ({ receiptText }) => rehearseReceipt(receiptText),
  bounds: { iterations: 3, maxInputBytes: 13_000, maxOutputTokens: 300, timeout: '20s', patience: '40s' },
});
