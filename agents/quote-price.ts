import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { EXCERPT_BYTES, textWithin } from '../contracts/text.ts';
import * as pricing from '../contracts/tools/pricing.ts';
import { defineAgent } from './define-agent.ts';
import { priceFault } from './price-faults.ts';
import { rehearseTerms } from './rehearse/order-terms.ts';

const { requestId, customerId, currency, country, region, lines, minutes } = pricing.quotePrice.input.shape;

/** Reads how the customer wants it delivered, and which coupon they have, and has the order priced. */
export const quotePrice = defineAgent({
  name: 'quotePrice',
  purpose: 'Price the order, with the delivery and the coupon that the customer asks for.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    requestId,
    customerId,
    currency,
    country,
    region,
    lines,
    minutes,
    message: textWithin(EXCERPT_BYTES),
  }),
  shows: ['message'],
  tool: pricing.quotePrice,
  bound: {
    requestId: (input) => input.requestId,
    customerId: (input) => input.customerId,
    currency: (input) => input.currency,
    country: (input) => input.country,
    region: (input) => input.region,
    lines: (input) => input.lines,
    minutes: (input) => input.minutes,
  },
  distrusts: (answer, call) => {
    const details = { asked: { requestId: call.requestId }, got: { requestId: answer.requestId } };
    if (answer.requestId !== call.requestId) return fail('WrongSubject', 'The price is for another request.', details);
    return priceFault(answer, call);
  },
  rehearse: ({ message }) => rehearseTerms(message),
  bounds: { iterations: 3, maxInputBytes: 10_000, maxOutputTokens: 200, timeout: '20s', patience: '40s' },
});
