import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { digestOf } from '../contracts/digest.ts';
import { Failed, fail } from '../contracts/failures.ts';
import type { Tool } from '../contracts/tool.ts';
import type { Database, LedgerRow, Tables } from './database.ts';

export type Values = Readonly<Record<string, unknown>>;
export type Store = Transaction<Tables>;

/** One call as it came in: the key names the effect, the call says it in words. */
export interface Asked {
  readonly tool: Tool;
  readonly key: string;
  readonly call: Values;
  /** The run that asks; the empty string where nobody says. */
  readonly run: string;
}

/** A fresh row for a call, under a claim of its own. */
export function newRow(asked: Asked, state: LedgerRow['state'], now: number): LedgerRow {
  const call = JSON.stringify(asked.call);
  const claim = randomUUID();
  return {
    key: asked.key,
    tool: asked.tool.name,
    guarded: guardedDigest(asked),
    call,
    run: asked.run,
    state,
    claim,
    leaseUntil: 0,
    answer: null,
    at: now,
  };
}

/** What has to be the same whenever the key is the same. */
export const guardedDigest = ({ tool, call }: Asked): string =>
  digestOf(Object.fromEntries(tool.guarded.map((name) => [name, call[name]])));

/** The call as it was really made. */
export const callOf = (row: LedgerRow): Values => JSON.parse(row.call);

/** Changes a row that is still held under the claim and in the state we know; false where it is not. */
export async function update(database: Database, held: LedgerRow, changes: Partial<LedgerRow>): Promise<boolean> {
  const result = await database
    .updateTable('ledger')
    .set(changes)
    .where('key', '=', held.key)
    .where('claim', '=', held.claim)
    .where('state', '=', held.state)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** False where the key has a row already. */
export async function inserted(store: Database | Store, row: LedgerRow): Promise<boolean> {
  const result = await store
    .insertInto('ledger')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export const findRow = (store: Database | Store, key: string): Promise<LedgerRow | undefined> =>
  store.selectFrom('ledger').selectAll().where('key', '=', key).executeTakeFirst();

export async function rowOf(store: Database | Store, key: string): Promise<LedgerRow> {
  const row = await findRow(store, key);
  if (row) return row;
  throw new Failed(fail('ToolUnavailable', 'The ledger lost a row while it was read.', { key }));
}
