import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { SUSPENDED, TRIAGE } from '../contracts/tickets.ts';
import * as tickets from '../contracts/tools/tickets.ts';
import { defineAgent } from './define-agent.ts';

const { ticketId, priority, rule, dueAt } = tickets.assignTicket.input.shape;

/** Puts a ticket before people who sort, or aside, and says by which rule. Nothing in it is a judgement. */
export const parkTicket = defineAgent({
  name: 'parkTicket',
  purpose: 'Put a ticket that no queue gets before people, or aside.',
  tier: 'none',
  stakes: 'normal',
  input: z.strictObject({ ticketId, destination: z.enum([TRIAGE, SUSPENDED]), priority, rule, dueAt }),
  shows: [],
  tool: tickets.assignTicket,
  bound: {
    ticketId: (input) => input.ticketId,
    destination: (input) => input.destination,
    priority: (input) => input.priority,
    rule: (input) => input.rule,
    dueAt: (input) => input.dueAt,
    identifiers: () => [],
    note: (input) => `No queue: ${input.rule}.`,
  },
  distrusts: (answer, call) => {
    if (answer.ticketId === call.ticketId && answer.destination === call.destination) return;
    const asked = { ticketId: call.ticketId, destination: call.destination };
    const got = { ticketId: answer.ticketId, destination: answer.destination };
    return fail('WrongSubject', 'The ticket was put into another place than the one asked for.', { asked, got });
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '60s' },
});
