import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTools } from '../../tools/catalogue.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { seedShop } from '../../tools/shop-seed.ts';
import { STORES, type TestStore } from '../support/databases.ts';
import { SHOP } from '../support/shop.ts';
import { settingsFor } from '../support/shop-tools.ts';

const BUYERS = Array.from({ length: 50 }, (_, number) => `race-${number + 1}`);

describe.each(STORES)('fifty want the last unit at once, on %s', (_name, start) => {
  let store: TestStore;
  let database: Database;
  let tools: ReturnType<typeof createTools>;
  beforeAll(async () => {
    store = await start();
    database = await openDatabase(store);
    await seedShop(database, SHOP);
    tools = createTools(database, settingsFor(store));
  });
  afterAll(async () => {
    await database.destroy();
    await store.stop();
  });

  const run = async (name: 'inventory.reserve' | 'pricing.quote' | 'orders.create', call: object, requestId: string) =>
    (await tools[name].run(call, { key: `${requestId}:${name}`, signal: AbortSignal.timeout(30_000) })).answer;

  test('one has it, forty-nine hear that there is none; then one order is made of it', async () => {
    const lines = [{ sku: 'LAST-1', quantity: 1 }];
    const held = await Promise.all(
      BUYERS.map((requestId) =>
        run('inventory.reserve', { requestId, customerId: 'cus-ada', minutes: 30, lines }, requestId),
      ),
    );
    expect(held.filter(({ state }) => state === 'held')).toHaveLength(1);
    const refused = held.filter(({ state }) => state === 'short');
    expect(refused).toHaveLength(49);
    for (const refusal of refused)
      expect(refusal).toMatchObject({ expiresAt: null, lines: [{ sku: 'LAST-1', quantity: 1, available: 0 }] });

    // Who was refused goes on all the same, past the workflow that would not.
    const made = await Promise.all(
      BUYERS.map(async (requestId) => {
        const asked = { requestId, customerId: 'cus-ada', currency: 'EUR', country: 'DE', region: null, minutes: 30 };
        const choice = { lines: [{ sku: 'LAST-1', now: 1, later: 0 }], delivery: 'standard', coupon: null };
        const { offer } = (await run('pricing.quote', { ...asked, ...choice }, requestId)) as {
          offer: { quoteId: string; totalMinor: number };
        };
        const { quoteId, totalMinor } = offer;
        const order = { requestId, customerId: 'cus-ada', quoteId, totalMinor, currency: 'EUR', shipTo: 'home' };
        return run('orders.create', { ...order, replaces: null, deliveryNote: '' }, requestId);
      }),
    );
    expect(made.filter(({ state }) => state === 'created')).toHaveLength(1);
    expect(made.filter(({ state }) => state === 'reservation-expired')).toHaveLength(49);
    const orders = await database
      .selectFrom('orders')
      .select('requestId')
      .where('requestId', 'like', 'race-%')
      .execute();
    expect(orders).toHaveLength(1);
    const left = await database.selectFrom('products').select('onHand').where('sku', '=', 'LAST-1').executeTakeFirst();
    expect(Number(left?.onHand)).toBe(0);
  });
});
