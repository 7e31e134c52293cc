import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { showAmount } from '../../contracts/amounts.ts';
import { digestOfText } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { reimburseExpenses } from '../../contracts/tools/expenses.ts';
import type { Database } from '../database.ts';
import { plainKey } from '../keys.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { rejected } from '../trouble.ts';
import { reportOf } from './register.ts';

type Call = ToolInput<typeof reimburseExpenses>;
type Answer = ToolOutput<typeof reimburseExpenses>;

/** The account that employees are paid from. */
const PAYABLE = '1740';

/**
 * Books the agreed lines, and writes the export. Both can be done again: the booking knows its key, and the file's name
 * and content follow from the call.
 */
export const reimburseIn =
  (database: Database, stateDir: string) =>
  async (call: Call, { key }: ToolContext): Promise<Answer> => {
    checkSums(call);
    await database.transaction().execute((store) => book(call, key, store));
    const name = digestOfText(key).slice(0, 16);
    const file = `expenses-${name}.csv`;
    await writeWhole(join(stateDir, 'exports'), file, exportOf(call, plainKey(key)));
    const { requestId, totalMinor, currency } = call;
    return { requestId, reimbursementId: `rei-${name}`, totalMinor, currency, file };
  };

function checkSums({ lines, postings, totalMinor }: Call): void {
  if (lines.reduce((sum, line) => sum + line.homeMinor, 0) !== totalMinor)
    throw rejected('the lines do not come to the total');
  if (postings.length !== lines.length) throw rejected('each line needs one posting');
  for (const { lineId, ledgerCodes } of lines) {
    const [posting] = postings.filter((each) => each.lineId === lineId);
    if (!posting || !ledgerCodes.includes(posting.ledgerCode))
      throw rejected('a line has no posting that it may have', { lineId });
  }
}

/** Pays a report once, and only lines that are on file at the same sum; its other lines are refused for good. */
async function book({ requestId, lines }: Call, key: string, store: Store): Promise<void> {
  const taken = await store
    .updateTable('expenseReports')
    .set({ state: 'reimbursed', key })
    .where('requestId', '=', requestId)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  if (taken.numUpdatedRows !== 1n) {
    const report = await reportOf(store, requestId);
    if (report?.state === 'reimbursed' && report.key === key) return;
    throw rejected(`the report is not open for payment: ${report?.state ?? 'never-filed'}`, { requestId });
  }
  for (const { lineId, homeMinor } of lines) {
    const paid = await store
      .updateTable('expenseLines')
      .set({ state: 'reimbursed' })
      .where('requestId', '=', requestId)
      .where('lineId', '=', lineId)
      .where('homeMinor', '=', homeMinor)
      .where('state', '=', 'pending')
      .executeTakeFirst();
    if (paid.numUpdatedRows !== 1n) throw rejected('a line is not on file at this sum', { requestId, lineId });
  }
  await store
    .updateTable('expenseLines')
    .set({ state: 'refused' })
    .where('requestId', '=', requestId)
    .where('state', '=', 'pending')
    .execute();
}

/** Debits by ledger code and one credit, as comma-separated values; by the reference a ledger knows what it has taken. */
function exportOf({ requestId, employee, currency, totalMinor, lines, postings }: Call, reference: string): string {
  const decimal = (minor: number): string => showAmount(minor, currency).split(' ')[0] ?? '';
  const debits = lines.map(({ lineId, homeMinor, agreedBy }) => {
    const { ledgerCode = '', text = '' } = postings.find((each) => each.lineId === lineId) ?? {};
    return [requestId, lineId, ledgerCode, decimal(homeMinor), '', currency, text, agreedBy, reference];
  });
  const head = ['report', 'line', 'account', 'debit', 'credit', 'currency', 'text', 'agreed by', 'reference'];
  const credit = [requestId, '', PAYABLE, '', decimal(totalMinor), currency, `payable to ${employee}`, '', reference];
  return [head, ...debits, credit].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Quoted, and never taken for a formula by a spreadsheet. */
const cell = (value: string): string => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;

async function writeWhole(folder: string, file: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const fresh = join(folder, `.${randomUUID()}`);
  await writeFile(fresh, text, { flush: true });
  await rename(fresh, join(folder, file));
}
