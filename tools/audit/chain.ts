import { sql } from 'kysely';
import { digestOf } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { appendAudit } from '../../contracts/tools/audit.ts';
import type { Database, Tables } from '../database.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { digestOfRows, keep, rowsBySequence, rowsOf } from './kept.ts';

const GENESIS = '0'.repeat(64);

/** A place in the chain that somebody wrote down elsewhere, say in a case's history. */
export interface Anchor {
  readonly sequence: number;
  readonly hash: string;
}

/** Appends an entry whose hash covers the one before it and its decisions. The head's row is the lock: appends stand in line. */
export async function append(
  call: ToolInput<typeof appendAudit>,
  context: ToolContext,
  store: Store,
): Promise<ToolOutput<typeof appendAudit>> {
  await store.updateTable('auditHead').set({ sequence: sql`"sequence" + 1` }).where('id', '=', 1).execute();
  const head = await store.selectFrom('auditHead').selectAll().where('id', '=', 1).executeTakeFirstOrThrow();
  const { caseId, outcome, decisionsDigest, summary } = call;
  const place = { sequence: Number(head.sequence), key: context.key, at: context.now(), previous: head.hash };
  const entry = { caseId, outcome, decisionsDigest, summary, ...place };
  const rows = rowsOf(call, entry.sequence);
  const hash = digestOf({ ...entry, ...digestOfRows(rows) });
  await store
    .insertInto('audit')
    .values({ ...entry, hash })
    .execute();
  await keep(store, rows);
  await store.updateTable('auditHead').set({ hash }).where('id', '=', 1).execute();
  return { sequence: entry.sequence, hash, previous: entry.previous };
}

export type Verdict =
  | { readonly whole: true; readonly entries: number }
  | { readonly whole: false; readonly entries: number; readonly why: string };

/**
 * Walks the whole chain. An edited, lost, moved or added entry or decision breaks it; so does an entry that an anchor names
 * differently.
 */
export async function verifyChain(database: Database, anchors: readonly Anchor[] = []): Promise<Verdict> {
  const rows = await database.selectFrom('audit').selectAll().orderBy('sequence').execute();
  const head = await database.selectFrom('auditHead').selectAll().where('id', '=', 1).executeTakeFirst();
  const why = firstBreak(rows, await rowsBySequence(database), head, anchors);
  return why === undefined ? { whole: true, entries: rows.length } : { whole: false, entries: rows.length, why };
}

function firstBreak(
  rows: readonly Tables['audit'][],
  decisions: ReadonlyMap<number, readonly Tables['auditDecisions'][]>,
  head: Tables['auditHead'] | undefined,
  anchors: readonly Anchor[],
): string | undefined {
  let previous = GENESIS;
  for (const [index, row] of rows.entries()) {
    const { hash, ...rest } = row;
    const sequence = Number(rest.sequence);
    const kept = digestOfRows(decisions.get(sequence) ?? []);
    const entry = { ...rest, sequence, at: Number(rest.at), ...kept };
    if (entry.sequence !== index + 1) return `entry ${index + 1} is missing`;
    if (entry.previous !== previous) return `entry ${entry.sequence} does not follow the one before it`;
    if (digestOf(entry) !== hash) return `entry ${entry.sequence} was changed`;
    previous = hash;
  }
  const astray = [...decisions.keys()].find((sequence) => sequence > rows.length);
  if (astray !== undefined) return `decisions are kept under entry ${astray}, which is not there`;
  if (Number(head?.sequence) !== rows.length || head?.hash !== previous) return 'the end of the chain is missing';
  const broken = anchors.find(({ sequence, hash }) => rows[sequence - 1]?.hash !== hash);
  return broken && `entry ${broken.sequence} is not the one that was written`;
}
