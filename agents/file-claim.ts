import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import * as expenses from '../contracts/tools/expenses.ts';
import { defineAgent } from './define-agent.ts';

const { shape } = expenses.fileExpenses.input;

/** Puts the report on file and has it converted. Sums, dates and names are bound, so no model is asked. */
export const fileClaim = defineAgent({
  name: 'fileClaim',
  purpose: 'Put an expense report on file and have it converted.',
  tier: 'none',
  stakes: 'normal',
  input: z.strictObject(shape),
  shows: [],
  tool: expenses.fileExpenses,
  bound: {
    requestId: (input) => input.requestId,
    corrects: (input) => input.corrects,
    employee: (input) => input.employee,
    currency: (input) => input.currency,
    duplicateDays: (input) => input.duplicateDays,
    splitDays: (input) => input.splitDays,
    lines: (input) => input.lines,
  },
  distrusts: (answer, call) => {
    const ids = (lines: readonly { lineId: string }[]) => lines.map(({ lineId }) => lineId).join();
    if (
      answer.requestId === call.requestId &&
      answer.currency === call.currency &&
      ids(answer.lines) === ids(call.lines)
    )
      return;
    const details = {
      asked: { requestId: call.requestId, lines: ids(call.lines) },
      got: { requestId: answer.requestId, lines: ids(answer.lines) },
    };
    return fail('WrongSubject', 'What was filed is another report, or other lines of it.', details);
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '60s' },
});
