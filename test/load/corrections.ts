import type { Client } from '@temporalio/client';
import type { TicketPolicy } from '../../contracts/ticket-policy.ts';
import { TICKET_NEWS } from '../../contracts/tickets.ts';
import { openDatabase } from '../../tools/database.ts';
import { type Agreement, agreementOf } from '../../tools/tickets/agreement.ts';
import type { Sent } from './report.ts';

/** Somebody of the directory that the rig's worker reads. */
const CORRECTOR = 'marta.lindqvist';
const PATIENCE_MS = 60_000;
const PAUSE_MS = 200;

/** Which queue a label's queries belong into. */
export const queuesOf = ({ queues }: TicketPolicy): Map<string, string> =>
  new Map(queues.flatMap(({ queue, intents }) => intents.map((intent) => [intent, queue] as const)));

/**
 * Plays the people of the desk, by the labels: of the tickets that lie in another queue than their label's, so many are
 * moved, as a person would, by a message to their watch. Then what was read is held against what is right now.
 */
export async function correctSome(
  { client, stateDir }: { readonly client: Client; readonly stateDir: string },
  sent: readonly Sent[],
  policy: TicketPolicy,
  most: number,
): Promise<{ readonly asked: number } & Agreement> {
  const queues = queuesOf(policy);
  const misplaced = sent.flatMap(({ done, label }) => {
    const right = queues.get(label);
    const isMisplaced = done?.outcome === 'routed' && right !== undefined && right !== done.queue;
    return isMisplaced ? [{ ticketId: done.ticketId, right }] : [];
  });
  const corrected = misplaced.slice(0, most);
  for (const { ticketId, right } of corrected) {
    const news = { by: CORRECTOR, news: 'correct', queue: right, reason: 'as its label says' };
    await client.workflow.getHandle(`watch-${ticketId}`).executeUpdate(TICKET_NEWS, { args: [news] });
  }
  return { asked: corrected.length, ...(await agreementAfter(stateDir, corrected.length)) };
}

/** The desk moves a ticket a moment after its watch was told. */
async function agreementAfter(stateDir: string, corrections: number): Promise<Agreement> {
  const database = await openDatabase({ stateDir });
  const until = Date.now() + PATIENCE_MS;
  try {
    for (;;) {
      const agreement = await agreementOf(database);
      if (agreement.corrected >= corrections || Date.now() > until) return agreement;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  } finally {
    await database.destroy();
  }
}
