import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTools } from '../../tools/catalogue.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { seedShop } from '../../tools/shop-seed.ts';
import { STORES, type TestStore } from '../support/databases.ts';
import { SHOP } from '../support/shop.ts';
import { settingsFor } from '../support/shop-tools.ts';
import { failureOf } from '../support/tool-callers.ts';

type Name =
  | 'crm.get_customer_data'
  | 'inventory.check'
  | 'inventory.reserve'
  | 'inventory.release'
  | 'pricing.quote'
  | 'orders.create'
  | 'orders.cancel';
type Answer = Record<string, unknown>;

const LAMP = { sku: 'LAMP-01', now: 1, later: 0 };

describe.each(STORES)('the order desk’s systems, on %s', (_name, start) => {
  let store: TestStore;
  let database: Database;
  let minutes = 0;
  let number = 0;
  const now = () => Date.now() + minutes * 60_000;

  beforeAll(async () => {
    store = await start();
    database = await openDatabase(store);
  });
  afterAll(async () => {
    await database.destroy();
    await store.stop();
  });
  beforeEach(async () => {
    minutes = 0;
    for (const table of [
      'ledger',
      'products',
      'prices',
      'coupons',
      'terms',
      'reservations',
      'reservedLines',
      'quotes',
      'orders',
      'refunds',
    ] as const)
      await database.deleteFrom(table).execute();
    await seedShop(database, SHOP);
  });

  const call = async (name: Name, args: object, run = 'run-1', key = `key-${number++}`): Promise<Answer> =>
    (
      await createTools(database, settingsFor(store), now)[name].run(args, {
        key,
        run,
        signal: AbortSignal.timeout(10_000),
      })
    ).answer;
  const check = (item: string, quantity: number, requestId = 'r1') =>
    call('inventory.check', { requestId, lines: [{ item, quantity }] });
  const reserve = (sku: string, quantity: number, requestId = 'r1', run = 'run-1') =>
    call('inventory.reserve', { requestId, customerId: 'cus-ada', minutes: 30, lines: [{ sku, quantity }] }, run);
  const release = (requestId = 'r1', run = 'run-1') => call('inventory.release', { requestId, reason: 'over' }, run);
  const quote = async (change: object = {}) => {
    const who = { requestId: 'r1', customerId: 'cus-ada', currency: 'EUR', country: 'DE', region: null };
    const { state, offer } = await call('pricing.quote', {
      ...who,
      lines: [LAMP],
      minutes: 30,
      delivery: 'standard',
      coupon: null,
      ...change,
    });
    return { state, offer: offer as Answer };
  };
  const create = async (offer: Answer, change: object = {}, run = 'run-1') => {
    const { quoteId, totalMinor } = offer;
    const agreed = { requestId: 'r1', customerId: 'cus-ada', quoteId, totalMinor, currency: 'EUR', shipTo: 'home' };
    return call('orders.create', { ...agreed, replaces: null, deliveryNote: '', ...change }, run);
  };
  const cancel = (order: string, change: object = {}, run = 'run-1') =>
    call('orders.cancel', { customerId: 'cus-ada', order, forGood: false, reason: 'over', ...change }, run);
  const onHand = async (sku: string) =>
    Number(
      (await database.selectFrom('products').select('onHand').where('sku', '=', sku).executeTakeFirstOrThrow()).onHand,
    );
  const refunds = async () =>
    (await database.selectFrom('refunds').selectAll().execute()).map(({ orderId, amountMinor }) => [
      orderId,
      Number(amountMinor),
    ]);

  test.each([
    ['desk-160', 2, { state: 'in-stock', sku: 'DESK-160' }],
    ['Desk lamps', 3, { state: 'in-stock', sku: 'LAMP-01' }],
    ['lamp', 1, { state: 'ambiguous', sku: null, candidates: ['LAMP-01', 'LAMP-02'] }],
    ['unicorn', 1, { state: 'unknown', sku: null }],
    ['LAMP-01', 4, { state: 'short', available: 3 }],
    ['LAMP-01', 0, { state: 'bad-quantity' }],
    ['LAMP-01', -1, { state: 'bad-quantity' }],
    ['LAMP-01', 0.5, { state: 'bad-quantity' }],
    ['LAMP-01', 1e9, { state: 'bad-quantity' }],
  ])('%s, %d of it, is told as it is', async (item, quantity, line) => {
    expect(await check(item, quantity)).toMatchObject({ lines: [line] });
  });

  test('what is held is there for nobody else, and for everybody again when it runs out or is let go', async () => {
    expect(await reserve('LAMP-01', 3)).toMatchObject({ state: 'held' });
    expect(await check('LAMP-01', 1, 'r2')).toMatchObject({ lines: [{ state: 'short', available: 0 }] });
    expect(await check('LAMP-01', 3, 'r1')).toMatchObject({ lines: [{ state: 'in-stock' }] });
    expect(await reserve('LAMP-01', 1, 'r2')).toMatchObject({ state: 'short', lines: [{ available: 0 }] });
    minutes = 31;
    expect(await reserve('LAMP-01', 1, 'r2')).toMatchObject({ state: 'held' });
    expect(await release('r2')).toMatchObject({ state: 'released' });
    expect(await reserve('LAMP-01', 3, 'r1')).toMatchObject({ state: 'held' });
  });

  test('what was let go before it was held is never held: a reservation that comes late is refused', async () => {
    expect(await release()).toMatchObject({ state: 'never-held' });
    expect((await failureOf(reserve('LAMP-01', 1))).failure.type).toBe('ToolRejected');
    expect(await check('LAMP-01', 3, 'r2')).toMatchObject({ lines: [{ state: 'in-stock' }] });
  });

  test('a run lets go of, and takes back, only what it did itself', async () => {
    await reserve('LAMP-01', 1);
    expect(await release('r1', 'run-2')).toMatchObject({ state: 'kept' });
    const { offer } = await quote();
    expect(await create(offer)).toMatchObject({ state: 'created' });
    expect(await release()).toMatchObject({ state: 'used' });
    expect(await cancel('r1', { forGood: true }, 'run-2')).toMatchObject({ state: 'kept', refundedMinor: 0 });
    expect(await cancel('r1', { forGood: true })).toMatchObject({
      state: 'cancelled',
      refundedMinor: offer['totalMinor'],
    });
  });

  test('a price holds until it runs out, whatever the list says meanwhile; then it is the new one', async () => {
    const first = await quote();
    expect(first.offer).toMatchObject({ deliveryMinor: 690, taxMinor: 1_079, totalMinor: 6_759 });
    await database.updateTable('prices').set({ unitMinor: 9_990 }).where('sku', '=', 'LAMP-01').execute();
    await reserve('LAMP-01', 1);
    minutes = 29;
    expect(await create(first.offer, { requestId: 'r1' })).toMatchObject({ state: 'created', totalMinor: 6_759 });
    expect((await quote({ requestId: 'r2' })).offer).toMatchObject({ totalMinor: 12_709 });
  });

  test('no order is made of what ran out', async () => {
    await reserve('LAMP-01', 1);
    const { offer } = await quote();
    minutes = 31;
    expect(await create(offer)).toMatchObject({ state: 'quote-expired', orderId: null });
    const later = await quote();
    expect(await create(later.offer)).toMatchObject({ state: 'reservation-expired', orderId: null });
    expect(await onHand('LAMP-01')).toBe(3);
  });

  test.each([
    ['another sum', { totalMinor: 1 }],
    ['another currency', { currency: 'USD' }],
    ['another customer', { customerId: 'cus-zoe' }],
    ['another request', { requestId: 'r2' }],
    ['a quote that nobody made', { quoteId: 'quo-none' }],
  ])('no order is made of %s than was quoted', async (_, change) => {
    await reserve('LAMP-01', 1);
    const { offer } = await quote();
    expect((await failureOf(create(offer, change))).failure.type).toBe('ToolRejected');
  });

  test.each([
    ['a currency without a price', { currency: 'USD' }, 'no-price'],
    ['a place that is not sold to', { country: 'AQ' }, 'no-tax'],
  ])('there is no offer for %s', async (_, change, state) => {
    expect(await quote(change)).toEqual({ state, offer: null });
  });

  test.each([
    ['WELCOME10', 'applied', 499],
    ['welcome10', 'applied', 499],
    ['STAFF50', 'not-valid', 0],
    ['FREE100', 'not-valid', 0],
    [null, 'none', 0],
  ])('the coupon %s is %s', async (coupon, said, discountMinor) => {
    expect((await quote({ coupon })).offer).toMatchObject({ coupon: said, discountMinor });
  });

  test('a cancelled order gives stock and money back, once; a shipped one, and one of somebody else, gives nothing', async () => {
    expect(await cancel('ord-past', { customerId: 'cus-zoe' })).toMatchObject({ state: 'not-found' });
    expect(await cancel('ord-gone')).toMatchObject({ state: 'shipped', refundedMinor: 0 });
    expect(await cancel('ord-past')).toMatchObject({ state: 'cancelled', refundedMinor: 10_000 });
    expect(await cancel('ord-past')).toMatchObject({ state: 'cancelled', refundedMinor: 0 });
    expect([await onHand('LAMP-01'), await refunds()]).toEqual([5, [['ord-past', 10_000]]]);
  });

  test('a changed order is one call: the new one is made, the old one taken back; of a stranger’s order nothing changes', async () => {
    await reserve('LAMP-01', 1);
    const { offer } = await quote();
    for (const replaces of ['ord-gone', 'ord-none', 'ord-zoe'])
      expect(await create(offer, { replaces })).toMatchObject({ state: 'not-replaceable', orderId: null });
    expect([await onHand('LAMP-01'), await onHand('LAMP-02'), await refunds()]).toEqual([3, 5, []]);
    expect(await create(offer, { replaces: 'ord-past' })).toMatchObject({ state: 'created', refundedMinor: 10_000 });
    expect([await onHand('LAMP-01'), await refunds()]).toEqual([4, [['ord-past', 10_000]]]);
  });

  test('a back-order is made of what there is and the rest, and leaves the stock that it did not take', async () => {
    await reserve('LAMP-01', 3);
    const { offer } = await quote({ lines: [{ sku: 'LAMP-01', now: 3, later: 2 }] });
    expect(await create(offer)).toMatchObject({ state: 'back-ordered' });
    expect(await onHand('LAMP-01')).toBe(0);
    const all = await quote({ requestId: 'r2', lines: [{ sku: 'LAMP-01', now: 0, later: 2 }] });
    expect(await create(all.offer, { requestId: 'r2' })).toMatchObject({ state: 'back-ordered' });
  });

  test('what a customer owes grows with each order that stands, and falls with each that is taken back', async () => {
    const owed = async (run: string) => {
      const { terms } = await call('crm.get_customer_data', { customer_id: 'cus-ada' }, run, run);
      return (terms as { openMinor: number }).openMinor;
    };
    expect(await owed('before')).toBe(35_000);
    await reserve('LAMP-01', 1);
    const { offer } = await quote();
    await create(offer);
    expect(await owed('after')).toBe(35_000 + Number(offer['totalMinor']));
    await cancel('r1', { forGood: true });
    expect(await owed('cancelled')).toBe(35_000);
  });

  test('an order that was called off before it was made is never made', async () => {
    await reserve('LAMP-01', 1);
    const { offer } = await quote();
    expect(await cancel('r1', { forGood: true })).toMatchObject({ state: 'never-made', refundedMinor: 0 });
    expect((await failureOf(create(offer))).failure.type).toBe('ToolRejected');
  });
});
