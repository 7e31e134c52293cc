import { digestOfText } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { annotateExpenses } from '../../contracts/tools/expenses.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';

/** Keeps a recommendation with the findings that it was written about. */
export async function keepAdvice(
  { requestId, tier, lines, advice }: ToolInput<typeof annotateExpenses>,
  { key, now }: ToolContext,
  store: Store,
): Promise<ToolOutput<typeof annotateExpenses>> {
  const recommendationId = `rec-${digestOfText(key).slice(0, 16)}`;
  const kept = { lines: JSON.stringify(lines), advice: JSON.stringify(advice) };
  await store
    .insertInto('expenseAdvice')
    .values({ recommendationId, requestId, tier, ...kept, key, at: now() })
    .execute();
  return { requestId, recommendationId, advice };
}
