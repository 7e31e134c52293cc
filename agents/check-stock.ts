import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { EXCERPT_BYTES, textWithin } from '../contracts/text.ts';
import * as inventory from '../contracts/tools/inventory.ts';
import { defineAgent } from './define-agent.ts';
import { rehearseOrderLines } from './rehearse/order-lines.ts';

/** Reads from a message what is ordered, and looks up whether it is there. */
export const checkStock = defineAgent({
  name: 'checkStock',
  purpose: 'Find out what the customer orders, and whether there is enough of it.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({ requestId: z.string().min(1).max(64), message: textWithin(EXCERPT_BYTES) }),
  shows: ['message'],
  tool: inventory.checkInventory,
  bound: { requestId: (input) => input.requestId },
  distrusts: (answer, call) => {
    const details = { asked: { requestId: call.requestId }, got: { requestId: answer.requestId } };
    if (answer.requestId !== call.requestId)
      return fail('WrongSubject', 'The stock that was looked up is for another request.', details);
    const same = answer.lines.map(({ item, quantity }) => `${quantity} ${item}`).join('\n');
    const asked = call.lines.map(({ item, quantity }) => `${quantity} ${item}`).join('\n');
    if (same !== asked) return fail('StockFault', 'The stock system answered about other lines.', details);
    const wrong = answer.lines.find(({ state, sku, quantity, available }) => {
      if (state === 'in-stock') return sku === null || available < quantity;
      return state === 'short' && (sku === null || available >= quantity);
    });
    if (wrong) return fail('StockFault', 'The stock system says one thing and counts another.', { sku: wrong.sku });
  },
  rehearse: ({ message }) => rehearseOrderLines(message),
  bounds: { iterations: 3, maxInputBytes: 10_000, maxOutputTokens: 600, timeout: '20s', patience: '30s' },
});
