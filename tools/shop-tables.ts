/** What the order desk's systems keep: stock and its reservations, prices and quotes, orders and refunds. */
export interface ShopTables {
  /** `turn` only ever grows: whoever changes it holds the product until their transaction ends. */
  products: { sku: string; name: string; onHand: number | string; turn: number | string };
  prices: { sku: string; currency: string; unitMinor: number | string };
  coupons: { code: string; basisPoints: number; customerId: string | null };
  terms: {
    customerId: string;
    status: string;
    currency: string;
    creditLimitMinor: number | string;
    openMinor: number | string;
    addresses: string;
  };
  reservations: {
    requestId: string;
    customerId: string | null;
    state: 'held' | 'short' | 'used' | 'released' | 'never-held';
    /** Which run of the request it is for. */
    run: string;
    expiresAt: number | string;
    key: string;
    at: number | string;
  };
  reservedLines: { requestId: string; sku: string; quantity: number | string };
  quotes: {
    quoteId: string;
    requestId: string;
    customerId: string;
    currency: string;
    totalMinor: number | string;
    lines: string;
    validUntil: number | string;
    key: string;
    at: number | string;
  };
  orders: {
    requestId: string;
    orderId: string | null;
    customerId: string;
    state: 'created' | 'back-ordered' | 'shipped' | 'cancelled' | 'replaced' | 'never-made';
    quoteId: string | null;
    totalMinor: number | string;
    currency: string | null;
    lines: string;
    shipTo: string | null;
    deliveryNote: string | null;
    replaces: string | null;
    /** Which run of the request made it. */
    run: string;
    key: string;
    at: number | string;
  };
  /** One for an order at most. */
  refunds: {
    orderId: string;
    amountMinor: number | string;
    currency: string;
    reason: string;
    key: string;
    at: number | string;
  };
}

export const SHOP_TABLES = [
  `create table if not exists "products" ("sku" text primary key, "name" text not null, "onHand" bigint not null, "turn" bigint not null)`,
  `create table if not exists "prices" ("sku" text not null, "currency" text not null, "unitMinor" bigint not null,
    primary key ("sku", "currency"))`,
  `create table if not exists "coupons" ("code" text primary key, "basisPoints" integer not null, "customerId" text)`,
  `create table if not exists "terms" ("customerId" text primary key, "status" text not null, "currency" text not null,
    "creditLimitMinor" bigint not null, "openMinor" bigint not null, "addresses" text not null)`,
  `create table if not exists "reservations" ("requestId" text primary key, "customerId" text, "state" text not null,
    "expiresAt" bigint not null, "run" text not null, "key" text not null, "at" bigint not null)`,
  `create table if not exists "reservedLines" ("requestId" text not null, "sku" text not null, "quantity" bigint not null,
    primary key ("requestId", "sku"))`,
  `create table if not exists "quotes" ("quoteId" text primary key, "requestId" text not null, "customerId" text not null,
    "currency" text not null, "totalMinor" bigint not null, "lines" text not null, "validUntil" bigint not null,
    "key" text not null, "at" bigint not null)`,
  `create table if not exists "orders" ("requestId" text primary key, "orderId" text unique, "customerId" text not null,
    "state" text not null, "quoteId" text, "totalMinor" bigint not null, "currency" text, "lines" text not null, "shipTo" text,
    "deliveryNote" text, "replaces" text, "run" text not null, "key" text not null, "at" bigint not null)`,
  `create table if not exists "refunds" ("orderId" text primary key, "amountMinor" bigint not null, "currency" text not null,
    "reason" text not null, "key" text not null, "at" bigint not null)`,
];
