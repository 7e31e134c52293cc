import { TASK_QUEUE } from '../../contracts/messages.ts';
import type { House } from '../house.ts';

/** TaskQueueType of the Temporal API: workflow tasks. */
const WORKFLOW_TASKS = 1;
/** A worker asks anew at least once a minute. */
const RECENT_MS = 70_000;

/**
 * How many workers besides ours poll the queue: on a server that somebody else runs, they would take cases of the demo
 * and do them with tools of their own.
 */
export async function otherWorkers({ client, worker }: House, namespace: string): Promise<number> {
  const request = { namespace, taskQueue: { name: TASK_QUEUE }, taskQueueType: WORKFLOW_TASKS };
  const { pollers } = await client.workflowService.describeTaskQueue(request);
  const others = (pollers ?? []).filter(({ identity, lastAccessTime }) => {
    const seenAt = Number(lastAccessTime?.seconds ?? 0) * 1000;
    return !identity?.startsWith(`${worker.pid}@`) && Date.now() - seenAt < RECENT_MS;
  });
  return new Set(others.map(({ identity }) => identity)).size;
}
