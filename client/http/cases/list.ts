import type { WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import { PROCESSES } from '../../../contracts/processes.ts';
import { SEARCH_ATTRIBUTES } from '../../../contracts/search-attributes.ts';
import { DEFAULT_TENANT, type Principal } from '../access/principal.ts';
import { visible } from '../access/routes.ts';
import { ownerOf, rowOf } from '../found-case.ts';
import type { CaseQuery } from '../inputs.ts';
import type { HttpParts } from '../parts.ts';
import type { CaseRows } from '../shapes.ts';

/** Pages of the server that are looked through for one of ours, where much on them is somebody else's. */
const MOST_PAGES = 10;

/** Cases of the caller, the newest first; `next` is there where more may follow. */
export async function listCases(parts: HttpParts, principal: Principal, query: CaseQuery): Promise<CaseRows> {
  const where = conditions(query, principal.tenant, await parts.knowsAttributes());
  const cases: WorkflowExecutionInfo[] = [];
  let token = query.cursor ? Buffer.from(query.cursor, 'base64url') : undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { infos, next } = await readPage(parts, where, query.limit - cases.length, token);
    cases.push(...infos.filter((info) => visible(principal, ownerOf(info), 'cases.list')));
    token = next;
    if (!token || cases.length >= query.limit) break;
  }
  return {
    cases: cases.map((info) => rowOf(info, parts)),
    ...(token ? { next: token.toString('base64url') } : {}),
  };
}

async function readPage({ client }: HttpParts, query: string, pageSize: number, nextPageToken: Buffer | undefined) {
  const { namespace, loadedDataConverter } = client.options;
  const answer = await client.workflowService.listWorkflowExecutions({
    namespace,
    query,
    pageSize,
    ...(nextPageToken ? { nextPageToken } : {}),
  });
  const infos = await Promise.all(
    answer.executions.map((raw) => executionInfoFromRaw(raw, loadedDataConverter, raw, namespace)),
  );
  const next = answer.nextPageToken.length > 0 ? Buffer.from(answer.nextPageToken) : undefined;
  return { infos, next };
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
