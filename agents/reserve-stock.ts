import { fail } from '../contracts/failures.ts';
import * as inventory from '../contracts/tools/inventory.ts';
import { defineAgent } from './define-agent.ts';

/** Holds for a while what is about to be ordered. Nothing in it is a judgement, so no model is asked. */
export const reserveStock = defineAgent({
  name: 'reserveStock',
  purpose: 'Hold the stock that the order needs until the customer has confirmed.',
  tier: 'none',
  stakes: 'normal',
  input: inventory.reserveInventory.input,
  shows: [],
  tool: inventory.reserveInventory,
  bound: {
    requestId: (input) => input.requestId,
    customerId: (input) => input.customerId,
    minutes: (input) => input.minutes,
    lines: (input) => input.lines,
  },
  distrusts: (answer, call) => {
    const details = { asked: { requestId: call.requestId }, got: { requestId: answer.requestId, state: answer.state } };
    if (answer.requestId !== call.requestId)
      return fail('WrongSubject', 'The reservation is for another request.', details);
    const units = (lines: readonly { sku: string; quantity: number }[]) =>
      lines
        .map(({ sku, quantity }) => `${sku} ${quantity}`)
        .sort()
        .join();
    if (units(answer.lines) !== units(call.lines))
      return fail('StockFault', 'The stock system reserved other lines than it was asked for.', details);
    const enough = answer.lines.every(({ quantity, available }) => quantity <= available);
    if (enough !== (answer.state === 'held') || (answer.state === 'held') !== (answer.expiresAt !== null))
      return fail('StockFault', 'The stock system says one thing and counts another.', details);
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '30s' },
});
