import { z } from 'zod';
import { digestOfText } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { createOrder } from '../../contracts/tools/orders.ts';
import { PlannedLine } from '../../contracts/tools/pricing.ts';
import { holdProducts } from '../inventory/reservations.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { rejected } from '../trouble.ts';
import { takeBack } from './cancel.ts';

type Call = ToolInput<typeof createOrder>;
type Created = ToolOutput<typeof createOrder>;

/** Makes the order, uses the reservation up and takes back the order that it replaces: all of it at once, or nothing. */
export async function makeOrder(call: Call, context: ToolContext, store: Store): Promise<Created> {
  const { requestId, customerId, totalMinor, currency, quoteId, shipTo, deliveryNote, replaces } = call;
  const told = { requestId, customerId, totalMinor, currency };
  const without = (state: Created['state']): Created => ({ ...told, state, orderId: null, refundedMinor: 0 });
  await refuseSecond(store, requestId);

  const lines = await quotedLines(call, context.now(), store);
  if (lines === 'expired') return without('quote-expired');
  await holdProducts(
    store,
    lines.map(({ sku }) => sku),
  );
  if (!(await reservationHolds(call, lines, context.now(), store))) return without('reservation-expired');
  const replaced = replaces === null ? undefined : await takeBack(replaces, 'replaced', customerId, context, store);
  if (replaces !== null && replaced === undefined) return without('not-replaceable');

  await useUp(requestId, lines, store);
  const state = lines.some(({ later }) => later > 0) ? 'back-ordered' : 'created';
  const orderId = `ord-${digestOfText(requestId).slice(0, 12)}`;
  const kept = {
    requestId,
    orderId,
    customerId,
    state,
    quoteId,
    totalMinor,
    currency,
    shipTo,
    deliveryNote,
    replaces,
  } as const;
  await store
    .insertInto('orders')
    .values({ ...kept, lines: JSON.stringify(lines), run: context.run, key: context.key, at: context.now() })
    .execute();
  return { ...told, state, orderId, refundedMinor: replaced?.totalMinor ?? 0 };
}

/** A request that has its order, or was called off, makes no other one. */
async function refuseSecond(store: Store, requestId: string): Promise<void> {
  const earlier = await store
    .selectFrom('orders')
    .select('state')
    .where('requestId', '=', requestId)
    .executeTakeFirst();
  if (earlier) throw rejected('the request has made its order, or was called off', { requestId, state: earlier.state });
}

async function quotedLines(call: Call, now: number, store: Store): Promise<PlannedLine[] | 'expired'> {
  const { requestId, quoteId, customerId, totalMinor, currency } = call;
  const quote = await store.selectFrom('quotes').selectAll().where('quoteId', '=', quoteId).executeTakeFirst();
  if (!quote || quote.customerId !== customerId || quote.requestId !== requestId)
    throw rejected('the quote is not this request’s', { requestId });
  if (Number(quote.totalMinor) !== totalMinor || quote.currency !== currency)
    throw rejected('the sum is not the one that was quoted', { requestId });
  return Number(quote.validUntil) > now ? z.array(PlannedLine).parse(JSON.parse(quote.lines)) : 'expired';
}

/** Whether exactly what has to leave now is still held. An order of which all comes later needs no reservation. */
async function reservationHolds(
  { requestId, customerId }: Call,
  lines: readonly PlannedLine[],
  now: number,
  store: Store,
): Promise<boolean> {
  const needed = lines.filter((line) => line.now > 0);
  if (needed.length === 0) return true;
  const reservation = await store
    .selectFrom('reservations')
    .selectAll()
    .where('requestId', '=', requestId)
    .executeTakeFirst();
  if (reservation?.state !== 'held' || reservation.customerId !== customerId) return false;
  if (Number(reservation.expiresAt) <= now) return false;
  const held = await store.selectFrom('reservedLines').selectAll().where('requestId', '=', requestId).execute();
  const units = new Map(held.map(({ sku, quantity }) => [sku, Number(quantity)]));
  return needed.every((line) => units.get(line.sku) === line.now);
}

async function useUp(requestId: string, lines: readonly PlannedLine[], store: Store): Promise<void> {
  for (const { sku, now } of lines.filter((line) => line.now > 0)) {
    await store
      .updateTable('products')
      .set(({ eb }) => ({ onHand: eb('onHand', '-', now) }))
      .where('sku', '=', sku)
      .execute();
  }
  await store
    .updateTable('reservations')
    .set({ state: 'used' })
    .where('requestId', '=', requestId)
    .where('state', '=', 'held')
    .execute();
}
