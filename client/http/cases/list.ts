import type { WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import { digestOfText } from '../../../contracts/digest.ts';
import { PROCESSES } from '../../../contracts/processes.ts';
import { SEARCH_ATTRIBUTES } from '../../../contracts/search-attributes.ts';
import { DEFAULT_TENANT, type Principal } from '../access/principal.ts';
import { visible } from '../access/routes.ts';
import { ownerOf, rowOf } from '../found-case.ts';
import type { CaseQuery } from '../inputs.ts';
import type { HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import type { CaseRow, CaseRows } from '../shapes.ts';

/** Pages of the server that are looked through for one of ours, where much on them is somebody else's. */
const MOST_PAGES = 10;

/** Cases of the caller, the newest first; `next` is there where more may follow. */
export async function listCases(parts: HttpParts, principal: Principal, query: CaseQuery): Promise<CaseRows> {
  const where = conditions(query, principal.tenant, await parts.knowsAttributes());
  const cases: WorkflowExecutionInfo[] = [];
  let token = query.cursor === undefined ? undefined : tokenIn(query.cursor);
  for (let page = 0; page < MOST_PAGES; page++) {
    const { infos, next } = await readPage(parts, where, query.limit - cases.length, token);
    cases.push(...infos.filter((info) => visible(principal, ownerOf(info), 'cases.list')));
    token = next;
    if (!token || cases.length >= query.limit) break;
  }
  return {
    cases: await withCaps(
      cases.map((info) => rowOf(info, parts)),
      parts,
    ),
    ...(token ? { next: cursorOf(token) } : {}),
  };
}

/** No case is asked: its release says what it may spend. One that cannot be read any more says nothing. */
async function withCaps(rows: readonly CaseRow[], { releases }: Pick<HttpParts, 'releases'>): Promise<CaseRow[]> {
  const ids = new Set(rows.flatMap(({ release }) => release ?? []));
  const read = [...ids].map(async (id) => [id, await releases.caps(id).catch(() => ({}))] as const);
  const caps = new Map<string, Readonly<Record<string, number>>>(await Promise.all(read));
  return rows.map((row) => {
    const capMicroUsd = caps.get(row.release ?? '')?.[row.process];
    return capMicroUsd === undefined ? row : { ...row, capMicroUsd };
  });
}

async function readPage({ client }: HttpParts, query: string, pageSize: number, nextPageToken: Buffer | undefined) {
  const { namespace, loadedDataConverter } = client.options;
  const page = { namespace, query, pageSize, ...(nextPageToken ? { nextPageToken } : {}) };
  const answer = await client.withDeadline(Date.now() + LIST_PATIENCE_MS, () =>
    client.workflowService.listWorkflowExecutions(page),
  );
  const infos = await Promise.all(
    answer.executions.map((raw) => executionInfoFromRaw(raw, loadedDataConverter, raw, namespace)),
  );
  const next = answer.nextPageToken.length > 0 ? Buffer.from(answer.nextPageToken) : undefined;
  return { infos, next };
}

const LIST_PATIENCE_MS = 5000;

/** The server's place in its list, with a check: it takes long to find out that a place is none of its own. */
const cursorOf = (token: Buffer): string => `${token.toString('base64url')}.${checkOf(token)}`;
const checkOf = (token: Buffer): string => digestOfText(`cases ${token.toString('base64url')}`).slice(0, 12);

function tokenIn(cursor: string): Buffer {
  const [text = '', check] = cursor.split('.');
  const token = Buffer.from(text, 'base64url');
  if (check === checkOf(token)) return token;
  throw new Problem('invalid-fields', 'The cursor is not one of ours. Leave it out to begin at the first page.', {
    errors: [{ field: 'cursor', message: 'is not one that a list has given' }],
  });
}

/** In the server's list language; every value was held to a pattern without quotes before. */
function conditions({ process, stage, outcome, q }: CaseQuery, tenant: string, indexed: boolean): string {
  const types = process ? [process] : Object.keys(PROCESSES);
  return [
    `WorkflowType IN (${types.map(quoted).join(', ')})`,
    ...(indexed ? [ofTenant(tenant)] : []),
    ...(indexed && stage ? [`${SEARCH_ATTRIBUTES.stage.name} = ${quoted(stage)}`] : []),
    ...(indexed && outcome ? [`${SEARCH_ATTRIBUTES.outcome.name} = ${quoted(outcome)}`] : []),
    ...(q ? [`WorkflowId STARTS_WITH ${quoted(q)}`] : []),
  ].join(' AND ');
}

/** Cases from the command line carry no tenant, and are those of everybody who has none. */
export function ofTenant(tenant: string): string {
  const { name } = SEARCH_ATTRIBUTES.tenant;
  const own = `${name} = ${quoted(tenant)}`;
  return tenant === DEFAULT_TENANT ? `(${own} OR ${name} IS NULL)` : own;
}

const quoted = (word: string): string => `'${word.replaceAll(/['\\]/g, '')}'`;
