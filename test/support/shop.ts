import type { Shop } from '../../outside/shop.ts';

/** A small shop: plenty of desks, three lamps, one of the last. */
export const SHOP: Shop = {
  products: [
    { sku: 'DESK-160', name: 'Walnut desk', onHand: 40, prices: { EUR: 45_000, GBP: 39_000 } },
    { sku: 'LAMP-01', name: 'Desk lamp', onHand: 3, prices: { EUR: 4_990 } },
    { sku: 'LAMP-02', name: 'Floor lamp', onHand: 5, prices: { EUR: 8_990 } },
    { sku: 'LAST-1', name: 'Atlas globe', onHand: 1, prices: { EUR: 19_900 } },
  ],
  coupons: [
    { code: 'WELCOME10', basisPoints: 1_000, customerId: null },
    { code: 'STAFF50', basisPoints: 5_000, customerId: 'cus-zoe' },
  ],
  terms: [
    {
      customerId: 'cus-ada',
      status: 'active',
      currency: 'EUR',
      creditLimitMinor: 500_000,
      openMinor: 20_000,
      addresses: [
        { addressId: 'home', country: 'DE', region: null, lines: 'Rosenweg 3, 20095 Hamburg' },
        { addressId: 'far', country: 'AQ', region: null, lines: 'Station Road 1' },
      ],
    },
    {
      customerId: 'cus-zoe',
      status: 'active',
      currency: 'GBP',
      creditLimitMinor: 100_000,
      openMinor: 0,
      addresses: [],
    },
  ],
  orders: [
    {
      requestId: 'req-past',
      orderId: 'ord-past',
      customerId: 'cus-ada',
      state: 'created',
      totalMinor: 10_000,
      currency: 'EUR',
      shipTo: 'home',
      lines: [{ sku: 'LAMP-01', now: 2, later: 0 }],
    },
    {
      requestId: 'req-gone',
      orderId: 'ord-gone',
      customerId: 'cus-ada',
      state: 'shipped',
      totalMinor: 5_000,
      currency: 'EUR',
      shipTo: 'home',
      lines: [{ sku: 'LAMP-01', now: 1, later: 0 }],
    },
    {
      requestId: 'req-zoe',
      orderId: 'ord-zoe',
      customerId: 'cus-zoe',
      state: 'created',
      totalMinor: 7_000,
      currency: 'GBP',
      shipTo: 'home',
      lines: [{ sku: 'LAMP-02', now: 1, later: 0 }],
    },
  ],
};
