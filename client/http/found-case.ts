import type { WorkflowExecutionInfo } from '@temporalio/client';
import { PROCESSES } from '../../contracts/processes.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import type { CaseRun } from '../index.ts';
import { DEFAULT_TENANT, type Principal } from './access/principal.ts';
import { type Operation, type Owner, visible } from './access/routes.ts';
import type { HttpParts } from './parts.ts';
import { noSuchCase } from './problem.ts';
import type { CaseRow } from './shapes.ts';

/** What the server says of a run, in lists and about one. */
export type CaseInfo = Omit<WorkflowExecutionInfo, 'raw'>;

/** A case as the server knows it, whether or not a worker is there. */
export interface FoundCase extends CaseRun {
  readonly info: CaseInfo;
  readonly owner: Owner;
}

/** The longest workflow id that the server takes. */
const LONGEST_ID = 1000;

/**
 * The newest run of a case.
 * @throws Problem 404 where there is none, and where it is not for this caller: in the same words
 */
export async function findCase(
  { client }: HttpParts,
  principal: Principal,
  caseId: string,
  operation: Operation,
): Promise<FoundCase> {
  if (caseId.length > LONGEST_ID || caseId === '') throw noSuchCase();
  const info = await client.workflow.getHandle(caseId).describe();
  const found = { workflowId: info.workflowId, runId: info.runId, info, owner: ownerOf(info) };
  if (!isOurs(info) || !visible(principal, found.owner, operation)) throw noSuchCase();
  return found;
}

/** Whether it is a case of this house; a namespace may have other tenants than ours. */
export const isOurs = ({ type }: Pick<WorkflowExecutionInfo, 'type'>): boolean => Object.hasOwn(PROCESSES, type);

/** Whose it is, as was written down when it started. */
export function ownerOf({ memo }: Pick<WorkflowExecutionInfo, 'memo'>): Owner {
  const { tenant, startedBy } = memo ?? {};
  return {
    tenant: typeof tenant === 'string' ? tenant : DEFAULT_TENANT,
    startedBy: typeof startedBy === 'string' ? startedBy : undefined,
  };
}

/** The row of a case in lists. */
export function rowOf(info: CaseInfo, parts: Pick<HttpParts, 'client' | 'uiUrl' | 'now'>): CaseRow {
  const { workflowId, runId, type, status, startTime, closeTime, typedSearchAttributes: attributes } = info;
  const stage = attributes.get(SEARCH_ATTRIBUTES.stage);
  const outcome = attributes.get(SEARCH_ATTRIBUTES.outcome) ?? OUTCOMES[status.name];
  const release = attributes.get(SEARCH_ATTRIBUTES.release);
  const waitingFor = attributes.get(SEARCH_ATTRIBUTES.waitingFor);
  const uiUrl = uiUrlOf(parts, { workflowId, runId });
  const { now = Date.now } = parts;
  return {
    case: workflowId,
    run: runId,
    process: type,
    stage: stage ?? (closeTime ? 'ended' : 'starting'),
    ...(outcome ? { outcome } : {}),
    ...(release ? { release } : {}),
    costMicroUsd: attributes.get(SEARCH_ATTRIBUTES.cost) ?? 0,
    startedAt: startTime.toISOString(),
    ...(closeTime ? { closedAt: closeTime.toISOString() } : {}),
    durationMs: Math.max(0, (closeTime?.getTime() ?? now()) - startTime.getTime()),
    ...(waitingFor ? { waitingFor } : {}),
    ...(uiUrl ? { uiUrl } : {}),
  };
}

/** For runs that ended without saying how. */
const OUTCOMES: Readonly<Record<string, string>> = {
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
  COMPLETED: 'ended',
};

export function uiUrlOf({ client, uiUrl }: Pick<HttpParts, 'client' | 'uiUrl'>, run: CaseRun): string | undefined {
  const id = encodeURIComponent(run.workflowId);
  return uiUrl && `${uiUrl}/namespaces/${client.options.namespace}/workflows/${id}/${run.runId}/history`;
}

export const isClosed = ({ status }: Pick<WorkflowExecutionInfo, 'status'>): boolean => status.name !== 'RUNNING';
