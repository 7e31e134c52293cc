import { sql } from 'kysely';
import type { Database } from '../database.ts';
import type { Store } from '../ledger.ts';

/** Units of each product that are held, now, for requests other than this one. */
export async function heldByOthers(
  store: Database | Store,
  requestId: string,
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await store
    .selectFrom('reservedLines')
    .innerJoin('reservations', 'reservations.requestId', 'reservedLines.requestId')
    .select(['reservedLines.sku', sql<number | string>`sum("reservedLines"."quantity")`.as('units')])
    .where('reservations.state', '=', 'held')
    .where('reservations.expiresAt', '>', now)
    .where('reservations.requestId', '!=', requestId)
    .groupBy('reservedLines.sku')
    .execute();
  return new Map(rows.map(({ sku, units }) => [sku, Number(units)]));
}
