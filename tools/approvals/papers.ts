import { createHash } from 'node:crypto';
import { documentOf, versionOf } from '../../contracts/documents.ts';
import type { Database } from '../database.ts';
import type { Store } from '../ledger.ts';
import { badAnswer, rejected } from '../trouble.ts';

/** One version of a document, with its content. */
export interface Paper {
  readonly document: string;
  readonly version: number;
  /** `INV-2044@2` */
  readonly docId: string;
  readonly hash: string;
  readonly format: 'json' | 'xml';
  readonly content: string;
  /** Who wrote this version, and those before it. */
  readonly authors: readonly string[];
}

/** What goes into the store as a document's next version. */
export interface NewPaper {
  readonly document: string;
  readonly author: string;
  readonly format: 'json' | 'xml';
  readonly content: string;
}

/** A content of more bytes is not even kept. */
const MOST_BYTES = 1_000_000;

/**
 * The version that the id names, or the newest.
 * @throws Failed ToolRejected where there is none, BadAnswer where the content is no longer that of its hash
 */
export async function readPaper(store: Database | Store, docId: string): Promise<Paper> {
  const document = documentOf(docId);
  const versions = await store
    .selectFrom('paperVersions')
    .selectAll()
    .where('document', '=', document)
    .orderBy('version')
    .execute();
  const wanted = versionOf(docId);
  const row = wanted === undefined ? versions.at(-1) : versions.find(({ version }) => Number(version) === wanted);
  if (!row) throw rejected('the document is not in the store', { doc_id: docId });
  const kept = await store.selectFrom('paperContents').selectAll().where('hash', '=', row.hash).executeTakeFirst();
  if (!kept || hashOf(kept.content) !== row.hash) throw badAnswer('documents', 'hash');
  const version = Number(row.version);
  const authors = versions.filter((each) => Number(each.version) <= version).map(({ author }) => author);
  const { hash } = row;
  const { format, content } = kept;
  return { document, version, docId: `${document}@${version}`, hash, format, content, authors: [...new Set(authors)] };
}

/** Keeps the content as the document's next version, and gives the id of that version. */
export async function addPaper(database: Database, paper: NewPaper, now: number): Promise<string> {
  const { document, author, format, content } = paper;
  if (Buffer.byteLength(content) > MOST_BYTES) throw rejected('the document is too large to be kept', { document });
  const hash = hashOf(content);
  return database.transaction().execute(async (transaction) => {
    await keepContent(transaction, { hash, format, content });
    const last = await transaction
      .selectFrom('paperVersions')
      .select('version')
      .where('document', '=', document)
      .orderBy('version', 'desc')
      .executeTakeFirst();
    const version = Number(last?.version ?? 0) + 1;
    await transaction.insertInto('paperVersions').values({ document, version, hash, author, at: now }).execute();
    return `${document}@${version}`;
  });
}

/** What the store begins with; what is there already stays as it is. */
export async function seedPapers(
  database: Database,
  papers: readonly (NewPaper & { readonly version: number })[],
): Promise<void> {
  for (const { document, version, author, format, content } of papers) {
    const hash = hashOf(content);
    await keepContent(database, { hash, format, content });
    await database
      .insertInto('paperVersions')
      .values({ document, version, hash, author, at: 0 })
      .onConflict((conflict) => conflict.columns(['document', 'version']).doNothing())
      .execute();
  }
}

async function keepContent(
  store: Database | Store,
  row: { hash: string; format: 'json' | 'xml'; content: string },
): Promise<void> {
  await store
    .insertInto('paperContents')
    .values(row)
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
}

const hashOf = (content: string): string => `sha256-${createHash('sha256').update(content).digest('hex')}`;
