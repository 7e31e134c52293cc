import { z } from 'zod';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { cancelOrder } from '../../contracts/tools/orders.ts';
import { PlannedLine } from '../../contracts/tools/pricing.ts';
import type { Tables } from '../database.ts';
import { forget } from '../forget.ts';
import { holdProducts } from '../inventory/reservations.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';

type Call = ToolInput<typeof cancelOrder>;
type Cancelled = ToolOutput<typeof cancelOrder>;
type Order = Tables['orders'];

/** What an order that was taken back gives back. */
export interface TakenBack {
  readonly orderId: string;
  readonly totalMinor: number;
  readonly currency: string;
}

/** Cancels the order and refunds it, both once. What has left the warehouse, or is another customer's, stays as it is. */
export async function cancel(call: Call, context: ToolContext, store: Store): Promise<Cancelled> {
  const { customerId, order, forGood } = call;
  if (forGood) {
    await letNoneBeMade(call, context, store);
    const made = await find(store, order, customerId);
    if (made?.orderId && made.run !== context.run)
      return { order, state: 'kept', orderId: made.orderId, refundedMinor: 0, currency: made.currency };
    if (made?.orderId) await forget(store, made.key);
  }
  const taken = await takeBack(order, 'cancelled', customerId, context, store, call.reason);
  if (taken)
    return {
      order,
      state: 'cancelled',
      orderId: taken.orderId,
      refundedMinor: taken.totalMinor,
      currency: taken.currency,
    };

  const found = await find(store, order, customerId);
  const nothing = { order, orderId: null, refundedMinor: 0, currency: null };
  if (!found) return { ...nothing, state: 'not-found' };
  if (found.state === 'never-made') return { ...nothing, state: 'never-made' };
  const state = found.state === 'shipped' ? 'shipped' : 'cancelled';
  return { order, state, orderId: found.orderId, refundedMinor: 0, currency: found.currency };
}

/** Ends an order that is still here: its stock goes back, its sum is refunded. Nothing where there is none to end. */
export async function takeBack(
  order: string,
  as: 'cancelled' | 'replaced',
  customerId: string,
  context: ToolContext,
  store: Store,
  reason = 'replaced by another order',
): Promise<TakenBack | undefined> {
  const found = await find(store, order, customerId);
  if (!found?.orderId || !found.currency) return undefined;
  const { requestId, orderId, currency } = found;
  const lines = z.array(PlannedLine).parse(JSON.parse(found.lines));
  await holdProducts(
    store,
    lines.map(({ sku }) => sku),
  );
  const ended = await store
    .updateTable('orders')
    .set({ state: as })
    .where('requestId', '=', requestId)
    .where('state', 'in', ['created', 'back-ordered'])
    .executeTakeFirst();
  if (ended.numUpdatedRows !== 1n) return undefined;

  for (const { sku, now } of lines.filter((line) => line.now > 0)) {
    await store
      .updateTable('products')
      .set(({ eb }) => ({ onHand: eb('onHand', '+', now) }))
      .where('sku', '=', sku)
      .execute();
  }
  const totalMinor = Number(found.totalMinor);
  const refund = { orderId, amountMinor: totalMinor, currency, reason, key: context.key, at: context.now() };
  await store.insertInto('refunds').values(refund).execute();
  return { orderId, totalMinor, currency };
}

const find = (store: Store, order: string, customerId: string): Promise<Order | undefined> =>
  store
    .selectFrom('orders')
    .selectAll()
    .where(({ or, eb }) => or([eb('orderId', '=', order), eb('requestId', '=', order)]))
    .where('customerId', '=', customerId)
    .executeTakeFirst();

/** A request that has made no order is marked, so that one which is on its way to us is refused. */
async function letNoneBeMade({ order, customerId }: Call, context: ToolContext, store: Store): Promise<void> {
  const nothing = { orderId: null, quoteId: null, currency: null, shipTo: null, deliveryNote: null, replaces: null };
  await store
    .insertInto('orders')
    .values({
      ...nothing,
      requestId: order,
      customerId,
      state: 'never-made',
      totalMinor: 0,
      lines: '[]',
      run: context.run,
      key: context.key,
      at: context.now(),
    })
    .onConflict((conflict) => conflict.column('requestId').doNothing())
    .execute();
}
