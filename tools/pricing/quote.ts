import { digestOfText } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { quotePrice } from '../../contracts/tools/pricing.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { chargeFor } from './delivery.ts';
import { taxRate } from './tax.ts';

type Call = ToolInput<typeof quotePrice>;
type Answer = ToolOutput<typeof quotePrice>;
type Offer = NonNullable<Answer['offer']>;
type Coupon = Pick<Offer, 'coupon'> & { readonly basisPoints: number };

/** Prices the lines as the list is now, less a coupon of the customer's, with delivery and tax; the price is pinned. */
export async function quote(call: Call, context: ToolContext, store: Store): Promise<Answer> {
  const { requestId, customerId, currency, minutes, delivery } = call;
  const lines = await priceLines(call, store);
  const goodsMinor = lines?.reduce((sum, { lineMinor }) => sum + lineMinor, 0) ?? 0;
  const deliveryMinor = chargeFor(delivery, currency, goodsMinor);
  if (!lines || deliveryMinor === undefined) return { requestId, state: 'no-price', offer: null };
  const rate = taxRate(call.country, call.region);
  if (rate === undefined) return { requestId, state: 'no-tax', offer: null };

  const { coupon, basisPoints } = await couponOf(call, store);
  const discountMinor = shareOf(goodsMinor, basisPoints);
  const net = goodsMinor - discountMinor + deliveryMinor;
  const taxMinor = shareOf(net, rate);
  const totalMinor = net + taxMinor;
  const validUntil = context.now() + minutes * 60_000;
  const quoteId = `quo-${digestOfText(context.key).slice(0, 12)}`;
  await store
    .insertInto('quotes')
    .values({
      quoteId,
      requestId,
      customerId,
      currency,
      totalMinor,
      lines: JSON.stringify(call.lines),
      validUntil,
      key: context.key,
      at: context.now(),
    })
    .execute();
  const sums = { coupon, discountMinor, deliveryMinor, taxMinor, totalMinor };
  const offer = { quoteId, customerId, currency, lines, ...sums, validUntil: new Date(validUntil).toISOString() };
  return { requestId, state: 'quoted', offer };
}

/** Nothing where one of them has no price in this currency. */
async function priceLines({ lines, currency }: Call, store: Store): Promise<Offer['lines'] | undefined> {
  const skus = lines.map(({ sku }) => sku);
  const rows = await store
    .selectFrom('prices')
    .select(['sku', 'unitMinor'])
    .where('currency', '=', currency)
    .where('sku', 'in', skus)
    .execute();
  const list = new Map(rows.map(({ sku, unitMinor }) => [sku, Number(unitMinor)]));
  const priced = lines.flatMap(({ sku, now, later }) => {
    const unitMinor = list.get(sku);
    const quantity = now + later;
    return unitMinor === undefined ? [] : [{ sku, quantity, unitMinor, lineMinor: unitMinor * quantity }];
  });
  return priced.length === lines.length ? priced : undefined;
}

/** A code is good for whom it was given to; any other is said to be not valid, and changes nothing. */
async function couponOf({ coupon, customerId }: Call, store: Store): Promise<Coupon> {
  if (!coupon) return { coupon: 'none', basisPoints: 0 };
  const known = await store
    .selectFrom('coupons')
    .selectAll()
    .where('code', '=', coupon.trim().toUpperCase())
    .executeTakeFirst();
  if (!known || (known.customerId !== null && known.customerId !== customerId))
    return { coupon: 'not-valid', basisPoints: 0 };
  return { coupon: 'applied', basisPoints: known.basisPoints };
}

/** Hundredths of a percent of an amount, half a unit rounded up; exact however large the amount. */
function shareOf(minor: number, basisPoints: number): number {
  return Number((BigInt(minor) * BigInt(basisPoints) + 5_000n) / 10_000n);
}
