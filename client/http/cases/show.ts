import { QueryNotRegisteredError, type WorkflowExecutionInfo } from '@temporalio/client';
import { type CaseStatus, STATUS } from '../../../contracts/messages.ts';
import { codeOf } from '../../grpc-code.ts';
import type { CaseRun } from '../../index.ts';
import type { Principal } from '../access/principal.ts';
import { findCase, rowOf } from '../found-case.ts';
import { linksOf } from '../links.ts';
import type { HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** How long a worker may take to answer what a case is at, milliseconds. */
const QUERY_PATIENCE_MS = 3000;
/** What gRPC says where nobody has answered in time, or nobody polls for the case. */
const UNANSWERED: ReadonlySet<number | undefined> = new Set([1, 4, 9]);

/** Everything that a case says of itself. */
export async function showCase(parts: HttpParts, principal: Principal, caseId: string) {
  const found = await findCase(parts, principal, caseId, 'cases.show');
  const status = await statusOf(parts, found, found.info);
  const row = rowOf(found.info, parts);
  const links = linksOf(caseId);
  if (!status) return { ...row, steps: [], waiting: [], links };
  const stage = status.waiting.length > 0 ? 'waiting' : status.stage;
  return { ...row, ...status, stage, costMicroUsd: status.budget.spentMicroUsd, links };
}

/**
 * What the case answers about itself; nothing where it ended before it could answer anything.
 * @throws Problem 503 where no worker is there to ask
 */
export async function statusOf(
  { client }: Pick<HttpParts, 'client'>,
  { workflowId, runId }: CaseRun,
  info?: Pick<WorkflowExecutionInfo, 'status'>,
): Promise<CaseStatus | undefined> {
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    return await client.withDeadline(Date.now() + QUERY_PATIENCE_MS, () => handle.query<CaseStatus>(STATUS));
  } catch (error) {
    if (error instanceof QueryNotRegisteredError && info?.status.name !== 'RUNNING') return undefined;
    if (error instanceof QueryNotRegisteredError || UNANSWERED.has(codeOf(error))) throw noWorker();
    throw error;
  }
}

const noWorker = (): Problem =>
  new Problem(
    'not-now',
    'No worker answers for this case right now. It keeps what it has; try again in a few seconds.',
    { retryAfterS: 3 },
  );
