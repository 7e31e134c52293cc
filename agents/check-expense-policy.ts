import { z } from 'zod';
import { Currency } from '../contracts/amounts.ts';
import { LineId, MOST_LINES } from '../contracts/expense.ts';
import { CATEGORIES, ExpenseRule } from '../contracts/expense-policy.ts';
import { fail } from '../contracts/failures.ts';
import { textWithin } from '../contracts/text.ts';
import * as expenses from '../contracts/tools/expenses.ts';
import { defineAgent } from './define-agent.ts';
import { eachLineOnce } from './each-line-once.ts';
import { rehearseCategories } from './rehearse/categories.ts';

const { facts } = expenses.checkExpenses.input.shape;

/** Says what each line is, and which rule covers that. What follows is for the rules to say. */
export const checkExpensePolicy = defineAgent({
  name: 'checkExpensePolicy',
  purpose: 'Map each line of a report to a category and its rule.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    requestId: z.string().min(1).max(64),
    currency: Currency,
    receiptFromMinor: z.int().min(0),
    facts,
    lines: z
      .array(z.strictObject({ lineId: LineId, merchant: textWithin(120).min(1), memo: textWithin(300).min(1) }))
      .min(1)
      .max(MOST_LINES),
    rules: z
      .array(ExpenseRule.omit({ ledgerCodes: true }))
      .min(1)
      .max(CATEGORIES.length),
  }),
  shows: ['lines', 'rules'],
  tool: expenses.checkExpenses,
  bound: {
    requestId: (input) => input.requestId,
    currency: (input) => input.currency,
    receiptFromMinor: (input) => input.receiptFromMinor,
    facts: (input) => input.facts,
    rules: (input) =>
      input.rules.map(({ id, category, limitMinor, verdict }) => ({ id, category, limitMinor, verdict })),
  },
  forbids: ({ facts: lines, rules, categories }) => {
    const ids = rules.map(({ id }) => id);
    const uncovered = categories.find(({ category }) => !rules.some((rule) => rule.category === category));
    if (uncovered) return `no rule covers the category ${uncovered.category}`;
    const invented = categories.flatMap(({ cites }) => cites).find((cited) => !ids.includes(cited));
    return invented ? `there is no rule ${invented}` : eachLineOnce(lines, categories);
  },
  distrusts: (answer, call) => {
    const wrong = answer.requestId === call.requestId ? eachLineOnce(call.facts, answer.lines) : 'it is another report';
    if (wrong)
      return fail('WrongSubject', 'The rules answered about other lines.', {
        asked: { requestId: call.requestId },
        got: { requestId: answer.requestId },
        wrong,
      });
    const moved = answer.lines.find(
      ({ lineId, category }) => call.categories.find((each) => each.lineId === lineId)?.category !== category,
    );
    if (moved) return fail('BadAnswer', 'The rules answered about another category.', { lineId: moved.lineId });
  },
  rehearse: rehearseCategories,
  bounds: { iterations: 3, maxInputBytes: 20_000, maxOutputTokens: 1200, timeout: '20s', patience: '40s' },
});
