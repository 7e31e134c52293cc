import { sql } from 'kysely';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { releaseInventory, reserveInventory } from '../../contracts/tools/inventory.ts';
import { forget } from '../forget.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { rejected } from '../trouble.ts';
import { heldByOthers } from './held.ts';

type Reserve = ToolInput<typeof reserveInventory>;
type Reserved = ToolOutput<typeof reserveInventory>;
type Release = ToolInput<typeof releaseInventory>;
type Released = ToolOutput<typeof releaseInventory>;

/** Holds all lines or none. A request that was let go, or whose order is made, holds nothing more. */
export async function reserve(call: Reserve, context: ToolContext, store: Store): Promise<Reserved> {
  const { requestId, customerId, minutes } = call;
  const now = context.now();
  const wanted = unitsBySku(call.lines);
  await holdProducts(store, [...wanted.keys()]);
  await refuseClosed(store, requestId, customerId);

  const lines = await availability(store, requestId, wanted, now);
  const state = lines.every(({ quantity, available }) => quantity <= available) ? 'held' : 'short';
  const expiresAt = now + minutes * 60_000;
  const { run, key } = context;
  const row = { requestId, customerId, state, expiresAt, run, key, at: now } as const;
  await store
    .insertInto('reservations')
    .values(row)
    .onConflict((conflict) => conflict.column('requestId').doUpdateSet({ state, expiresAt, run, key }))
    .execute();
  await store.deleteFrom('reservedLines').where('requestId', '=', requestId).execute();
  if (state === 'short') return { requestId, state, expiresAt: null, lines };
  await store
    .insertInto('reservedLines')
    .values(lines.map(({ sku, quantity }) => ({ requestId, sku, quantity })))
    .execute();
  return { requestId, state, expiresAt: new Date(expiresAt).toISOString(), lines };
}

/** Lets go of what the request holds. Where it holds nothing, it never will: a reservation that comes late is refused. */
export async function release(call: Release, context: ToolContext, store: Store): Promise<Released> {
  const { requestId } = call;
  const { run, key, now } = context;
  const never = { requestId, customerId: null, state: 'never-held' as const, expiresAt: 0, run, key, at: now() };
  await store
    .insertInto('reservations')
    .values(never)
    .onConflict((conflict) => conflict.column('requestId').doNothing())
    .execute();
  const found = await store
    .selectFrom('reservations')
    .selectAll()
    .where('requestId', '=', requestId)
    .executeTakeFirstOrThrow();
  if (found.state === 'released' || found.state === 'used' || found.state === 'never-held')
    return { requestId, state: found.state };
  if (found.run !== run) return { requestId, state: 'kept' };
  const released = await store
    .updateTable('reservations')
    .set({ state: 'released' })
    .where('requestId', '=', requestId)
    .where('state', 'in', ['held', 'short'])
    .executeTakeFirst();
  // An order may have used it up since it was read.
  if (released.numUpdatedRows === 0n) return { requestId, state: 'used' };
  await forget(store, found.key);
  return { requestId, state: 'released' };
}

/**
 * Takes each product for this transaction, in one order, so that of many who want the last one only one counts at a
 * time, and no two wait for each other.
 */
export async function holdProducts(store: Store, skus: readonly string[]): Promise<void> {
  for (const sku of skus.toSorted()) {
    await store.updateTable('products').set({ turn: sql`"turn" + 1` }).where('sku', '=', sku).execute();
  }
}

function unitsBySku(lines: Reserve['lines']): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return units;
}

async function refuseClosed(store: Store, requestId: string, customerId: string): Promise<void> {
  const earlier = await store
    .selectFrom('reservations')
    .selectAll()
    .where('requestId', '=', requestId)
    .executeTakeFirst();
  if (!earlier) return;
  if (earlier.state !== 'held' && earlier.state !== 'short')
    throw rejected('the request is closed and holds nothing more', { requestId, state: earlier.state });
  if (earlier.customerId !== customerId) throw rejected('the request is another customer’s', { requestId });
}

async function availability(
  store: Store,
  requestId: string,
  wanted: ReadonlyMap<string, number>,
  now: number,
): Promise<Reserved['lines']> {
  const held = await heldByOthers(store, requestId, now);
  const products = await store
    .selectFrom('products')
    .select(['sku', 'onHand'])
    .where('sku', 'in', [...wanted.keys()])
    .execute();
  const onHand = new Map(products.map(({ sku, onHand: units }) => [sku, Number(units)]));
  return [...wanted].map(([sku, quantity]) => {
    const units = onHand.get(sku);
    if (units === undefined) throw rejected('a product is not in the catalogue', { requestId });
    return { sku, quantity, available: Math.max(0, units - (held.get(sku) ?? 0)) };
  });
}
