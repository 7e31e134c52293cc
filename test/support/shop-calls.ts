import { digestOfText } from '../../contracts/digest.ts';
import type { Sample } from './tool-calls.ts';

const LINE = { sku: 'DESK-160', now: 2, later: 0 };
/** Two desks for Ada, delivered free, with German tax. */
const TOTAL = 107_100;
const quoteId = `quo-${digestOfText('first:pricing.quote').slice(0, 12)}`;

/** One good call of each tool of the order desk, in an order in which they follow from each other. */
export const SHOP_SAMPLES = {
  'crm.get_customer_data': {
    call: () => ({ customer_id: 'cus-ada' }),
    otherGuarded: { customer_id: 'cus-zoe' },
    says: { customer_id: 'cus-ada', terms: { currency: 'EUR', openMinor: 35_000 } },
  },
  'inventory.check': {
    call: () => ({ requestId: 'req-1', lines: [{ item: 'walnut desks', quantity: 2 }] }),
    inOtherWords: { lines: [{ item: 'LAMP-01', quantity: 1 }] },
    otherGuarded: { requestId: 'req-2' },
    says: { requestId: 'req-1', lines: [{ state: 'in-stock', sku: 'DESK-160', available: 40 }] },
  },
  'inventory.reserve': {
    call: () => ({ requestId: 'req-1', customerId: 'cus-ada', minutes: 30, lines: [{ sku: 'DESK-160', quantity: 2 }] }),
    inOtherWords: { minutes: 60 },
    otherGuarded: { lines: [{ sku: 'DESK-160', quantity: 3 }] },
    says: { requestId: 'req-1', state: 'held' },
  },
  'inventory.release': {
    call: () => ({ requestId: 'req-9', reason: 'the case ended' }),
    inOtherWords: { reason: 'another reason' },
    otherGuarded: { requestId: 'req-8' },
    says: { requestId: 'req-9', state: 'never-held' },
  },
  'pricing.quote': {
    call: () => ({
      requestId: 'req-1',
      customerId: 'cus-ada',
      currency: 'EUR',
      country: 'DE',
      region: null,
      lines: [LINE],
      minutes: 30,
      delivery: 'standard',
      coupon: null,
    }),
    inOtherWords: { delivery: 'express' },
    otherGuarded: { customerId: 'cus-zoe' },
    says: { requestId: 'req-1', state: 'quoted', offer: { quoteId, taxMinor: 17_100, totalMinor: TOTAL } },
  },
  'orders.create': {
    call: () => ({
      requestId: 'req-1',
      customerId: 'cus-ada',
      quoteId,
      totalMinor: TOTAL,
      currency: 'EUR',
      shipTo: 'home',
      replaces: null,
      deliveryNote: 'Please ring twice.',
    }),
    inOtherWords: { deliveryNote: '' },
    otherGuarded: { totalMinor: 1 },
    says: { requestId: 'req-1', state: 'created', totalMinor: TOTAL },
  },
  'orders.cancel': {
    call: () => ({ customerId: 'cus-ada', order: 'req-9', forGood: true, reason: 'the case ended' }),
    inOtherWords: { reason: 'another reason' },
    otherGuarded: { customerId: 'cus-zoe' },
    says: { order: 'req-9', state: 'never-made', refundedMinor: 0 },
  },
} satisfies Record<string, Sample>;
