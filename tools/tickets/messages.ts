import { digestOfText } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { receiveMessage } from '../../contracts/tools/tickets.ts';
import type { Tables } from '../database.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';

type Call = ToolInput<typeof receiveMessage>;
type Answer = ToolOutput<typeof receiveMessage>;
type Message = Tables['ticketMessages'];
/** What a message is, and the ticket that it belongs to where that is not a new one. */
interface Kind {
  readonly state: Answer['state'];
  readonly ticketId?: string | undefined;
}

const MINUTE_MS = 60_000;

/** Takes a message in. Only one that is neither known, nor part of a loop, nor an answer makes a ticket. */
export async function receive(call: Call, context: ToolContext, store: Store): Promise<Answer> {
  const { subjectDigest, wordsDigest } = call;
  const { messageDigest, senderDigest } = asKept(call);
  await takeTheSender(store, senderDigest);
  const known = await messageOf(store, messageDigest);
  if (known) return answerOf(store, call, 'duplicate', known.ticketId);
  const kind = await kindOf(call, context.now(), store);
  const ticketId = kind.ticketId ?? `tkt-${messageDigest.slice(0, 12)}`;
  const mark = { key: context.key, at: context.now() };
  const inserted = await store
    .insertInto('ticketMessages')
    .values({ messageDigest, senderDigest, subjectDigest, wordsDigest, ticketId, state: kind.state, ...mark })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows !== 1n) {
    const winner = await messageOf(store, messageDigest);
    return answerOf(store, call, 'duplicate', winner?.ticketId ?? ticketId);
  }
  if (kind.ticketId === undefined) await openTicket(store, { ticketId, senderDigest, ...mark });
  return answerOf(store, call, kind.state, ticketId);
}

/** What a forged sender sends is kept apart: it stands in the way of nothing that the real one sends. */
function asKept({ messageDigest, senderDigest, mayJoin }: Call): Pick<Call, 'messageDigest' | 'senderDigest'> {
  if (mayJoin) return { messageDigest, senderDigest };
  return {
    messageDigest: digestOfText(`forged ${messageDigest}`),
    senderDigest: digestOfText(`forged ${senderDigest}`),
  };
}

/** Of two messages of one sender at once the second sees the first; held to the end of the transaction. */
async function takeTheSender(store: Store, senderDigest: string): Promise<void> {
  await store
    .insertInto('ticketSenders')
    .values({ senderDigest, messages: 1 })
    .onConflict((conflict) =>
      conflict.column('senderDigest').doUpdateSet((row) => ({ messages: row('ticketSenders.messages', '+', 1) })),
    )
    .execute();
}

/** A stranger who claims to be somebody joins nothing and is like nothing that was there. */
async function kindOf(call: Call, now: number, store: Store): Promise<Kind> {
  if (!call.mayJoin) return { state: 'new' };
  const { senderDigest, subjectDigest, wordsDigest } = call;
  const since = (minutes: number) =>
    store
      .selectFrom('ticketMessages')
      .selectAll()
      .where('senderDigest', '=', senderDigest)
      .where('at', '>', now - minutes * MINUTE_MS)
      .orderBy('at', 'desc');
  const same = await since(call.sameWithinMinutes).where('wordsDigest', '=', wordsDigest).limit(1).executeTakeFirst();
  if (same) return { state: 'duplicate', ticketId: same.ticketId };
  const lately = await since(call.loopMinutes).where('subjectDigest', '=', subjectDigest).limit(100).execute();
  if (lately.length >= call.loopMessages) return { state: 'loop', ticketId: lately[0]?.ticketId };
  const answered = call.inReplyTo === null ? undefined : await messageOf(store, call.inReplyTo);
  if (answered?.senderDigest === senderDigest) return { state: 'reply', ticketId: answered.ticketId };
  return { state: 'new' };
}

const openTicket = (store: Store, ticket: Pick<Tables['tickets'], 'ticketId' | 'senderDigest' | 'key' | 'at'>) =>
  store
    .insertInto('tickets')
    .values({ ...ticket, destination: null, priority: null, rule: null, dueAt: null, note: null, placedBy: null })
    .execute();

const messageOf = (store: Store, messageDigest: string): Promise<Message | undefined> =>
  store.selectFrom('ticketMessages').selectAll().where('messageDigest', '=', messageDigest).executeTakeFirst();

async function answerOf(store: Store, call: Call, state: Answer['state'], ticketId: string): Promise<Answer> {
  const ticket = await store
    .selectFrom('tickets')
    .select('destination')
    .where('ticketId', '=', ticketId)
    .executeTakeFirst();
  return { messageDigest: call.messageDigest, ticketId, state, destination: ticket?.destination ?? null };
}

/** A ticket that was there before us. */
export interface KnownTicket {
  readonly messageId: string;
  readonly sender: string;
  readonly destination: string;
}

/** Fills in tickets that an installation begins with; those that are there stay as they are. */
export async function seedTickets(database: Pick<Store, 'insertInto'>, known: readonly KnownTicket[]): Promise<void> {
  for (const { messageId, sender, destination } of known) {
    const messageDigest = digestOfText(messageId);
    const ticketId = `tkt-${messageDigest.slice(0, 12)}`;
    const common = { ticketId, senderDigest: digestOfText(sender.toLowerCase()), key: `seed:${ticketId}`, at: 0 };
    await database
      .insertInto('ticketMessages')
      .values({
        ...common,
        messageDigest,
        subjectDigest: digestOfText(''),
        wordsDigest: digestOfText(''),
        state: 'new',
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await database
      .insertInto('tickets')
      .values({ ...common, destination, priority: 'normal', rule: 'seed', dueAt: null, note: null, placedBy: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}
