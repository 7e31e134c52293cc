import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import * as expenses from '../contracts/tools/expenses.ts';
import { defineAgent } from './define-agent.ts';
import { eachLineOnce } from './each-line-once.ts';
import { namesSomebody } from './names-somebody.ts';
import { rehearseAdvice } from './rehearse/expense-advice.ts';

const { requestId, tier, currency, totalMinor, lines } = expenses.annotateExpenses.input.shape;

/**
 * Writes the recommendation that people read before they decide. It sees figures and findings, and no word of the
 * claimant; whom it is for, and whether anybody has to decide, is settled before it is asked.
 */
export const recommendExpense = defineAgent({
  name: 'recommendExpense',
  purpose: 'Write an annotated recommendation about each line of a report.',
  tier: 'reasoning',
  stakes: 'normal',
  input: z.strictObject({ requestId, tier, currency, totalMinor, lines }),
  shows: ['tier', 'currency', 'totalMinor', 'lines'],
  tool: expenses.annotateExpenses,
  bound: {
    requestId: (input) => input.requestId,
    tier: (input) => input.tier,
    currency: (input) => input.currency,
    totalMinor: (input) => input.totalMinor,
    lines: (input) => input.lines,
  },
  forbids: ({ lines: weighed, advice }) => {
    for (const { lineId, verdict, ruleIds, evidence } of advice) {
      const line = weighed.find((each) => each.lineId === lineId);
      if (verdict === 'approve' && line?.proposed === 'refuse')
        return `a rule refuses ${lineId}, and the advice approves it`;
      const foreign = ruleIds.find((id) => !line?.findings.some(({ rule }) => rule === id));
      if (foreign) return `${lineId} has no finding of ${foreign}`;
      if (namesSomebody(evidence)) return 'the evidence holds an e-mail address';
    }
    return eachLineOnce(weighed, advice);
  },
  distrusts: (answer, call) => {
    if (answer.requestId === call.requestId && !eachLineOnce(call.lines, answer.advice)) return;
    return fail('WrongSubject', 'The recommendation that was kept is about another report.', {
      asked: { requestId: call.requestId },
      got: { requestId: answer.requestId },
    });
  },
  rehearse: rehearseAdvice,
  bounds: { iterations: 3, maxInputBytes: 20_000, maxOutputTokens: 1800, timeout: '30s', patience: '60s' },
});
