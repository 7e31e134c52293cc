import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { assignTicket, classifyTicket, parkTicket, receiveTicket } from '../agents/index.ts';
import { digestOfText } from '../contracts/digest.ts';
import { fail } from '../contracts/failures.ts';
import { redactIdentifiers } from '../contracts/identifiers.ts';
import { EXCERPT_BYTES, excerpt } from '../contracts/text.ts';
import type { TicketPolicy } from '../contracts/ticket-policy.ts';
import {
  READ_BYTES,
  REPLIED,
  SUSPENDED,
  type Ticketed,
  TicketMessage,
  type TicketWatch,
  TRIAGE,
} from '../contracts/tickets.ts';
import type { ToolOutput } from '../contracts/tool.ts';
import type { Case } from './case.ts';
import type { Stopped } from './closing.ts';
import { CaseFailure } from './endings.ts';
import { openCase, parseInput } from './open-case.ts';
import { ownership } from './ownership.ts';
import { TicketClock } from './ticket-clock.ts';
import { addressOf, beforeReading, type Placement, placeTicket, type Reading, wordsOf } from './ticket-rules.ts';

/** From a message to exactly one queue, or before people who sort, or aside. */
export async function routeTicket(raw: unknown): Promise<Ticketed | Stopped> {
  const message = parseInput(TicketMessage, raw);
  const { requestId, requestedBy, capMicroUsd } = message;
  const routing = await openCase('routeTicket', { reference: requestId, requestedBy, capMicroUsd });

  return routing.run(async ({ step }) => {
    const policy = ticketPolicy(routing);
    const words = wordsOf(message);
    const ticket: { id?: string; placed?: true } = {};
    const taken = await step(receiveTicket, receiptOf(message, words, policy), {
      leaves: 'a ticket that lies nowhere',
      undo: () => putBeforePeople(routing, ticket),
    });
    const { ticketId } = taken;
    const known = whereItIs(taken);
    if (known?.rule === 'reply' && routing.release.repliesHeard) await tellWatch(taken, message.receivedAt);
    if (known) return known;
    ticket.id = ticketId;

    const early = beforeReading(message, words);
    const redacted = redactIdentifiers(words);
    const reading = early ? undefined : await read(routing, ticketId, redacted.text, policy);
    const placement = early ?? placeTicket(message, words, reading, policy);
    const since = Math.min(Date.parse(message.receivedAt), Date.parse(routing.facts.startedAt));
    const dueAt = dueAtOf(policy, placement, since);
    await place(routing, { ticketId, dueAt, ...placement }, redacted, reading);
    ticket.placed = true;
    const { destination, priority } = placement;
    if (dueAt) await watch({ ticketId, destination, priority, since: new Date(since).toISOString() });
    return ended(ticketId, placement, reading, dueAt);
  });
}

/** Into its queue with a note, or before people or aside without one. */
async function place(
  routing: Case,
  { ticketId, destination, priority, rule, dueAt }: Placement & { ticketId: string; dueAt: string | null },
  { text, identifiers }: ReturnType<typeof redactIdentifiers>,
  reading: Reading | undefined,
): Promise<void> {
  const common = { ticketId, priority, rule, dueAt };
  if (destination === TRIAGE || destination === SUSPENDED) {
    await routing.step(parkTicket, { ...common, destination }, { leaves: 'a ticket before people' });
    return;
  }
  const intents = (reading?.intents ?? []).map(({ intent }) => intent);
  const note = { intents, identifiers: [...identifiers], message: excerpt(text, EXCERPT_BYTES) };
  await routing.step(assignTicket, { ...common, destination, ...note }, { leaves: 'a ticket in its queue' });
}

/** @throws CaseFailure ReleaseBroken where the release was made before there were tickets */
export function ticketPolicy({ release: { policy } }: Case): TicketPolicy {
  if (policy.tickets) return policy.tickets;
  throw new CaseFailure(
    fail('ReleaseBroken', `The policy ${policy.id} says nothing of tickets.`, { policy: policy.id }),
    'open',
  );
}

/** Of a message the desk keeps digests, by which it knows it again. */
function receiptOf(message: TicketMessage, words: string, { loop, sameWithinMinutes }: TicketPolicy) {
  return {
    messageDigest: digestOfText(message.messageId),
    senderDigest: digestOfText(addressOf(message.sender)),
    subjectDigest: digestOfText(
      message.subject
        .trim()
        .toLowerCase()
        .replace(/^(?:(?:re|aw|fwd?|tr|sv):\s*)+/, ''),
    ),
    wordsDigest: digestOfText(words),
    inReplyTo: message.inReplyTo === undefined ? null : digestOfText(message.inReplyTo),
    mayJoin: message.authentication !== 'fail',
    loopMessages: loop.messages,
    loopMinutes: loop.minutes,
    sameWithinMinutes,
  };
}

/** What is no new ticket: known already, part of a loop, or an answer in the thread of an earlier one. */
function whereItIs({ state, ticketId, destination }: ToolOutput<typeof receiveTicket.tool>): Ticketed | undefined {
  if (state === 'new') return undefined;
  if (state === 'duplicate') return { outcome: 'duplicate', ticketId, rule: 'known-message' };
  if (state === 'loop') return { outcome: 'suspended', ticketId, rule: 'mail-loop' };
  const joined = { ticketId, rule: 'reply', joined: true } as const;
  if (destination === SUSPENDED) return { outcome: 'suspended', ...joined };
  return destination === null || destination === TRIAGE
    ? { outcome: 'triage', ...joined }
    : { outcome: 'routed', queue: destination, ...joined };
}

/** What a model read; nothing where a person let the case go on without it. */
function read(routing: Case, ticketId: string, text: string, { queues }: TicketPolicy): Promise<Reading | undefined> {
  const catalogue = queues
    .filter(({ intents }) => intents.length > 0)
    .map(({ queue, intents }) => ({ queue, intents: [...intents] }));
  const message = excerpt(text, READ_BYTES);
  return routing.step(
    classifyTicket,
    { ticketId, queues: catalogue, message },
    { leaves: 'a reading', skippable: true },
  );
}

/** Whatever becomes of its case, no ticket is lost: one that was taken in and lies nowhere goes before people. */
async function putBeforePeople(
  routing: Case,
  { id, placed }: { readonly id?: string; readonly placed?: true },
): Promise<void> {
  if (placed) return;
  if (!id)
    throw new CaseFailure(fail('EffectUnknown', 'Nobody knows whether the message was taken in.'), 'receiveTicket');
  const parked = { ticketId: id, destination: TRIAGE, priority: 'normal', rule: 'not-finished', dueAt: null } as const;
  await routing.step(parkTicket, parked, { leaves: 'a ticket before people' });
}

/** What lies aside is owed no answer. */
function dueAtOf(policy: TicketPolicy, { destination, priority }: Placement, since: number): string | null {
  if (destination === SUSPENDED) return null;
  const { dueAt } = new TicketClock(policy, priority, since);
  return dueAt === undefined ? null : new Date(dueAt).toISOString();
}

/** The customer has the answer that was waited for; where nobody waits any more, the ticket is owed one again. */
async function tellWatch(
  { ticketId, destination }: ToolOutput<typeof receiveTicket.tool>,
  since: string,
): Promise<void> {
  if (destination === null || destination === SUSPENDED) return;
  try {
    await getExternalWorkflowHandle(`watch-${ticketId}`).signal(REPLIED);
  } catch (error) {
    if (isCancellation(error)) throw error;
    await watch({ ticketId, destination, priority: 'normal', since }, WorkflowIdReusePolicy.ALLOW_DUPLICATE);
  }
}

/** The ticket's clock is a run of its own, so that this one ends when the ticket lies somewhere. Each ticket has one. */
async function watch(
  ticket: TicketWatch,
  again: WorkflowIdReusePolicy = WorkflowIdReusePolicy.REJECT_DUPLICATE,
): Promise<void> {
  try {
    await startChild('watchTicket', {
      workflowId: `watch-${ticket.ticketId}`,
      args: [ticket],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      workflowIdReusePolicy: again,
      ...ownership(),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

function ended(
  ticketId: string,
  { destination, priority, rule, overruled }: Placement,
  reading: Reading | undefined,
  dueAt: string | null,
): Ticketed {
  const outcome = destination === TRIAGE ? 'triage' : destination === SUSPENDED ? 'suspended' : 'routed';
  const [first] = reading?.intents ?? [];
  return {
    outcome,
    ticketId,
    rule,
    ...(outcome === 'routed' ? { queue: destination } : {}),
    priority,
    ...(first ? { intent: first.intent } : {}),
    ...(reading ? { language: reading.language.code } : {}),
    ...(overruled ? { overruled } : {}),
    ...(dueAt ? { dueAt } : {}),
  };
}
