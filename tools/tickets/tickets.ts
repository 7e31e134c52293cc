import { restoreIdentifiers } from '../../contracts/identifiers.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { assignTicket, classifyMessage, correctTicket } from '../../contracts/tools/tickets.ts';
import type { Tables } from '../database.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { rejected } from '../trouble.ts';

/** Keeps what was read from a message beside its ticket. */
export async function classify(
  call: ToolInput<typeof classifyMessage>,
  context: ToolContext,
  store: Store,
): Promise<ToolOutput<typeof classifyMessage>> {
  await ticketOf(store, call.ticketId);
  const { ticketId, ...reading } = call;
  await store
    .insertInto('ticketReadings')
    .values({ key: context.key, ticketId, reading: JSON.stringify(reading), at: context.now() })
    .execute();
  return call;
}

/** Puts a ticket into its one place. Where it lies there already nothing changes; a second place is refused. */
export async function assign(
  call: ToolInput<typeof assignTicket>,
  context: ToolContext,
  store: Store,
): Promise<ToolOutput<typeof assignTicket>> {
  const { ticketId, destination, priority, rule, dueAt, identifiers } = call;
  const note = restoreIdentifiers(call.note, identifiers);
  const placed = await store
    .updateTable('tickets')
    .set({ destination, priority, rule, dueAt, note, placedBy: context.key })
    .where('ticketId', '=', ticketId)
    .where('destination', 'is', null)
    .executeTakeFirst();
  if (placed.numUpdatedRows === 0n) {
    const ticket = await ticketOf(store, ticketId);
    if (ticket.destination !== destination) throw rejected('the ticket lies in another place', { ticketId });
  }
  return { ticketId, destination, priority };
}

/** Moves a ticket from where a person found it, and keeps that as an outcome. */
export async function correct(
  call: ToolInput<typeof correctTicket>,
  context: ToolContext,
  store: Store,
): Promise<ToolOutput<typeof correctTicket>> {
  const { ticketId, from, to, by, reason } = call;
  const moved = await store
    .updateTable('tickets')
    .set({ destination: to, rule: 'corrected' })
    .where('ticketId', '=', ticketId)
    .where('destination', '=', from)
    .executeTakeFirst();
  if (moved.numUpdatedRows === 0n) {
    await ticketOf(store, ticketId);
    throw rejected('the ticket does not lie there', { ticketId });
  }
  const outcome = { key: context.key, ticketId, wrong: from, right: to, by, reason, at: context.now() };
  await store.insertInto('ticketOutcomes').values(outcome).execute();
  return { ticketId, destination: to };
}

async function ticketOf(store: Store, ticketId: string): Promise<Tables['tickets']> {
  const ticket = await store.selectFrom('tickets').selectAll().where('ticketId', '=', ticketId).executeTakeFirst();
  if (ticket) return ticket;
  throw rejected('there is no such ticket', { ticketId });
}
