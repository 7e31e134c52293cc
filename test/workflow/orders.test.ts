import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkedFor, createdFor, heldFor, offerFor, orderTools, recordFor, TERMS } from '../support/order-answers.ts';
import { customerSays, order, orderRelease } from '../support/order-cases.ts';
import { answer, openRequest, type Spine, startSpine } from '../support/spine.ts';

const CLEAN = [
  'crm.get_customer_data',
  'inventory.check',
  'inventory.reserve',
  'pricing.quote',
  'notifications.post',
  'orders.create',
  'audit.append',
];

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

describe('a clean order', () => {
  it('is read, looked up, held, priced, confirmed by the customer and made, in that order (OD-35)', async () => {
    const input = order();
    const handle = await spine.start('placeOrder', input);
    const { request, reply } = await customerSays(handle, 'approve');
    expect(request).toMatchObject({ kind: 'confirmation', role: 'customer', answers: ['approve', 'reject'] });
    expect(request.call).toMatchObject({ totalMinor: 35_700, currency: 'EUR', shipTo: 'home' });
    expect(reply).toEqual({ accepted: true });
    const orderId = `O-${input.requestId}`;
    expect(await handle.result()).toEqual({ outcome: 'created', orderId, totalMinor: 35_700, currency: 'EUR' });
    expect(spine.tools.order.toSorted()).toEqual(CLEAN.toSorted());
    expect(spine.tools.order.indexOf('pricing.quote')).toBeLessThan(spine.tools.order.indexOf('orders.create'));
    expect(made()[0]?.call).toMatchObject({
      totalMinor: 35_700,
      replaces: null,
      deliveryNote: 'Leave it at the reception.',
    });
    expect(spine.models.calls.map(({ agent }) => agent)).toEqual([
      'checkStock',
      'quotePrice',
      'createOrder',
      'writeAudit',
    ]);
  });

  it('is nothing before the customer has confirmed, and nobody else can', async () => {
    const handle = await spine.start('placeOrder', order());
    const request = await openRequest(handle);
    expect(made()).toEqual([]);
    await expect(answer(handle, request, 'approve', 'omar')).rejects.toThrow();
    await expect(answer(handle, request, 'approve', 'cus-zoe')).rejects.toThrow();
    await expect(answer(handle, { ...request, digest: '0'.repeat(12) }, 'approve', 'cus-ada')).rejects.toThrow();
    await answer(handle, request, 'approve', 'CUS-ADA');
    await handle.result();
    expect(made()).toHaveLength(1);
  });

  it('may be confirmed by the customer who sent it in', async () => {
    const handle = await spine.start('placeOrder', order({ requestedBy: 'cus-ada' }));
    await customerSays(handle, 'approve');
    expect(await handle.result()).toMatchObject({ outcome: 'created' });
  });

  it('that is sent in twice is one order (PF-39)', async () => {
    const input = order();
    const both = [await spine.start('placeOrder', input), await spine.start('placeOrder', input)];
    const results = await Promise.all(
      both.map(async (handle) => {
        await customerSays(handle, 'approve');
        return handle.result();
      }),
    );
    expect(results[0]).toEqual(results[1]);
    expect(spine.tools.effects.filter(({ tool }) => tool === 'orders.create')).toHaveLength(1);
  });
});

describe('too little stock', () => {
  const message = 'Please send 5 x LAMP-01 and 1 x DESK-160.';
  const short = () =>
    spine.tools.answer('inventory.check', ({ requestId, lines }) => {
      const checked = (lines as { item: string; quantity: number }[]).map((line) => {
        const available = line.item === 'LAMP-01' ? 3 : 40;
        return {
          ...line,
          state: line.quantity <= available ? 'in-stock' : 'short',
          sku: line.item,
          available,
          candidates: [],
        };
      });
      return { requestId, lines: checked };
    });

  it.each([
    [
      'split',
      [
        { sku: 'LAMP-01', now: 3, later: 2 },
        { sku: 'DESK-160', now: 1, later: 0 },
      ],
      'back-ordered',
    ],
    [
      'back-order',
      [
        { sku: 'LAMP-01', now: 0, later: 5 },
        { sku: 'DESK-160', now: 1, later: 0 },
      ],
      'back-ordered',
    ],
    ['drop', [{ sku: 'DESK-160', now: 1, later: 0 }], 'created'],
  ])('is the customer’s to decide: %s', async (verdict, lines, outcome) => {
    short();
    spine.tools.answer('orders.create', (call) => createdFor(call, { state: outcome }));
    const handle = await spine.start('placeOrder', order({ message }));
    const { request } = await customerSays(handle, verdict);
    expect(request).toMatchObject({ kind: 'shortage', answers: ['split', 'back-order', 'drop', 'reject'] });
    await customerSays(handle, 'approve', [request.approval]);
    expect(await handle.result()).toMatchObject({ outcome });
    expect(spine.tools.calls.find(({ tool }) => tool === 'pricing.quote')?.call).toMatchObject({ lines });
  });

  it('holds nothing where all of it comes later, and offers no split of nothing', async () => {
    spine.tools.answer('inventory.check', (call) => checkedFor(call, 0));
    spine.tools.answer('orders.create', (call) => createdFor(call, { state: 'back-ordered' }));
    const handle = await spine.start('placeOrder', order());
    const { request } = await customerSays(handle, 'back-order');
    expect(request.answers).toEqual(['back-order', 'reject']);
    await customerSays(handle, 'approve', [request.approval]);
    expect(await handle.result()).toMatchObject({ outcome: 'back-ordered' });
    expect(spine.tools.order).not.toContain('inventory.reserve');
  });

  it('that somebody faster has left is asked about anew', async () => {
    spine.tools.answer('inventory.reserve', (call, times) => {
      const lines = (call['lines'] as { sku: string; quantity: number }[]).map((line) => ({ ...line, available: 0 }));
      return times === 1 ? { requestId: call['requestId'], state: 'short', expiresAt: null, lines } : heldFor(call);
    });
    const handle = await spine.start('placeOrder', order());
    const { request } = await customerSays(handle, 'reject');
    expect(request).toMatchObject({ kind: 'shortage', answers: ['back-order', 'reject'] });
    expect(await handle.result()).toMatchObject({ outcome: 'declined' });
    expect(made()).toEqual([]);
  });
});

describe('what ran out while people thought', () => {
  it('is held and priced anew; a price that stayed needs no second yes, and the customer’s record is still the first (PF-43)', async () => {
    spine.tools.answer('crm.get_customer_data', (call, times) =>
      recordFor(call, times === 1 ? TERMS : { ...TERMS, creditLimitMinor: 0 }),
    );
    spine.tools.answer('orders.create', (call, times) =>
      times === 1 ? createdFor(call, { state: 'quote-expired', orderId: null }) : createdFor(call),
    );
    const handle = await spine.start('placeOrder', order());
    await customerSays(handle, 'approve');
    expect(await handle.result()).toMatchObject({ outcome: 'created' });
    expect(spine.tools.order.filter((tool) => tool === 'crm.get_customer_data')).toHaveLength(2);
    const other = await spine.start('placeOrder', order());
    expect(await openRequest(other)).toMatchObject({ kind: 'finding', asks: expect.stringContaining('credit limit') });
    await other.cancel();
  });

  it('asks the customer again where the price has changed, and gives up after the policy’s rounds', async () => {
    spine.tools.answer('pricing.quote', (call, times) => offerFor(call, 10_000 + times));
    spine.tools.answer('orders.create', (call) => createdFor(call, { state: 'reservation-expired', orderId: null }));
    const handle = await spine.start('placeOrder', order());
    const seen: string[] = [];
    for (const _ of [1, 2, 3]) seen.push((await customerSays(handle, 'approve', seen)).request.approval);
    expect(await handle.result()).toMatchObject({ outcome: 'declined', leftBehind: [] });
    expect(made()).toHaveLength(3);
    expect(spine.tools.order.filter((tool) => tool === 'orders.cancel')).toHaveLength(1);
  });
});

describe('a sum that the desk may not say yes to', () => {
  it.each([
    ['a credit limit', { ...TERMS, creditLimitMinor: 30_000 }, {}, 'passes the credit limit by 57.00 EUR'],
    ['a high value', undefined, { highValueMinor: { EUR: 35_700 } }, 'of high value'],
    ['a currency that the policy does not list', undefined, { highValueMinor: { USD: 1 } }, 'of high value'],
  ])('because of %s is a manager’s to decide, before the customer is asked', async (_, terms, policy, why) => {
    spine.reset(orderRelease(policy));
    orderTools(spine.tools);
    if (terms) spine.tools.answer('crm.get_customer_data', (call) => recordFor(call, terms));
    const handle = await spine.start('placeOrder', order());
    const request = await openRequest(handle);
    expect(request).toMatchObject({ kind: 'finding', role: 'manager', asks: expect.stringContaining(why) });
    await expect(answer(handle, request, 'go-on', 'cus-ada')).rejects.toThrow();
    await answer(handle, request, 'go-on', 'mia');
    await customerSays(handle, 'approve', [request.approval]);
    expect(await handle.result()).toMatchObject({ outcome: 'created' });
  });

  it('and that a manager turns down is no order', async () => {
    spine.reset(orderRelease({ highValueMinor: { EUR: 1 } }));
    orderTools(spine.tools);
    const handle = await spine.start('placeOrder', order());
    await answer(handle, await openRequest(handle), 'reject', 'mia', { reason: 'not to them' });
    expect(await handle.result()).toMatchObject({ outcome: 'declined' });
    expect(spine.tools.order).toContain('inventory.release');
  });
});

describe('after an order', () => {
  it('a change makes the new one and takes the old one back in one call', async () => {
    const handle = await spine.start('placeOrder', order({ replaces: 'ord-old' }));
    await customerSays(handle, 'approve');
    expect(await handle.result()).toMatchObject({ outcome: 'created', refundedMinor: 5_000 });
    expect(made()[0]?.call).toMatchObject({ replaces: 'ord-old' });
  });

  it('a change of an order that is not there, or not theirs, makes none', async () => {
    spine.tools.answer('orders.create', (call) =>
      createdFor(call, { state: 'not-replaceable', orderId: null, refundedMinor: 0 }),
    );
    const handle = await spine.start('placeOrder', order({ replaces: 'ord-of-somebody-else' }));
    await customerSays(handle, 'approve');
    expect(await handle.result()).toMatchObject({ outcome: 'declined' });
    expect(spine.tools.order).toContain('inventory.release');
  });

  it.each([
    ['cancelled', { outcome: 'cancelled', refundedMinor: 5_000, currency: 'EUR' }],
    ['shipped', { outcome: 'declined', why: 'The order has left the house.' }],
    ['not-found', { outcome: 'declined', why: 'The customer has no such order.' }],
  ])('a cancellation ends as the order system says: %s', async (state, result) => {
    const { message: _, ...who } = order();
    if (state !== 'cancelled')
      spine.tools.answer('orders.cancel', (call) => ({
        order: call['order'],
        state,
        orderId: null,
        refundedMinor: 0,
        currency: null,
      }));
    const handle = await spine.start('cancelOrder', { ...who, orderId: 'ord-1' });
    expect(await handle.result()).toMatchObject(result);
    expect(spine.tools.order).toEqual(['orders.cancel', 'audit.append']);
  });
});

it('a policy without a section for orders is ReleaseBroken, in words', async () => {
  const { orders: _, ...policy } = orderRelease().policy;
  spine.reset({ ...orderRelease(), policy });
  orderTools(spine.tools);
  const handle = await spine.start('placeOrder', order());
  await expect(handle.result()).rejects.toMatchObject({
    cause: { type: 'ReleaseBroken', message: expect.stringContaining('no section for orders') },
  });
});
