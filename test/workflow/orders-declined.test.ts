import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { orderTools, recordFor, TERMS } from '../support/order-answers.ts';
import { customerSays, order, orderRelease } from '../support/order-cases.ts';
import { openRequest, type Spine, startSpine, status } from '../support/spine.ts';

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => {
  spine.reset(orderRelease());
  orderTools(spine.tools);
});

const made = () => spine.tools.calls.filter(({ tool }) => tool === 'orders.create');

describe('a no', () => {
  it.each(['reject', 'silence', 'cancel'])('by %s makes no order and lets the stock go', async (how) => {
    if (how === 'silence') {
      spine.reset(orderRelease({ customer: [{ role: 'customer', hours: 0.0002 }] }));
      orderTools(spine.tools);
    }
    const handle = await spine.start('placeOrder', order());
    if (how === 'reject') await customerSays(handle, 'reject');
    if (how === 'cancel') {
      await openRequest(handle);
      await handle.cancel();
    }
    const result = await handle.result().catch(() => ({ outcome: 'cancelled' }));
    expect(result).toMatchObject({ outcome: how === 'cancel' ? 'cancelled' : 'declined' });
    expect(made()).toEqual([]);
    expect(spine.tools.order.filter((tool) => tool === 'inventory.release')).toHaveLength(1);
    expect((await status(handle)).leftBehind ?? []).toEqual([]);
  });

  it.each([
    ['nobody’s account', null, {}, 'no account'],
    ['a closed account', { ...TERMS, status: 'closed' }, {}, 'no account'],
    ['another currency than the account’s', undefined, { currency: 'USD' }, 'kept in EUR, and USD was asked for'],
    ['a destination that is not on record', undefined, { shipTo: 'elsewhere' }, 'none of the customer’s addresses'],
  ])('comes of %s', async (_, terms, change, why) => {
    spine.tools.answer('crm.get_customer_data', (call) => recordFor(call, terms));
    const result = (await (await spine.start('placeOrder', order(change))).result()) as {
      outcome: string;
      why: string;
    };
    expect(result.outcome).toBe('declined');
    expect(result.why).toContain(why);
    expect(made()).toEqual([]);
  });

  it.each([
    ['an unknown product', 'unknown', 2, 'is no product of ours'],
    ['a quantity of 0', 'bad-quantity', 0, '0 of “DESK-160” is no whole number'],
    ['a quantity of -1', 'bad-quantity', -1, '-1 of'],
    ['a fraction', 'bad-quantity', 1.5, '1.5 of'],
    ['a quantity of 1e9', 'bad-quantity', 1e9, '1000000000 of'],
  ])('comes of %s, before anything is held', async (_, state, quantity, why) => {
    spine.tools.answer('inventory.check', ({ requestId, lines }) => ({
      requestId,
      lines: (lines as object[]).map((line) => ({ ...line, state, sku: null, available: 0, candidates: [] })),
    }));
    const handle = await spine.start('placeOrder', order({ message: `Please send ${quantity} x DESK-160.` }));
    const result = (await handle.result()) as { outcome: string; why: string };
    expect(result.outcome).toBe('declined');
    expect(result.why).toContain(why);
    expect(spine.tools.order).not.toContain('inventory.reserve');
  });

  it.each([
    ['no-tax', 'We don’t sell to DE.'],
    ['no-price', 'Not all of it is sold in EUR.'],
  ])('comes of a place or currency that is not sold to: %s', async (state, why) => {
    spine.tools.answer('pricing.quote', ({ requestId }) => ({ requestId, state, offer: null }));
    expect(await (await spine.start('placeOrder', order())).result()).toMatchObject({ outcome: 'declined', why });
    expect(spine.tools.order).toContain('inventory.release');
  });
});
