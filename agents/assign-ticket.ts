import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { unknownMarks } from '../contracts/identifiers.ts';
import { EXCERPT_BYTES, textWithin } from '../contracts/text.ts';
import { Intent } from '../contracts/tickets.ts';
import * as tickets from '../contracts/tools/tickets.ts';
import { defineAgent } from './define-agent.ts';
import { namesSomebody } from './names-somebody.ts';
import { rehearseNote } from './rehearse/ticket-note.ts';

const { ticketId, destination, priority, rule, dueAt, identifiers } = tickets.assignTicket.input.shape;

/** Puts a ticket into the queue that code has computed, with a note for its people. A model writes the note alone. */
export const assignTicket = defineAgent({
  name: 'assignTicket',
  purpose: 'Put a ticket into its queue, with a note for the people there.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    ticketId,
    destination,
    priority,
    rule,
    dueAt,
    identifiers,
    intents: z.array(Intent).max(5),
    message: textWithin(EXCERPT_BYTES),
  }),
  shows: ['destination', 'intents', 'message'],
  tool: tickets.assignTicket,
  bound: {
    ticketId: (input) => input.ticketId,
    destination: (input) => input.destination,
    priority: (input) => input.priority,
    rule: (input) => input.rule,
    dueAt: (input) => input.dueAt,
    identifiers: (input) => input.identifiers,
  },
  forbids: ({ note }, input) => {
    if (unknownMarks(note, input.identifiers).length > 0) return 'the note has a mark that stands for nothing';
    return namesSomebody(note);
  },
  distrusts: (answer, call) => {
    if (answer.ticketId === call.ticketId && answer.destination === call.destination) return;
    const asked = { ticketId: call.ticketId, destination: call.destination };
    const got = { ticketId: answer.ticketId, destination: answer.destination };
    return fail('WrongSubject', 'The ticket was put into another place than the one asked for.', { asked, got });
  },
  fallback: (input) => rehearseNote(input).arguments,
  rehearse: rehearseNote,
  bounds: { iterations: 3, maxInputBytes: 9_000, maxOutputTokens: 200, timeout: '20s', patience: '60s' },
});
