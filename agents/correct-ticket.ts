import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import * as tickets from '../contracts/tools/tickets.ts';
import { defineAgent } from './define-agent.ts';

/** Moves a ticket to where a person says that it belongs. The person judged; nothing is left to a model. */
export const correctTicket = defineAgent({
  name: 'correctTicket',
  purpose: 'Move a ticket as a person says, and record that as an outcome.',
  tier: 'none',
  stakes: 'normal',
  input: z.strictObject(tickets.correctTicket.input.shape),
  shows: [],
  tool: tickets.correctTicket,
  bound: {
    ticketId: (input) => input.ticketId,
    from: (input) => input.from,
    to: (input) => input.to,
    by: (input) => input.by,
    reason: (input) => input.reason,
  },
  distrusts: (answer, call) => {
    if (answer.ticketId === call.ticketId && answer.destination === call.to) return;
    const asked = { ticketId: call.ticketId, destination: call.to };
    return fail('WrongSubject', 'The ticket was moved to another place than the one asked for.', {
      asked,
      got: answer,
    });
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '60s' },
});
