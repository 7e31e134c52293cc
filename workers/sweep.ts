import { type Client, WorkflowExecutionAlreadyStartedError, type WorkflowExecutionInfo } from '@temporalio/client';
import { TASK_QUEUE } from '../contracts/messages.ts';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';

/** Runs that somebody terminated in the last day: they left no audit, and nobody was told. */
const TERMINATED = (since: Date): string =>
  `ExecutionStatus = "Terminated" AND WorkflowType != "reportTerminated" AND CloseTime > "${since.toISOString()}"`;

const DAY_MS = 86_400_000;

/**
 * Has each terminated case reported once. The report's workflow id is the run's, so that sweeping again, or from two
 * workers, reports nothing twice.
 * @returns how many reports were started
 */
export async function sweepTerminated(
  client: Client,
  taskQueue = TASK_QUEUE,
  since = new Date(Date.now() - DAY_MS),
): Promise<number> {
  let started = 0;
  for await (const ended of client.workflow.list({ query: TERMINATED(since) })) {
    const { workflowId, runId, taskQueue: of } = ended;
    if (of !== taskQueue || (await goesOnInAnotherRun(client, workflowId, runId))) continue;
    try {
      await client.workflow.start('reportTerminated', {
        taskQueue,
        workflowId: `report-${runId}`,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        args: [{ caseId: workflowId, runId }],
        ...ownershipOf(ended),
      });
      started += 1;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
  return started;
}

/** The report belongs to whom the case belonged. */
function ownershipOf({ memo, typedSearchAttributes }: Pick<WorkflowExecutionInfo, 'memo' | 'typedSearchAttributes'>) {
  const { tenant, startedBy } = memo ?? {};
  if (typeof tenant !== 'string') return {};
  const value = typedSearchAttributes.get(SEARCH_ATTRIBUTES.tenant);
  return {
    memo: { tenant, ...(typeof startedBy === 'string' ? { startedBy } : {}) },
    ...(value === undefined ? {} : { typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.tenant, value }] }),
  };
}

/** A reset terminates a run and goes on under a new run id: nothing was lost. */
async function goesOnInAnotherRun(client: Client, workflowId: string, runId: string): Promise<boolean> {
  const latest = await client.workflow.getHandle(workflowId).describe();
  return latest.runId !== runId;
}
