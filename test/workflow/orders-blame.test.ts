import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FailureType } from '../../contracts/failures.ts';
import { failed, failureOf } from '../support/cases.ts';
import { checkedFor, createdFor, heldFor, offerFor, orderTools, recordFor, TERMS } from '../support/order-answers.ts';
import { customerSays, order, orderRelease } from '../support/order-cases.ts';
import { answer, openRequest, type Spine, startSpine } from '../support/spine.ts';

type Call = Record<string, unknown>;
type Offer = { lines: Call[]; totalMinor: number };

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => {
  spine.reset(orderRelease({}, 1500));
  orderTools(spine.tools);
});

const called = (tool: string) => spine.tools.order.filter((name) => name === tool).length;

/** Starts an order that the customer confirms as soon as they are asked; how it failed. */
async function failing(asksCustomer: boolean) {
  const handle = await spine.start('placeOrder', order());
  if (asksCustomer) await customerSays(handle, 'approve');
  const failure = await failureOf(handle);
  return { failure, details: failure.details?.[0] as Call };
}

/** An offer with one thing wrong in it. */
const wrongOffer = (change: (offer: Offer) => object) => (call: Call) => {
  const answered = offerFor(call);
  const offer = answered['offer'] as Offer;
  return { ...answered, offer: { ...offer, ...change(offer) } };
};

describe('a price that cannot be right', () => {
  it.each([
    ['whose parts do not add up', wrongOffer(({ totalMinor }) => ({ totalMinor: totalMinor - 1 }))],
    ['that is almost nothing', wrongOffer(() => ({ totalMinor: 1 }))],
    ['in another currency than was asked for', wrongOffer(() => ({ currency: 'USD' }))],
    ['for fewer than were asked for', wrongOffer(({ lines }) => ({ lines: lines.slice(1) }))],
    [
      'of a product that costs nothing',
      wrongOffer(({ lines }) => ({ lines: lines.map((line) => ({ ...line, unitMinor: 0, lineMinor: 0 })) })),
    ],
    [
      'of a line that is not its quantity times its price',
      wrongOffer(({ lines }) => ({ lines: lines.map((line) => ({ ...line, lineMinor: 1 })) })),
    ],
    ['for another customer', wrongOffer(() => ({ customerId: 'cus-zoe' }))],
    ['that is offered and not offered', (call: Call) => ({ ...offerFor(call), state: 'no-price' })],
  ])(
    '%s: is a PricingFault of quotePrice; nobody is asked, no order is made, the stock is let go (OD-36)',
    async (_, quote) => {
      spine.tools.answer('pricing.quote', quote);
      const { failure, details } = await failing(false);
      expect(failure).toMatchObject({ type: 'PricingFault', nonRetryable: true });
      expect(details).toMatchObject({ agent: 'quotePrice', tool: 'pricing.quote', step: 'quotePrice', leftBehind: [] });
      expect([called('pricing.quote'), called('orders.create'), called('inventory.release')]).toEqual([1, 0, 1]);
      expect(spine.tools.effects.find(({ tool }) => tool === 'escalations.open')?.call).toMatchObject({
        queue: 'finance-ops',
      });
    },
  );
});

describe('a customer’s record that is not to be believed', () => {
  it.each<[string, FailureType, (call: Call) => Call]>([
    ['from before the case', 'StaleData', (call) => recordFor(call, TERMS, 10)],
    ['from the future', 'StaleData', (call) => recordFor(call, TERMS, -10)],
    ['of another customer', 'WrongSubject', () => recordFor({ customer_id: 'cus-zoe' })],
  ])('%s: is a %s of getCustomerData; nothing is held, and nobody is asked', async (_, type, reply) => {
    spine.tools.answer('crm.get_customer_data', reply);
    const { failure, details } = await failing(false);
    expect(failure).toMatchObject({ type, nonRetryable: true });
    expect(details).toMatchObject({ agent: 'getCustomerData', tool: 'crm.get_customer_data', leftBehind: [] });
    expect([called('crm.get_customer_data'), called('inventory.check')]).toEqual([1, 0]);
  });
});

describe('stock that cannot be right', () => {
  it.each([
    [
      'about other lines',
      'inventory.check',
      'checkStock',
      (call: Call) => checkedFor({ ...call, lines: [{ item: 'X', quantity: 1 }] }),
    ],
    [
      'reserved in other quantities',
      'inventory.reserve',
      'reserveStock',
      (call: Call) => heldFor({ ...call, lines: [{ sku: 'DESK-160', quantity: 9 }] }),
    ],
    ['held, and short', 'inventory.reserve', 'reserveStock', (call: Call) => ({ ...heldFor(call), state: 'short' })],
  ])('%s: is a StockFault of its agent, and no order', async (_, tool, agent, reply) => {
    spine.tools.answer(tool, reply);
    const { failure, details } = await failing(false);
    expect(failure.type).toBe('StockFault');
    expect(details).toMatchObject({ agent, tool, leftBehind: [] });
    expect(called('orders.create')).toBe(0);
  });

  it('held for longer than it is: is a StockFault of reserveStock', async () => {
    spine.tools.answer('inventory.reserve', (call) => ({ ...heldFor(call), expiresAt: null }));
    const { failure, details } = await failing(false);
    expect([failure.type, details['agent']]).toEqual(['StockFault', 'reserveStock']);
  });
});

describe('an order that is not what was agreed', () => {
  it.each([
    ['another sum', { totalMinor: 1 }],
    ['another currency', { currency: 'USD' }],
    ['another customer', { customerId: 'cus-zoe' }],
    ['a refusal with an order', { state: 'quote-expired' }],
  ])('%s: is an OrderFault of createOrder, and is taken back', async (_, change) => {
    spine.tools.answer('orders.create', (call) => createdFor(call, change));
    const { failure, details } = await failing(true);
    expect(failure.type).toBe('OrderFault');
    expect(details).toMatchObject({ agent: 'createOrder', tool: 'orders.create', leftBehind: [] });
    expect(spine.tools.order.slice(-4)).toEqual([
      'orders.cancel',
      'inventory.release',
      'escalations.open',
      'audit.append',
    ]);
  });
});

describe('a tool that fails', () => {
  const FOUR: readonly [string, string, boolean][] = [
    ['crm.get_customer_data', 'getCustomerData', false],
    ['inventory.check', 'checkStock', false],
    ['pricing.quote', 'quotePrice', false],
    ['orders.create', 'createOrder', true],
  ];
  const KINDS: FailureType[] = ['ToolUnavailable', 'ErrorInAnswer', 'BadAnswer', 'ToolRateLimited'];

  it.each(FOUR.flatMap(([tool, agent, asked]) => KINDS.map((kind) => [tool, kind, agent, asked] as const)))(
    '%s with %s: is blamed on its own agent, and nothing stays behind (OD-37, OD-38)',
    async (tool, kind, agent, asked) => {
      spine.tools.answer(tool, () => failed(kind));
      const handle = await spine.start('placeOrder', order());
      const seen = asked ? [(await customerSays(handle, 'approve')).request.approval] : [];
      const request = await openRequest(handle, seen);
      expect(request).toMatchObject({
        kind: 'exception',
        asks: expect.stringContaining(`${agent} failed with ${kind}`),
      });
      await answer(handle, request, 'abort', 'omar');
      const { type, details } = await failureOf(handle);
      expect(type).toBe(kind);
      expect(details?.[0]).toMatchObject({ agent, tool, step: agent, leftBehind: [] });
      if (tool !== 'orders.create') expect(called('orders.create')).toBe(0);
    },
  );

  it('and that had done its work when it timed out leaks no reservation', async () => {
    spine.tools.answer('inventory.reserve', () => failed('ToolUnavailable'));
    const handle = await spine.start('placeOrder', order());
    await answer(handle, await openRequest(handle), 'abort', 'omar');
    expect((await failureOf(handle)).details?.[0]).toMatchObject({ agent: 'reserveStock', leftBehind: [] });
    expect(called('inventory.release')).toBe(1);
  });

  it('while an order is undone goes to a person, and what they give up is named', async () => {
    spine.tools.answer('inventory.release', () => failed('ToolUnavailable'));
    const handle = await spine.start('placeOrder', order());
    const { request } = await customerSays(handle, 'reject');
    const exception = await openRequest(handle, [request.approval]);
    expect(exception).toMatchObject({ kind: 'exception', asks: expect.stringContaining('releaseStock failed') });
    await answer(handle, exception, 'abort', 'omar');
    expect(await handle.result()).toMatchObject({
      outcome: 'declined',
      leftBehind: ['a stock reservation (could not be undone)'],
    });
  });
});
