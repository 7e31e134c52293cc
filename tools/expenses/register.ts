import type { CurrencyCode } from '../../contracts/amounts.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { fileExpenses, withdrawExpenses } from '../../contracts/tools/expenses.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { rejected } from '../trouble.ts';
import { folded } from '../words.ts';
import { type Claim, gravest, likenessOf, mayBelongTogether } from './likeness.ts';
import { convert } from './rates.ts';

type Call = ToolInput<typeof fileExpenses>;
type Filed = ToolOutput<typeof fileExpenses>;

const MOST_RELATED = 20;

/** Puts a report on file and tells of what is there already that is like it. */
export async function fileReport(call: Call, { key, now }: ToolContext, store: Store): Promise<Filed> {
  await takeTheDesk(store);
  const { requestId } = call;
  const employee = folded(call.employee);
  const known = await reportOf(store, requestId);
  if (known) throw rejected(`the report is on file already, as ${known.state}`, { requestId });
  if (call.corrects !== null) await supersede(store, call.corrects, employee);

  const converted = call.lines.map((line) => {
    const { minor, ratesOf } = convert(line.amountMinor, { from: line.currency, to: call.currency, day: line.date });
    return { claim: { ...line, requestId, employee, homeMinor: minor }, ratesOf };
  });
  const claims = converted.map(({ claim }) => claim);
  const earlier = await claimsLike(store, employee, claims);
  await store
    .insertInto('expenseReports')
    .values({ requestId, employee, state: 'pending', reason: null, key, at: now() })
    .execute();
  await store
    .insertInto('expenseLines')
    .values(claims.map((claim) => ({ ...claim, state: 'pending' as const })))
    .execute();
  const lines = converted.map(({ claim, ratesOf }, at) => ({
    lineId: claim.lineId,
    homeMinor: claim.homeMinor,
    ratesOf,
    duplicate: gravest(
      [...earlier, ...claims.slice(0, at)].map((other) => likenessOf(claim, other, call.duplicateDays)),
    ),
    related: mostOf(earlier.filter((other) => mayBelongTogether(claim, other, call.splitDays))),
  }));
  return { requestId, currency: call.currency, lines };
}

/** The largest, so that no crowd of small claims hides one; the last that is told stands for all that are not. */
function mostOf(related: readonly Claim[]): Filed['lines'][number]['related'] {
  const told = related
    .toSorted((one, other) => other.homeMinor - one.homeMinor)
    .map(({ requestId, lineId, homeMinor }) => ({ requestId, lineId, homeMinor }));
  const rest = told.splice(MOST_RELATED - 1);
  const [first] = rest;
  return first ? [...told, { ...first, homeMinor: rest.reduce((sum, { homeMinor }) => sum + homeMinor, 0) }] : told;
}

/** Takes off file what is not paid; what was never filed never will be, and what is paid stays. */
export async function withdrawReport(
  { requestId, reason }: ToolInput<typeof withdrawExpenses>,
  { key, now }: ToolContext,
  store: Store,
): Promise<ToolOutput<typeof withdrawExpenses>> {
  const tombstone = { requestId, employee: '', state: 'never-filed' as const, reason, key, at: now() };
  await store
    .insertInto('expenseReports')
    .values(tombstone)
    .onConflict((conflict) => conflict.column('requestId').doNothing())
    .execute();
  const report = await reportOf(store, requestId);
  if (report?.state === 'reimbursed') throw rejected('the report is paid', { requestId });
  if (report?.state === 'never-filed') return { requestId, state: 'never-filed' };
  await setState(store, requestId, 'withdrawn', reason);
  return { requestId, state: 'withdrawn' };
}

/** The lock of the desk, held to the end of the transaction. */
async function takeTheDesk(store: Store): Promise<void> {
  await store
    .insertInto('expenseDesk')
    .values({ id: 1, filed: 1 })
    .onConflict((conflict) => conflict.column('id').doUpdateSet((row) => ({ filed: row('expenseDesk.filed', '+', 1) })))
    .execute();
}

/** What a corrected report still had pending is claimed by the new one alone. */
async function supersede(store: Store, requestId: string, employee: string): Promise<void> {
  const report = await reportOf(store, requestId);
  if (report?.state !== 'pending') return;
  if (report.employee !== employee) throw rejected('a report can be corrected by its own employee only', { requestId });
  await setState(store, requestId, 'superseded', 'corrected');
}

async function setState(
  store: Store,
  requestId: string,
  state: 'withdrawn' | 'superseded',
  reason: string,
): Promise<void> {
  await store
    .updateTable('expenseReports')
    .set({ state, reason })
    .where('requestId', '=', requestId)
    .where('state', '=', 'pending')
    .execute();
  await store
    .updateTable('expenseLines')
    .set({ state })
    .where('requestId', '=', requestId)
    .where('state', '=', 'pending')
    .execute();
}

export const reportOf = (store: Store, requestId: string) =>
  store.selectFrom('expenseReports').selectAll().where('requestId', '=', requestId).executeTakeFirst();

/** What is pending or paid of the same employee, and of anybody under the same receipts. */
async function claimsLike(store: Store, employee: string, claims: readonly Claim[]): Promise<Claim[]> {
  const receipts = claims.flatMap(({ receipt }) => receipt ?? []);
  const rows = await store
    .selectFrom('expenseLines')
    .selectAll()
    .where('state', 'in', ['pending', 'reimbursed'])
    .where((where) =>
      where.or([where('employee', '=', employee), ...(receipts.length > 0 ? [where('receipt', 'in', receipts)] : [])]),
    )
    .orderBy('requestId')
    .orderBy('lineId')
    .execute();
  return rows.map(({ amountMinor, homeMinor, currency, ...row }) => ({
    ...row,
    amountMinor: Number(amountMinor),
    homeMinor: Number(homeMinor),
    currency: currency as CurrencyCode,
  }));
}
