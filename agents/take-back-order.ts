import { fail } from '../contracts/failures.ts';
import * as orders from '../contracts/tools/orders.ts';
import { defineAgent } from './define-agent.ts';

/** Cancels an order and refunds it: for the customer who asks for it, and to undo createOrder. */
export const takeBackOrder = defineAgent({
  name: 'takeBackOrder',
  purpose: 'Cancel one order of the customer, with refund.',
  tier: 'none',
  stakes: 'normal',
  input: orders.cancelOrder.input,
  shows: [],
  tool: orders.cancelOrder,
  bound: {
    customerId: (input) => input.customerId,
    order: (input) => input.order,
    forGood: (input) => input.forGood,
    reason: (input) => input.reason,
  },
  distrusts: (answer, call) => {
    const details = { asked: { order: call.order }, got: { order: answer.order, state: answer.state } };
    if (answer.order !== call.order)
      return fail('WrongSubject', 'The order that was cancelled is another one.', details);
    if (answer.state !== 'cancelled' && answer.refundedMinor > 0)
      return fail('OrderFault', 'An order was refunded that was not cancelled.', details);
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '60s' },
});
