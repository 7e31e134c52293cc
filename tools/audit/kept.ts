import { digestOf } from '../../contracts/digest.ts';
import { redactIdentifiers } from '../../contracts/identifiers.ts';
import { tidied } from '../../contracts/plain-text.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import {
  type AuditedDecision,
  type appendAudit,
  CORRECTION,
  type listAudit,
  PastDecision,
} from '../../contracts/tools/audit.ts';
import type { Database } from '../database.ts';
import type { Store } from '../ledger.ts';
import { corrections } from './corrections.ts';
import type { AuditTables } from './tables.ts';

type Row = AuditTables['auditDecisions'];
type Asked = ToolInput<typeof listAudit>;
type Listed = ToolOutput<typeof listAudit>;

/** Rows go out one statement a hundred, since databases bind only so many values at once. */
const AT_ONCE = 100;
/** Whose cases are those that no API has started. */
export const DEFAULT_TENANT = 'default';
/** Well below what an answer may have. */
const MOST_BYTES = 500_000;

/** The rows of an entry's decisions, in their order. */
export function rowsOf(
  { caseId, process, tenant, decisions = [] }: ToolInput<typeof appendAudit>,
  sequence: number,
): Row[] {
  return decisions.map((decision, position) => ({
    sequence,
    position,
    caseId,
    process: process ?? 'unknown',
    tenant: tenant ?? null,
    kind: decision.kind ?? null,
    subject: decision.subject ?? null,
    decision: JSON.stringify(withoutIdentifiers(decision)),
  }));
}

export async function keep(store: Store, rows: readonly Row[]): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await store
      .insertInto('auditDecisions')
      .values(rows.slice(from, from + AT_ONCE))
      .execute();
}

/** What the entry's hash covers of its rows; nothing where there are none, as before there were any. */
export function digestOfRows(rows: readonly Row[]): { readonly decisionRows?: string } {
  if (rows.length === 0) return {};
  const plain = rows.map((row) => ({ ...row, sequence: Number(row.sequence) }));
  return { decisionRows: digestOf(plain) };
}

/** The rows of every entry, by its place in the chain. */
export async function rowsBySequence(database: Database): Promise<Map<number, Row[]>> {
  const rows = await database
    .selectFrom('auditDecisions')
    .selectAll()
    .orderBy('sequence')
    .orderBy('position')
    .execute();
  return Map.groupBy(rows, ({ sequence }) => Number(sequence));
}

/** What was decided, newest case first; `more` where the list had to be cut. */
export async function listDecisions(database: Database, asked: Asked): Promise<Listed> {
  if (asked.kind === CORRECTION) return cut(await correctionsFor(database, asked), asked.limit);
  let query = database.selectFrom('auditDecisions').select(['caseId', 'process', 'decision']);
  for (const column of ['caseId', 'process', 'kind', 'subject'] as const) {
    const wanted = asked[column];
    if (wanted !== undefined) query = query.where(column, '=', wanted);
  }
  const { tenant } = asked;
  if (tenant === DEFAULT_TENANT)
    query = query.where((where) => where.or([where('tenant', '=', tenant), where('tenant', 'is', null)]));
  else if (tenant !== undefined) query = query.where('tenant', '=', tenant);
  const rows = await query
    .orderBy('sequence', 'desc')
    .orderBy('position')
    .limit(asked.limit + 1)
    .execute();
  const decisions = rows.map(({ caseId, process, decision }) =>
    PastDecision.parse({ caseId, process, ...JSON.parse(decision) }),
  );
  return cut(decisions, asked.limit);
}

/** Tickets come in from outside the API, and so are nobody's in particular. */
const correctionsFor = async (database: Database, asked: Asked): Promise<PastDecision[]> =>
  (asked.tenant ?? DEFAULT_TENANT) === DEFAULT_TENANT ? corrections(database, asked) : [];

function cut(decisions: readonly PastDecision[], limit: number): Listed {
  const kept: PastDecision[] = [];
  let bytes = 0;
  for (const decision of decisions.slice(0, limit)) {
    bytes += Buffer.byteLength(JSON.stringify(decision));
    if (bytes > MOST_BYTES) break;
    kept.push(decision);
  }
  return { decisions: kept, more: kept.length < decisions.length };
}

/** People write all kinds of things into a reason; whose address or number it was is nobody's business years later. */
const withoutIdentifiers = (decision: AuditedDecision): AuditedDecision => ({
  ...decision,
  ...(decision.why === undefined ? {} : { why: plain(decision.why) }),
  answers: decision.answers.map((answer) =>
    answer.reason === undefined ? answer : { ...answer, reason: plain(answer.reason) },
  ),
  ...(decision.remarks === undefined
    ? {}
    : {
        remarks: decision.remarks.map((remark) =>
          remark.words === undefined ? remark : { ...remark, words: plain(remark.words) },
        ),
      }),
});

const plain = (text: string): string => redactIdentifiers(tidied(text)).text.slice(0, 500);
