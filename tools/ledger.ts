import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { digestOf } from '../contracts/digest.ts';
import { Failed, fail } from '../contracts/failures.ts';
import type { Tool } from '../contracts/tool.ts';
import type { Database, LedgerRow, Tables } from './database.ts';
import { refusedWithoutEffect } from './trouble.ts';

export type Values = Readonly<Record<string, unknown>>;
export type Store = Transaction<Tables>;

/** One call as it came in: the key names the effect, the call says it in words. */
export interface Asked {
  readonly tool: Tool;
  readonly key: string;
  readonly call: Values;
}

/** What came of it. `call` is the call as first really made, where an earlier one made it. */
export interface Answered {
  readonly answer: Values;
  readonly replayed: boolean;
  readonly call?: Values;
}

/** What the system of record says about a key whose claim has no result. */
export type ReadBack = { readonly state: 'done'; readonly answer: Values } | { readonly state: 'absent' | 'unknown' };

/** An effect outside our own database. */
export interface Outside {
  readonly leaseMs: number;
  /** The outside does it once for each key, however often it is told: it may simply be told again. */
  readonly repeatable: boolean;
  readonly act: (call: Values) => Promise<Values>;
  readonly readBack?: (call: Values) => Promise<ReadBack>;
}

/** Knows of every effect whether it was claimed, done, refused without effect, or may have happened. */
export interface Ledger {
  /** An effect in our own database: it and its row in the ledger are one transaction, so it happens exactly once. */
  here(asked: Asked, act: (call: Values, store: Store) => Promise<Values>): Promise<Answered>;
  /**
   * An effect somewhere else. The claim is written first, the result after.
   * @throws Failed EffectInFlight while another claim may still be at work, EffectUnknown where nobody can say whether
   *   it happened, KeyReused for other guarded arguments, and what `act` throws
   */
  outside(asked: Asked, effect: Outside): Promise<Answered>;
  /** A read, remembered: asked twice under one key it gives one answer. A failed read isn't remembered. */
  read(asked: Asked, read: (call: Values) => Promise<Values>): Promise<Answered>;
}

/** `clock` gives milliseconds since 1970. */
export function createLedger(database: Database, clock: () => number = Date.now): Ledger {
  return {
    here: (asked, act) => here(database, clock, asked, act),
    outside: (asked, effect) => outside(database, clock, asked, effect),
    read: (asked, read) => remembered(database, clock, asked, read),
  };
}

async function here(
  database: Database,
  clock: () => number,
  asked: Asked,
  act: (call: Values, store: Store) => Promise<Values>,
): Promise<Answered> {
  return database.transaction().execute(async (store) => {
    const row = newRow(asked, 'claimed', clock());
    if (!(await inserted(store, row))) return replay(asked, await rowOf(store, asked.key));
    const answer = await act(asked.call, store);
    const done = { state: 'done' as const, answer: JSON.stringify(answer) };
    await store.updateTable('ledger').set(done).where('key', '=', asked.key).execute();
    return { answer, replayed: false };
  });
}

async function remembered(
  database: Database,
  clock: () => number,
  asked: Asked,
  read: (call: Values) => Promise<Values>,
): Promise<Answered> {
  const known = await findRow(database, asked.key);
  if (known) return replay(asked, known);
  const answer = await read(asked.call);
  const row = { ...newRow(asked, 'done', clock()), answer: JSON.stringify(answer) };
  if (await inserted(database, row)) return { answer, replayed: false };
  return replay(asked, await rowOf(database, asked.key));
}

async function outside(database: Database, clock: () => number, asked: Asked, effect: Outside): Promise<Answered> {
  const row = { ...newRow(asked, 'claimed', clock()), leaseUntil: clock() + effect.leaseMs };
  if (await inserted(database, row)) return perform(database, clock, asked, effect, row);

  const earlier = await rowOf(database, asked.key);
  if (earlier.state === 'done') return replay(asked, earlier);
  refuseOtherArguments(asked, earlier);
  if (earlier.state === 'refused') return perform(database, clock, asked, effect, await takeOver(database, earlier, row));
  if (clock() < Number(earlier.leaseUntil)) throw inFlight(asked, Number(earlier.leaseUntil) - clock());

  const mine = await takeOver(database, earlier, { ...row, call: earlier.call });
  if (effect.repeatable) return perform(database, clock, asked, effect, mine);
  const found = await (effect.readBack?.(callOf(mine)) ?? { state: 'unknown' as const });
  if (found.state === 'done') return { ...(await settle(database, asked, mine, found.answer)), replayed: true, call: callOf(mine) };
  if (found.state === 'absent') return perform(database, clock, asked, effect, mine);
  await update(database, mine, { state: 'unknown', leaseUntil: 0 });
  throw new Failed(fail('EffectUnknown', 'Nobody can say whether this effect happened.', named(asked)));
}

/** Does it with the words of the claim, which are an earlier call's where that one may have begun. */
async function perform(
  database: Database,
  clock: () => number,
  asked: Asked,
  effect: Outside,
  row: LedgerRow,
): Promise<Answered> {
  try {
    const answer = await effect.act(callOf(row));
    return await settle(database, asked, row, answer);
  } catch (error) {
    if (refusedWithoutEffect(error)) await update(database, row, { state: 'refused', leaseUntil: 0 });
    else if (effect.repeatable) await update(database, row, { leaseUntil: clock() });
    throw error;
  }
}

async function settle(database: Database, asked: Asked, row: LedgerRow, answer: Values): Promise<Answered> {
  const settled = await update(database, row, { state: 'done', answer: JSON.stringify(answer) });
  if (!settled) return replay(asked, await rowOf(database, asked.key));
  const asFirstMade = row.call === JSON.stringify(asked.call) ? {} : { call: callOf(row) };
  return { answer, replayed: false, ...asFirstMade };
}

/** The claim of somebody who is gone, or whose call was refused, becomes ours; only one of several gets it. */
async function takeOver(database: Database, earlier: LedgerRow, row: LedgerRow): Promise<LedgerRow> {
  const { state, claim, call, leaseUntil } = row;
  if (!(await update(database, earlier, { state, claim, call, leaseUntil }))) throw inFlight(row, 0);
  return row;
}

/** Changes a row that is still held under the claim and in the state we know; false where it is not. */
async function update(database: Database, held: LedgerRow, changes: Partial<LedgerRow>): Promise<boolean> {
  const result = await database
    .updateTable('ledger')
    .set(changes)
    .where('key', '=', held.key)
    .where('claim', '=', held.claim)
    .where('state', '=', held.state)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

async function inserted(store: Database | Store, row: LedgerRow): Promise<boolean> {
  const result = await store
    .insertInto('ledger')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

const findRow = (store: Database | Store, key: string): Promise<LedgerRow | undefined> =>
  store.selectFrom('ledger').selectAll().where('key', '=', key).executeTakeFirst();

async function rowOf(store: Database | Store, key: string): Promise<LedgerRow> {
  const row = await findRow(store, key);
  if (row) return row;
  throw new Failed(fail('ToolUnavailable', 'The ledger lost a row while it was read.', { key }));
}

function replay(asked: Asked, row: LedgerRow): Answered {
  refuseOtherArguments(asked, row);
  if (row.state !== 'done' || row.answer === null) throw inFlight(asked, 0);
  return { answer: JSON.parse(row.answer), replayed: true, call: callOf(row) };
}

function refuseOtherArguments(asked: Asked, row: LedgerRow): void {
  if (row.tool === asked.tool.name && row.guarded === guardedDigest(asked)) return;
  const message = 'This idempotency key belongs to a call with other guarded arguments.';
  throw new Failed(fail('KeyReused', message, { ...named(asked), firstTool: row.tool }));
}

function newRow(asked: Asked, state: LedgerRow['state'], now: number): LedgerRow {
  const call = JSON.stringify(asked.call);
  const claim = randomUUID();
  return { key: asked.key, tool: asked.tool.name, guarded: guardedDigest(asked), call, state, claim, leaseUntil: 0, answer: null, at: now };
}

const guardedDigest = ({ tool, call }: Asked): string =>
  digestOf(Object.fromEntries(tool.guarded.map((name) => [name, call[name]])));

const callOf = (row: LedgerRow): Values => JSON.parse(row.call);

const named = (asked: Asked): Record<string, unknown> => ({ tool: asked.tool.name, key: asked.key });

function inFlight(asked: { key: string; tool: Tool | string }, leftMs: number): Failed {
  const tool = typeof asked.tool === 'string' ? asked.tool : asked.tool.name;
  const failure = fail('EffectInFlight', 'Another call with this key may still be at work.', { tool, key: asked.key });
  return new Failed(failure, { retryAfterMs: Math.max(50, Math.ceil(leftMs)) });
}
