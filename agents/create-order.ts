import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { EXCERPT_BYTES, textWithin } from '../contracts/text.ts';
import * as orders from '../contracts/tools/orders.ts';
import { defineAgent } from './define-agent.ts';
import { rehearseDeliveryNote } from './rehearse/delivery-note.ts';

const { requestId, customerId, quoteId, totalMinor, currency, shipTo, replaces } = orders.createOrder.input.shape;

/** Makes the order that the customer has confirmed; of its own it adds what they ask of the carrier. */
export const createOrder = defineAgent({
  name: 'createOrder',
  purpose: 'Make the order that the customer has confirmed.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    requestId,
    customerId,
    quoteId,
    totalMinor,
    currency,
    shipTo,
    replaces,
    message: textWithin(EXCERPT_BYTES),
  }),
  shows: ['message'],
  tool: orders.createOrder,
  bound: {
    requestId: (input) => input.requestId,
    customerId: (input) => input.customerId,
    quoteId: (input) => input.quoteId,
    totalMinor: (input) => input.totalMinor,
    currency: (input) => input.currency,
    shipTo: (input) => input.shipTo,
    replaces: (input) => input.replaces,
  },
  distrusts: (answer, call) => {
    const asked = { requestId: call.requestId, totalMinor: call.totalMinor, currency: call.currency };
    const got = { requestId: answer.requestId, totalMinor: answer.totalMinor, currency: answer.currency };
    const details = { asked, got, orderId: answer.orderId };
    if (answer.requestId !== call.requestId || answer.customerId !== call.customerId)
      return fail('OrderFault', 'The order that was made is another one’s.', details);
    if (answer.totalMinor !== call.totalMinor || answer.currency !== call.currency)
      return fail('OrderFault', 'The order was made at another sum than the customer confirmed.', details);
    const made = answer.state === 'created' || answer.state === 'back-ordered';
    if (made !== (answer.orderId !== null))
      return fail('OrderFault', 'The order system says one thing and does another.', details);
  },
  rehearse: ({ message }) => rehearseDeliveryNote(message),
  bounds: { iterations: 3, maxInputBytes: 10_000, maxOutputTokens: 200, timeout: '20s', patience: '40s' },
});
