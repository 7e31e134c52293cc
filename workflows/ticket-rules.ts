import { textOfHtml, tidied, unreadable } from '../contracts/plain-text.ts';
import type { TicketPolicy } from '../contracts/ticket-policy.ts';
import {
  PRIORITIES,
  type Priority,
  SPAM,
  SUSPENDED,
  type TicketMessage,
  TRIAGE,
  type TriageRule,
} from '../contracts/tickets.ts';
import type { ToolOutput } from '../contracts/tool.ts';
import type { classifyMessage } from '../contracts/tools/tickets.ts';

/** Where a ticket goes, and which rule said so. Pure: the same message and reading always go to the same place. */

export type Reading = ToolOutput<typeof classifyMessage>;

export interface Placement {
  /** One queue, or before people, or aside. */
  readonly destination: string;
  readonly priority: Priority;
  readonly rule: string;
  /** What the model had suggested, where a hard rule beat it. */
  readonly overruled?: string;
}

/** All that a person would read of a message: its subject and its text, or that of its HTML. */
export function wordsOf({ subject, text, html }: Pick<TicketMessage, 'subject' | 'text' | 'html'>): string {
  const body = tidied(text) || tidied(textOfHtml(html));
  return tidied(`${tidied(subject)}\n${body}`);
}

/** What needs no reading, or cannot be read. A sender who is not who they say is seen by no model. */
export function beforeReading({ authentication, autoSubmitted }: TicketMessage, words: string): Placement | undefined {
  if (authentication === 'fail') return aside('sender-not-authentic');
  if (autoSubmitted) return aside('auto-reply');
  const why = unreadable(words);
  return why && before(why);
}

/** The first rule that speaks decides: hard rules, then what was read, then whether that is sure and clear enough. */
export function placeTicket(
  message: TicketMessage,
  words: string,
  reading: Reading | undefined,
  policy: TicketPolicy,
): Placement {
  const hard = hardRuleFor(message, words, policy);
  const suggested = reading?.queue.name;
  if (hard) {
    const beaten = suggested && suggested !== hard.queue ? { overruled: suggested } : {};
    return { destination: hard.queue, priority: hard.priority, rule: `hard-rule-${hard.rule}`, ...beaten };
  }
  const [first] = reading?.intents ?? [];
  if (!reading || (!first && reading.queue.confidence === 0)) return before('not-read');
  if (!first) return before('out-of-scope');
  if (Math.min(reading.queue.confidence, first.confidence) < policy.confidenceFloor) return unsure(reading, policy);
  return first.intent === SPAM ? aside('spam') : clearOrSplit(reading, first.intent, policy);
}

/** A queue may be sure where two of its intents are as likely: it is the queue that counts. */
function unsure(reading: Reading, policy: TicketPolicy): Placement {
  const queues = new Set(reading.intents.map(({ intent }) => queueOf(intent, policy)));
  const [first] = reading.intents;
  const sameQueue = queues.size === 1 && first && first.intent !== SPAM;
  if (reading.queue.confidence < policy.confidenceFloor || !sameQueue) return before('below-floor');
  return clearOrSplit(reading, first.intent, policy);
}

function clearOrSplit({ queue, priority, intents }: Reading, first: string, policy: TicketPolicy): Placement {
  const named = (rule: TriageRule): boolean => policy.triage.rules.includes(rule);
  const destination = queueOf(first, policy);
  if (!destination) return before('out-of-scope');
  if (queue.name !== destination && named('queue-disagrees')) return before('queue-disagrees');
  const others = intents
    .slice(1)
    .filter(({ intent, confidence }) => confidence >= policy.splitFloor && queueOf(intent, policy) !== destination);
  if (others.length > 0 && named('split-intents')) return before('split-intents');
  return { destination, priority: atMost(priority.level, policy.highestPriority), rule: 'classified' };
}

const before = (rule: TriageRule): Placement => ({ destination: TRIAGE, priority: 'normal', rule });
const aside = (rule: string): Placement => ({ destination: SUSPENDED, priority: 'low', rule });

const queueOf = (intent: string, { queues }: TicketPolicy): string | undefined =>
  queues.find(({ intents }) => intents.includes(intent))?.queue;

const atMost = (wished: Priority, most: Priority): Priority =>
  PRIORITIES[Math.min(PRIORITIES.indexOf(wished), PRIORITIES.indexOf(most))] ?? 'normal';

function hardRuleFor({ sender, authentication }: TicketMessage, words: string, { hardRules }: TicketPolicy) {
  const text = ` ${folded(words)} `;
  const address = addressOf(sender);
  // Who is named has to be that customer: whoever only says so is read like anybody else.
  const isOne = (named: string) =>
    authentication === 'pass' && (address === named || address.endsWith(`@${named}`) || address.endsWith(`.${named}`));
  return hardRules.find(
    ({ phrases, senders }) => phrases.some((phrase) => text.includes(` ${folded(phrase)} `)) || senders.some(isOne),
  );
}

/** The address in `Name <address>`, or the whole. */
export const addressOf = (sender: string): string =>
  (/<([^<>]*)>\s*$/.exec(sender)?.[1] ?? sender).trim().toLowerCase();

/** Words alone, without case, accents and signs between them. */
const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
