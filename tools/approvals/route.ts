import { EXCERPT_BYTES, excerpt, utf8Bytes } from '../../contracts/text.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { routeForApproval } from '../../contracts/tools/approvals.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { rejected } from '../trouble.ts';
import { fits } from './check.ts';
import { differencesBetween } from './differences.ts';
import { type Paper, readPaper } from './papers.ts';
import { readContent } from './read-content.ts';

const VIEW_BYTES = Math.min(3000, EXCERPT_BYTES);
const MOST_DIFFERENCES = 20;

/** Puts the document before one person, and says what there is to see. */
export async function routePaper(
  { doc_id, approver_id }: ToolInput<typeof routeForApproval>,
  { key, run, now }: ToolContext,
  store: Store,
): Promise<ToolOutput<typeof routeForApproval>> {
  const paper = await readPaper(store, doc_id);
  const { document, version, docId, hash } = paper;
  const approver = approver_id.trim().toLowerCase();
  if (paper.authors.some((author) => author.trim().toLowerCase() === approver))
    throw rejected('the approver wrote the document', { doc_id });
  if (!fits(paper)) throw rejected('the document is not valid, and cannot be routed', { doc_id });
  const at = now();
  const routed = await store
    .insertInto('approvalRoutes')
    .values({ document, version, approver, hash, run, key, at })
    .onConflict((conflict) => conflict.columns(['document', 'version', 'approver', 'run']).doNothing())
    .executeTakeFirst();
  if (routed.numInsertedOrUpdatedRows !== 1n)
    throw rejected('the document was put before this approver already', { doc_id });

  const view = viewOf(paper);
  const comparedWith = await lastSeen(store, paper);
  const differences = comparedWith ? differencesBetween(shownOf(comparedWith), shownOf(paper)) : [];
  return {
    doc_id: docId,
    hash,
    approver_id,
    state: 'waits',
    routedAt: new Date(at).toISOString(),
    view: excerpt(view, VIEW_BYTES),
    wholeInView: utf8Bytes(view) <= VIEW_BYTES,
    comparedWith: comparedWith?.docId ?? null,
    differences: differences.slice(0, MOST_DIFFERENCES),
    differenceCount: differences.length,
  };
}

/** The version last approved; where none was, the last one that anybody was asked about. */
async function lastSeen(store: Store, { document, version }: Paper): Promise<Paper | undefined> {
  const before = (table: 'approvalCertificates' | 'approvalRoutes') =>
    store
      .selectFrom(table)
      .select('version')
      .where('document', '=', document)
      .where('version', '<', version)
      .orderBy('version', 'desc')
      .executeTakeFirst();
  const found = (await before('approvalCertificates')) ?? (await before('approvalRoutes'));
  return found && readPaper(store, `${document}@${Number(found.version)}`);
}

/** As people read it. */
export const viewOf = (paper: Paper): string => JSON.stringify(shownOf(paper), null, 1);

function shownOf(paper: Paper): unknown {
  const read = readContent(paper);
  return read.kind === 'read' ? read.shown : paper.content;
}
