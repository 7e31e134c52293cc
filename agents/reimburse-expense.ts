import { z } from 'zod';
import { LineId, MOST_LINES } from '../contracts/expense.ts';
import { fail } from '../contracts/failures.ts';
import { textWithin } from '../contracts/text.ts';
import * as expenses from '../contracts/tools/expenses.ts';
import { defineAgent } from './define-agent.ts';
import { eachLineOnce } from './each-line-once.ts';
import { rehearsePostings } from './rehearse/postings.ts';

const { requestId, employee, currency, totalMinor, lines } = expenses.reimburseExpenses.input.shape;

/** Books what was agreed: of the ledger codes that a category allows it chooses one for each line. No sum is its choice. */
export const reimburseExpense = defineAgent({
  name: 'reimburseExpense',
  purpose: 'Book the agreed lines under their ledger codes and pay them.',
  tier: 'code',
  stakes: 'high',
  input: z.strictObject({
    requestId,
    employee,
    currency,
    totalMinor,
    lines,
    /** What the model needs to choose by. */
    choices: z
      .array(
        z.strictObject({
          lineId: LineId,
          merchant: textWithin(120),
          memo: textWithin(300),
          codes: z
            .array(z.strictObject({ code: z.string().max(6), name: z.string().max(40) }))
            .min(1)
            .max(6),
        }),
      )
      .min(1)
      .max(MOST_LINES),
  }),
  shows: ['choices'],
  tool: expenses.reimburseExpenses,
  bound: {
    requestId: (input) => input.requestId,
    employee: (input) => input.employee,
    currency: (input) => input.currency,
    totalMinor: (input) => input.totalMinor,
    lines: (input) => input.lines,
  },
  forbids: ({ lines: agreed, postings }) => {
    const wrong = postings.find(
      ({ lineId, ledgerCode }) => !agreed.find((line) => line.lineId === lineId)?.ledgerCodes.includes(ledgerCode),
    );
    return wrong ? `the code ${wrong.ledgerCode} is none of those of ${wrong.lineId}` : eachLineOnce(agreed, postings);
  },
  distrusts: (answer, call) => {
    if (
      answer.requestId === call.requestId &&
      answer.totalMinor === call.totalMinor &&
      answer.currency === call.currency
    )
      return;
    const details = {
      asked: { requestId: call.requestId, totalMinor: call.totalMinor },
      got: { requestId: answer.requestId, totalMinor: answer.totalMinor },
    };
    return fail('WrongSubject', 'Another report, or another sum, was reimbursed.', details);
  },
  rehearse: rehearsePostings,
  bounds: { iterations: 3, maxInputBytes: 20_000, maxOutputTokens: 1200, timeout: '30s', patience: '60s' },
});
