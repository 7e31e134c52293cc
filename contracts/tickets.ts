import { z } from 'zod';

/** The longest text of a message, characters; more belongs into an attachment. */
const LONGEST_TEXT = 200_000;

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export const Priority = z.enum(PRIORITIES);
export type Priority = z.output<typeof Priority>;

/** What of a long message is read, bytes: its beginning and its end. */
export const READ_BYTES = 6_000;

/** Where a ticket lies when no queue has it: before people who sort, or set aside as not worth an answer. */
export const TRIAGE = 'triage';
export const SUSPENDED = 'suspended';

/** The name of something that customers write about. */
export const Intent = z.string().regex(/^[A-Za-z][A-Za-z0-9_?-]{1,59}$/);

/** Why a message goes before people who sort. */
export const TRIAGE_RULES = [
  'empty',
  'no-words',
  'garbled',
  'not-read',
  'out-of-scope',
  'below-floor',
  'split-intents',
  'queue-disagrees',
  'not-finished',
] as const;
export type TriageRule = (typeof TRIAGE_RULES)[number];

/** What a message is called that wants nothing from us; it is in nobody's list of intents. */
export const SPAM = 'spam';

/** What starts `routeTicket`: one message as a gateway delivered it. */
export const TicketMessage = z.strictObject({
  /** The caller's own reference: one request makes at most one ticket, however often it is started. */
  requestId: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$/, '3 to 64 letters, digits, dots, dashes or underscores'),
  /** Who hands it in, as the directory names people and gateways. */
  requestedBy: z.string().min(1).max(100),
  /** The message's own id; a second delivery of the same message has the same one. */
  messageId: z.string().min(1).max(250),
  /** The address or account it came from, as written. */
  sender: z.string().min(1).max(250),
  /** What the gateway found out about the sender: `fail` is somebody who is not who they say. */
  authentication: z.enum(['pass', 'none', 'fail']),
  receivedAt: z.iso.datetime(),
  subject: z.string().max(1000).default(''),
  text: z.string().max(LONGEST_TEXT).default(''),
  /** Read where there is no text. */
  html: z.string().max(LONGEST_TEXT).default(''),
  /** The id of the message that this one answers. */
  inReplyTo: z.string().min(1).max(250).optional(),
  /** A machine wrote it: an out-of-office note, a bounce. */
  autoSubmitted: z.boolean().default(false),
  /** Lowers the policy's cap for this run; it never raises it. */
  capMicroUsd: z.int().positive().optional(),
});
export type TicketMessage = z.output<typeof TicketMessage>;

/** How a story without a failure ends; `rejected` and `over-budget` are every process's, see workflows/closing.ts. */
export interface Ticketed {
  readonly outcome: 'routed' | 'triage' | 'suspended' | 'duplicate';
  readonly ticketId: string;
  /** The rule that decided, as docs/processes/tickets.md names it. */
  readonly rule: string;
  /** The one queue; only where it was routed. */
  readonly queue?: string;
  readonly priority?: Priority;
  /** The intent that the model read first, where it was asked and had an answer. */
  readonly intent?: string;
  readonly language?: string;
  /** The queue that the model had suggested, where a hard rule beat it. */
  readonly overruled?: string;
  /** Until when somebody has to have answered. */
  readonly dueAt?: string;
  /** True where the message joined the thread of an earlier ticket. */
  readonly joined?: true;
}

/** What starts `watchTicket`: a ticket that lies somewhere and waits for its first answer. */
export const TicketWatch = z.strictObject({
  ticketId: z.string().min(1).max(64),
  destination: z.string().min(1).max(60),
  priority: Priority,
  /** From when the clock runs. */
  since: z.iso.datetime(),
});
export type TicketWatch = z.output<typeof TicketWatch>;

/** What people tell the watch of a ticket, by Signal or Update `ticket`. */
export const TicketNews = z.strictObject({
  by: z.string().min(1).max(100),
  news: z.enum(['answered', 'waiting-for-customer', 'customer-answered', 'correct']),
  /** With `correct`: where it belongs. */
  queue: z.string().min(1).max(60).optional(),
  /** With `correct`: in words, without personal data. */
  reason: z.string().min(1).max(300).optional(),
});
export type TicketNews = z.output<typeof TicketNews>;
export const TICKET_NEWS = 'ticket';
/** The Signal by which a watch hears that the customer has answered in the thread. */
export const REPLIED = 'replied';

/** How a watch ends. */
export interface Watched {
  readonly outcome: 'answered' | 'breached';
  readonly ticketId: string;
  readonly destination: string;
  /** How often people moved it. */
  readonly corrections: number;
  /** True where the owner of the queue was paged. */
  readonly paged: boolean;
}
