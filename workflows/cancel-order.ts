import { takeBackOrder } from '../agents/index.ts';
import { CancelOrderRequest, type OrderCancelled } from '../contracts/orders.ts';
import type { Stopped } from './closing.ts';
import { openCase, parseInput } from './open-case.ts';

interface NotCancelled {
  readonly outcome: 'declined';
  readonly why: string;
}

/** Takes back an order that the customer has, with its stock and its money, as long as it has not left the house. */
export async function cancelOrder(raw: unknown): Promise<OrderCancelled | NotCancelled | Stopped> {
  const { requestId, requestedBy, capMicroUsd, customerId, orderId } = parseInput(CancelOrderRequest, raw);
  const desk = await openCase('cancelOrder', { reference: requestId, requestedBy, capMicroUsd });
  return desk.run(async ({ step }): Promise<OrderCancelled | NotCancelled> => {
    const asked = { customerId, order: orderId, forGood: false, reason: 'the customer cancelled it' };
    const { state, refundedMinor, currency } = await step(takeBackOrder, asked, { leaves: 'a cancelled order' });
    if (state === 'cancelled' && currency) return { outcome: 'cancelled', orderId, refundedMinor, currency };
    const why = state === 'shipped' ? 'The order has left the house.' : 'The customer has no such order.';
    return { outcome: 'declined', why };
  });
}
