import { z } from 'zod';
import { Intent, Priority } from '../tickets.ts';
import { defineTool } from '../tool.ts';

const TicketId = z.string().regex(/^tkt-[0-9a-f]{12}$/);
const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Confidence = z.number().min(0).max(1);
const Destination = z.string().min(1).max(60);

/** Takes a message in: a new ticket, an answer in a thread, or something that we have already. */
export const receiveMessage = defineTool({
  name: 'tickets.receive',
  purpose: 'Take a message in, once, and say whether it is a new ticket.',
  kind: 'effect',
  input: z.strictObject({
    messageDigest: Digest.describe('of the id of the message'),
    senderDigest: Digest,
    subjectDigest: Digest,
    wordsDigest: Digest.describe('of subject and words together'),
    inReplyTo: Digest.nullable().describe('of the id of the message that it answers'),
    mayJoin: z.boolean().describe('false for a sender who is not who they say'),
    loopMessages: z.int().min(1).max(100),
    loopMinutes: z.int().min(1).max(1440),
    sameWithinMinutes: z.int().min(0).max(10_000),
  }),
  output: z.strictObject({
    messageDigest: Digest,
    ticketId: TicketId,
    state: z.enum(['new', 'reply', 'duplicate', 'loop']),
    /** Where the ticket lies already; of a new one nowhere. */
    destination: Destination.nullable(),
  }),
  guarded: ['messageDigest', 'senderDigest'],
  personal: [],
  maxAnswerBytes: 4_000,
});

/** Keeps what was read from a message, so that it can be held against what people say later. */
export const classifyMessage = defineTool({
  name: 'tickets.classify',
  purpose: 'Keep queue, priority, language and intents of a ticket, each with how sure they are.',
  kind: 'effect',
  input: z.strictObject({
    ticketId: TicketId,
    queue: z.strictObject({ name: z.string().min(1).max(40).describe('one of the queues'), confidence: Confidence }),
    priority: z.strictObject({ level: Priority, confidence: Confidence }),
    language: z.strictObject({
      code: z
        .string()
        .regex(/^[a-z]{2,3}$/)
        .describe('two letters of ISO 639-1, or und where nobody can tell'),
      confidence: Confidence,
    }),
    intents: z
      .array(z.strictObject({ intent: Intent, confidence: Confidence }))
      .max(5)
      .describe('what the customer wants, surest first; empty where nothing of the list fits'),
  }),
  output: z.strictObject({
    ticketId: TicketId,
    queue: z.strictObject({ name: z.string(), confidence: Confidence }),
    priority: z.strictObject({ level: Priority, confidence: Confidence }),
    language: z.strictObject({ code: z.string(), confidence: Confidence }),
    intents: z.array(z.strictObject({ intent: z.string(), confidence: Confidence })).max(5),
  }),
  guarded: ['ticketId'],
  personal: [],
  maxAnswerBytes: 4_000,
});

/** Puts a ticket into one place. A ticket lies in one place only, so a second place is refused. */
export const assignTicket = defineTool({
  name: 'tickets.assign',
  purpose: 'Put a ticket into its one queue, before people who sort, or aside.',
  kind: 'effect',
  input: z.strictObject({
    ticketId: TicketId,
    destination: Destination,
    priority: Priority,
    rule: z.string().min(1).max(60).describe('what decided'),
    dueAt: z.iso.datetime().nullable().describe('until when somebody has to have answered'),
    /** What stands behind the marks of the note; the queue reads the note with them put back. */
    identifiers: z
      .array(z.strictObject({ mark: z.string().min(3).max(20), value: z.string().min(1).max(320) }))
      .max(100),
    note: z.string().min(1).max(400).describe('one or two sentences for the people of the queue'),
  }),
  output: z.strictObject({ ticketId: TicketId, destination: Destination, priority: Priority }),
  guarded: ['ticketId', 'destination', 'priority', 'rule', 'identifiers'],
  personal: ['identifiers', 'note'],
  maxAnswerBytes: 4_000,
});

/** Moves a ticket as a person says, and keeps what was wrong, for whoever judges the readings later. */
export const correctTicket = defineTool({
  name: 'tickets.correct',
  purpose: 'Move a ticket to where a person says it belongs, and record that as an outcome.',
  kind: 'effect',
  input: z.strictObject({
    ticketId: TicketId,
    from: Destination,
    to: Destination,
    by: z.string().min(1).max(100),
    reason: z.string().min(1).max(300),
  }),
  output: z.strictObject({ ticketId: TicketId, destination: Destination }),
  guarded: ['ticketId', 'from', 'to', 'by'],
  personal: ['reason'],
  maxAnswerBytes: 4_000,
});
