import {
  annotateExpenses,
  checkExpenses,
  fileExpenses,
  reimburseExpenses,
  withdrawExpenses,
} from '../../contracts/tools/expenses.ts';
import { matchReceipt, openReceipt } from '../../contracts/tools/receipts.ts';
import type { Database } from '../database.ts';
import { type OfferParts, offer } from '../offer.ts';
import { matchClaim } from '../receipts/match.ts';
import { readPdf } from '../receipts/pdf.ts';
import type { ToolSettings } from '../settings.ts';
import { reimburseIn } from './adapter.ts';
import { keepAdvice } from './advice.ts';
import { fileReport, withdrawReport } from './register.ts';
import { checkLines } from './rules.ts';

/** The tools of the expense process. */
export function expenseTools(
  database: Database,
  { stateDir, leaseMs }: Pick<ToolSettings, 'stateDir' | 'leaseMs'>,
  parts: OfferParts,
) {
  const reimburse = reimburseIn(database, stateDir);
  return {
    'receipts.open': offer(openReceipt, { kind: 'read', read: readPdf }, parts),
    'receipts.match': offer(matchReceipt, { kind: 'read', read: matchClaim }, parts),
    'expenses.file': offer(fileExpenses, { kind: 'here', act: fileReport }, parts),
    'expenses.withdraw': offer(withdrawExpenses, { kind: 'here', act: withdrawReport }, parts),
    'expenses.check_policy': offer(checkExpenses, { kind: 'read', read: checkLines }, parts),
    'expenses.annotate': offer(annotateExpenses, { kind: 'here', act: keepAdvice }, parts),
    'expenses.reimburse': offer(
      reimburseExpenses,
      { kind: 'outside', leaseMs, repeatable: true, act: reimburse },
      parts,
    ),
  };
}
