import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { textWithin, utf8Bytes } from '../contracts/text.ts';
import { Intent, READ_BYTES, SPAM } from '../contracts/tickets.ts';
import { classifyMessage } from '../contracts/tools/tickets.ts';
import { defineAgent } from './define-agent.ts';
import { rehearseReading } from './rehearse/ticket-reading.ts';

/** A longer list of queues would not fit into a request. */
const LIST_BYTES = 6_000;

const Queues = z
  .array(z.strictObject({ queue: z.string().min(1).max(40), intents: z.array(Intent).max(60) }))
  .min(1)
  .max(40)
  .refine((queues) => utf8Bytes(JSON.stringify(queues)) <= LIST_BYTES, `at most ${LIST_BYTES} bytes as JSON`);

/** Stands for no queue. */
export const NO_QUEUE = 'none';

/**
 * Reads from a message what the customer wants. It decides nothing: where the ticket goes is computed from this by code.
 * Where no model answers it says so, and the ticket goes before a person.
 */
export const classifyTicket = defineAgent({
  name: 'classifyTicket',
  purpose: 'Read queue, priority, language and intents from a message.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    ticketId: z.string().min(1).max(64),
    queues: Queues,
    message: textWithin(READ_BYTES),
  }),
  shows: ['queues', 'message'],
  tool: classifyMessage,
  bound: { ticketId: (input) => input.ticketId },
  forbids: ({ queue, intents }, { queues }) => {
    const known = new Set([SPAM, ...queues.flatMap((each) => each.intents)]);
    if (queue.name !== NO_QUEUE && !queues.some((each) => each.queue === queue.name)) return 'there is no such queue';
    if (intents.some(({ intent }) => !known.has(intent))) return 'there is no such intent';
    if (new Set(intents.map(({ intent }) => intent)).size < intents.length) return 'an intent is named twice';
  },
  distrusts: (answer, call) => {
    if (answer.ticketId === call.ticketId) return;
    const details = { asked: { ticketId: call.ticketId }, got: { ticketId: answer.ticketId } };
    return fail('WrongSubject', 'The reading was kept with another ticket.', details);
  },
  fallback: () => ({
    queue: { name: NO_QUEUE, confidence: 0 },
    priority: { level: 'normal' as const, confidence: 0 },
    language: { code: 'und', confidence: 0 },
    intents: [],
  }),
  rehearse: rehearseReading,
  bounds: { iterations: 3, maxInputBytes: 18_000, maxOutputTokens: 400, timeout: '20s', patience: '30s' },
});
