import { z } from 'zod';
import { LineId } from '../contracts/expense.ts';
import { fail } from '../contracts/failures.ts';
import * as receipts from '../contracts/tools/receipts.ts';
import { defineAgent } from './define-agent.ts';

/** Has the text of a PDF receipt read. Nothing in it is a judgement, so no model is asked. */
export const openReceipt = defineAgent({
  name: 'openReceipt',
  purpose: 'Have the text of a PDF receipt read.',
  tier: 'none',
  stakes: 'normal',
  input: z.strictObject({ requestId: z.string().min(1).max(64), lineId: LineId, pdf: z.base64().min(1).max(100_000) }),
  shows: [],
  tool: receipts.openReceipt,
  bound: {
    requestId: (input) => input.requestId,
    lineId: (input) => input.lineId,
    pdf: (input) => input.pdf,
  },
  distrusts: (answer, call) => {
    if (answer.requestId === call.requestId && answer.lineId === call.lineId) return;
    const details = { asked: { lineId: call.lineId }, got: { lineId: answer.lineId } };
    return fail('WrongSubject', 'The text belongs to another receipt.', details);
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '60s' },
});
