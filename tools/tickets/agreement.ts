import { z } from 'zod';
import type { Database } from '../database.ts';

const Reading = z.object({ queue: z.object({ name: z.string(), confidence: z.number() }) });

/** Readings are held against people in one go; older ones than these have been judged before. */
const MOST_READINGS = 100_000;

/** What was read from messages, held against where people say that their tickets belong. Shares are of one. */
export interface Agreement {
  /** Tickets that were read and lie somewhere. */
  readonly readings: number;
  /** Of these, those that somebody has moved. */
  readonly corrected: number;
  /** How many lie where they were read to belong, now that people have spoken. */
  readonly agreement: number;
  /** How sure the readings were that agree, and those that do not; nothing where there are none. */
  readonly meanConfidence: { readonly agreeing: number | null; readonly disagreeing: number | null };
  /** What was taken for what, most frequent first. */
  readonly confusions: readonly { readonly read: string; readonly right: string; readonly times: number }[];
}

/** A ticket that nobody corrects counts as read rightly: whoever works on it has not complained. */
export async function agreementOf(database: Database): Promise<Agreement> {
  const rows = await database
    .selectFrom('ticketReadings')
    .innerJoin('tickets', 'tickets.ticketId', 'ticketReadings.ticketId')
    .select(['ticketReadings.reading', 'tickets.ticketId', 'tickets.destination', 'tickets.rule'])
    .where('tickets.destination', 'is not', null)
    .orderBy('ticketReadings.at', 'desc')
    .limit(MOST_READINGS)
    .execute();
  const outcomes = await database.selectFrom('ticketOutcomes').select('ticketId').distinct().execute();
  const corrected = new Set(outcomes.map(({ ticketId }) => ticketId));
  const judged = rows
    .map(({ ticketId, destination, reading, rule }) => {
      const { name, confidence } = Reading.parse(JSON.parse(reading)).queue;
      return { read: name, right: destination ?? '', confidence, corrected: corrected.has(ticketId), rule };
    })
    // Where a rule or doubt has put it, nobody has said that it was read rightly or wrongly.
    .filter((one) => one.corrected || one.rule === 'classified');
  const [agreeing, disagreeing] = [true, false].map((same) =>
    judged.filter(({ read, right }) => (read === right) === same),
  );
  return {
    readings: judged.length,
    corrected: judged.filter((one) => one.corrected).length,
    agreement: judged.length === 0 ? 1 : rounded((agreeing?.length ?? 0) / judged.length),
    meanConfidence: { agreeing: meanOf(agreeing ?? []), disagreeing: meanOf(disagreeing ?? []) },
    confusions: tally(disagreeing ?? []),
  };
}

function tally(wrong: readonly { readonly read: string; readonly right: string }[]): Agreement['confusions'] {
  const groups = Map.groupBy(wrong, ({ read, right }) => JSON.stringify([read, right]));
  return [...groups.values()]
    .flatMap((group) => (group[0] ? [{ read: group[0].read, right: group[0].right, times: group.length }] : []))
    .toSorted((one, other) => other.times - one.times);
}

const meanOf = (readings: readonly { readonly confidence: number }[]): number | null =>
  readings.length === 0
    ? null
    : rounded(readings.reduce((sum, { confidence }) => sum + confidence, 0) / readings.length);

const rounded = (share: number): number => Math.round(share * 1000) / 1000;
