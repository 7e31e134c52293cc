import type { Database } from './database.ts';

/** What the order desk's systems begin with. */
export interface ShopSeed {
  readonly products: readonly {
    readonly sku: string;
    readonly name: string;
    readonly onHand: number;
    /** Smallest units, by currency. */
    readonly prices: Readonly<Record<string, number>>;
  }[];
  readonly coupons: readonly {
    readonly code: string;
    readonly basisPoints: number;
    readonly customerId: string | null;
  }[];
  readonly terms: readonly {
    readonly customerId: string;
    readonly status: string;
    readonly currency: string;
    readonly creditLimitMinor: number;
    readonly openMinor: number;
    readonly addresses: readonly unknown[];
  }[];
  readonly orders: readonly {
    readonly requestId: string;
    readonly orderId: string;
    readonly customerId: string;
    readonly state: 'created' | 'back-ordered' | 'shipped';
    readonly totalMinor: number;
    readonly currency: string;
    readonly shipTo: string;
    readonly lines: readonly { readonly sku: string; readonly now: number; readonly later: number }[];
  }[];
}

/** Fills a shop that sells nothing yet; one that sells anything is left alone. */
export async function seedShop(database: Database, shop: ShopSeed): Promise<void> {
  if (shop.products.length === 0) return;
  const some = await database.selectFrom('products').select('sku').limit(1).executeTakeFirst();
  if (some) return;
  const products = shop.products.map(({ sku, name, onHand }) => ({ sku, name, onHand, turn: 0 }));
  const prices = shop.products.flatMap(({ sku, prices: list }) =>
    Object.entries(list).map(([currency, unitMinor]) => ({ sku, currency, unitMinor })),
  );
  const terms = shop.terms.map(({ addresses, ...rest }) => ({ ...rest, addresses: JSON.stringify(addresses) }));
  const orders = shop.orders.map(({ lines, ...rest }) => ({ ...rest, ...NO_QUOTE, lines: JSON.stringify(lines) }));
  await database.transaction().execute(async (store) => {
    await store
      .insertInto('products')
      .values(products)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await store
      .insertInto('prices')
      .values(prices)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (shop.coupons.length > 0)
      await store
        .insertInto('coupons')
        .values(shop.coupons.map((coupon) => ({ ...coupon })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    if (terms.length > 0)
      await store
        .insertInto('terms')
        .values(terms)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    if (orders.length > 0)
      await store
        .insertInto('orders')
        .values(orders)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  });
}

/** What nobody knows any more of an order that was there before us. */
const NO_QUOTE = { quoteId: null, deliveryNote: null, replaces: null, run: 'seed', key: 'seed', at: 0 };
