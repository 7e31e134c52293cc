import type { FakeTools } from './fake-tools.ts';

type Call = Record<string, unknown>;
type Line = { sku: string; now: number; later: number };

const soon = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

export const TERMS = {
  status: 'active',
  currency: 'EUR',
  creditLimitMinor: 500_000,
  openMinor: 0,
  addresses: [{ addressId: 'home', country: 'DE', region: null, lines: 'Rosenweg 3' }],
};

/** A record that was read just now, or so many minutes ago. */
export const recordFor = ({ customer_id }: Call, terms: Call | null = TERMS, minutesAgo = 0): Call => ({
  customer_id,
  readAt: soon(-minutesAgo),
  terms,
});

/** What each unit costs: 100.00, with 19 percent of tax and no delivery. */
const UNIT = 10_000;

/** A price that adds up, for whatever was asked for. */
export function offerFor({ requestId, customerId, currency, lines, minutes }: Call, unitMinor = UNIT): Call {
  const priced = (lines as Line[]).map(({ sku, now, later }) => {
    const quantity = now + later;
    return { sku, quantity, unitMinor, lineMinor: quantity * unitMinor };
  });
  const goods = priced.reduce((sum, { lineMinor }) => sum + lineMinor, 0);
  const taxMinor = Math.round(goods * 0.19);
  const sums = { coupon: 'none', discountMinor: 0, deliveryMinor: 0, taxMinor, totalMinor: goods + taxMinor };
  const quoteId = `Q-${requestId}-${unitMinor}-${minutes}`;
  const validUntil = soon(Number(minutes));
  return { requestId, state: 'quoted', offer: { quoteId, customerId, currency, lines: priced, ...sums, validUntil } };
}

export const checkedFor = ({ requestId, lines }: Call, available = 100): Call => ({
  requestId,
  lines: (lines as { item: string; quantity: number }[]).map((line) => ({
    ...line,
    state: line.quantity <= available ? 'in-stock' : 'short',
    sku: line.item,
    available,
    candidates: [],
  })),
});

export const heldFor = ({ requestId, lines }: Call): Call => ({
  requestId,
  state: 'held',
  expiresAt: soon(30),
  lines: (lines as { sku: string; quantity: number }[]).map((line) => ({ ...line, available: 100 })),
});

export const createdFor = (
  { requestId, customerId, totalMinor, currency, replaces }: Call,
  change: Call = {},
): Call => ({
  requestId,
  customerId,
  state: 'created',
  orderId: `O-${requestId}`,
  totalMinor,
  currency,
  refundedMinor: replaces ? 5_000 : 0,
  ...change,
});

/** An order desk where all is well and everything is there. */
export const orderTools = (tools: FakeTools): FakeTools =>
  tools
    .answer('crm.get_customer_data', (call) => recordFor(call))
    .answer('inventory.check', (call) => checkedFor(call))
    .answer('inventory.reserve', heldFor)
    .answer('inventory.release', ({ requestId }) => ({ requestId, state: 'released' }))
    .answer('pricing.quote', (call) => offerFor(call))
    .answer('orders.create', (call) => createdFor(call))
    .answer('orders.cancel', ({ order }) => ({
      order,
      state: 'cancelled',
      orderId: `O-${order}`,
      refundedMinor: 5_000,
      currency: 'EUR',
    }));
