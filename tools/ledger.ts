import { Failed, fail } from '../contracts/failures.ts';
import type { Database, LedgerRow } from './database.ts';
import {
  type Asked,
  callOf,
  findRow,
  guardedDigest,
  inserted,
  newRow,
  rowOf,
  type Store,
  update,
  type Values,
} from './ledger-rows.ts';
import { refusedWithoutEffect } from './trouble.ts';

export type { Asked, Store, Values } from './ledger-rows.ts';

/** What came of it. `call` is the call as first really made, where an earlier one made it. */
export interface Answered {
  readonly answer: Values;
  readonly replayed: boolean;
  readonly call?: Values;
  /** Set where it was another run that did it. */
  readonly ofAnotherRun?: true;
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
    if (!(await inserted(store, row))) {
      const earlier = await rowOf(store, asked.key);
      if (earlier.state !== 'refused') return replay(asked, earlier);
      refuseOtherArguments(asked, earlier);
    }
    const answer = await act(asked.call, store);
    const done = { state: 'done' as const, call: row.call, run: row.run, answer: JSON.stringify(answer) };
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
  if (earlier.state === 'refused')
    return perform(database, clock, asked, effect, await takeOver(database, asked, earlier, row));
  if (clock() < Number(earlier.leaseUntil)) throw inFlight(asked, Number(earlier.leaseUntil) - clock());

  const mine = await takeOver(database, asked, earlier, { ...row, call: earlier.call });
  if (effect.repeatable) return perform(database, clock, asked, effect, mine);
  const found = await (effect.readBack?.(callOf(mine)) ?? { state: 'unknown' as const });
  if (found.state === 'done')
    return { ...(await settle(database, asked, mine, found.answer)), ...byWhom(asked, earlier) };
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
async function takeOver(database: Database, asked: Asked, earlier: LedgerRow, row: LedgerRow): Promise<LedgerRow> {
  const { state, claim, call, leaseUntil } = row;
  if (!(await update(database, earlier, { state, claim, call, leaseUntil }))) throw inFlight(asked, 0);
  return row;
}

function replay(asked: Asked, row: LedgerRow): Answered {
  refuseOtherArguments(asked, row);
  if (row.state !== 'done' || row.answer === null) throw inFlight(asked, 0);
  return { answer: JSON.parse(row.answer), ...byWhom(asked, row) };
}

const byWhom = (asked: Asked, row: LedgerRow) => ({
  replayed: true,
  call: callOf(row),
  ...(row.run === asked.run ? {} : { ofAnotherRun: true as const }),
});

function refuseOtherArguments(asked: Asked, row: LedgerRow): void {
  if (row.tool === asked.tool.name && row.guarded === guardedDigest(asked)) return;
  const message = 'This idempotency key belongs to a call with other guarded arguments.';
  throw new Failed(fail('KeyReused', message, { ...named(asked), firstTool: row.tool }));
}

const named = (asked: Asked): Record<string, unknown> => ({ tool: asked.tool.name, key: asked.key });

function inFlight(asked: Asked, leftMs: number): Failed {
  const failure = fail('EffectInFlight', 'Another call with this key may still be at work.', named(asked));
  return new Failed(failure, { retryAfterMs: Math.max(50, Math.ceil(leftMs)) });
}
