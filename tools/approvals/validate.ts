import { HOUSE_SCHEMAS } from '../../contracts/documents.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { validateDocument } from '../../contracts/tools/approvals.ts';
import type { Database } from '../database.ts';
import { checkAgainst, checkAgainstText, fits } from './check.ts';
import { readPaper } from './papers.ts';

const MOST_TOLD = 20;

/** Reads the version, and holds it against the schema. What nobody can read is invalid, and not an error. */
export async function validatePaper(
  database: Database,
  { doc_id, schema }: ToolInput<typeof validateDocument>,
): Promise<ToolOutput<typeof validateDocument>> {
  const paper = await readPaper(database, doc_id);
  const own = HOUSE_SCHEMAS.find((name) => name === schema);
  const { problems, subject } = own ? checkAgainst(own, paper) : checkAgainstText(schema, paper);
  return {
    doc_id: paper.docId,
    hash: paper.hash,
    format: paper.format,
    schema: own ?? 'of the caller',
    valid: problems.length === 0,
    errors: problems.slice(0, MOST_TOLD).map(({ path, problem }) => ({ path, problem })),
    errorCount: problems.length,
    subject: subject ?? null,
    looksLike: fits(paper) ?? null,
    authors: [...paper.authors],
  };
}
