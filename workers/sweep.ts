import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TASK_QUEUE } from '../contracts/messages.ts';

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
  for await (const { workflowId, runId, taskQueue: of } of client.workflow.list({ query: TERMINATED(since) })) {
    if (of !== taskQueue || (await goesOnInAnotherRun(client, workflowId, runId))) continue;
    try {
      await client.workflow.start('reportTerminated', {
        taskQueue,
        workflowId: `report-${runId}`,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        args: [{ caseId: workflowId, runId }],
      });
      started += 1;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
  return started;
}

/** A reset terminates a run and goes on under a new run id: nothing was lost. */
async function goesOnInAnotherRun(client: Client, workflowId: string, runId: string): Promise<boolean> {
  const latest = await client.workflow.getHandle(workflowId).describe();
  return latest.runId !== runId;
}
