import { type CurrencyCode, showAmount } from '../../contracts/amounts.ts';
import { GENERAL_RULES } from '../../contracts/expense-policy.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { checkExpenses } from '../../contracts/tools/expenses.ts';
import { rejected } from '../trouble.ts';

type Call = ToolInput<typeof checkExpenses>;
type Fact = Call['facts'][number];
type Rule = Call['rules'][number];
type Checked = ToolOutput<typeof checkExpenses>['lines'][number];
type Found = Checked['findings'][number] & { readonly means: Checked['verdict'] };

/** Each line under the rule of its category and the rules for all. The gravest finding is the verdict. */
export async function checkLines(call: Call): Promise<ToolOutput<typeof checkExpenses>> {
  return { requestId: call.requestId, lines: call.facts.map((fact) => checkLine(fact, call)) };
}

function checkLine(fact: Fact, call: Call): Checked {
  const chosen = call.categories.filter(({ lineId }) => lineId === fact.lineId);
  const category = chosen[0]?.category;
  if (!category || chosen.length > 1 || call.categories.length !== call.facts.length)
    throw rejected('each line needs one category', { lineId: fact.lineId });
  const rule = call.rules.find((each) => each.category === category);
  if (!rule) throw rejected('no rule covers the category', { lineId: fact.lineId });
  const found = [
    ...byCategory(rule, fact, call.currency),
    ...byReceipt(fact, call.receiptFromMinor),
    ...byDuplicate(fact),
  ];
  const gravest = (['never', 'outside'] as const).find((verdict) => found.some(({ means }) => means === verdict));
  const findings = found.map(({ rule: id, says }) => ({ rule: id, says }));
  return { lineId: fact.lineId, category, verdict: gravest ?? 'inside', findings };
}

function byCategory({ id, verdict, limitMinor }: Rule, { homeMinor }: Fact, currency: CurrencyCode): Found[] {
  const found = (means: Found['means'], says: string): Found[] => [{ rule: id, says, means }];
  if (verdict === 'never') return found('never', 'is never reimbursed');
  if (verdict === 'ask') return found('outside', 'only a person decides about this category');
  if (limitMinor === null) return found('inside', 'is covered');
  const [sum, limit] = [homeMinor, limitMinor].map((minor) => showAmount(minor, currency));
  return homeMinor > limitMinor
    ? found('outside', `${sum} is above the limit of ${limit}`)
    : found('inside', `is covered up to ${limit}`);
}

function byReceipt({ receipt, homeMinor }: Fact, fromMinor: number): Found[] {
  const outside = (rule: string, says: string): Found[] => [{ rule, says, means: 'outside' }];
  if (receipt === 'mismatch') return outside(GENERAL_RULES.mismatch, 'the receipt says something else than the claim');
  if (receipt === 'unclear') return outside(GENERAL_RULES.unclear, 'the receipt cannot be read in full');
  if (receipt === 'missing' && homeMinor >= fromMinor) return outside(GENERAL_RULES.missing, 'a receipt is needed');
  return [];
}

function byDuplicate({ duplicate }: Fact): Found[] {
  if (duplicate === 'sure')
    return [{ rule: GENERAL_RULES.sure, says: 'the same has been claimed before', means: 'never' }];
  if (duplicate === 'none') return [];
  return [{ rule: GENERAL_RULES.likely, says: 'something very like it has been claimed before', means: 'outside' }];
}
