import type { Worker } from '@temporalio/worker';
import { TASK_QUEUE } from '../contracts/messages.ts';
import { createGovernorWorker, type WorkerParts } from './governor-worker.ts';

/** The workers of one process, one for each task queue that it takes work of. */
export interface QueueWorkers {
  /** Until they are told to stop and what they had begun is done. @throws what stopped the first of them */
  run(): Promise<void>;
  /** Whether each of them takes work. */
  isWell(): boolean;
}

/**
 * Workflows are on the house's own queue alone. A process that serves only families of agents needs no bundle, and can be
 * another build than the others: what goes over a family's queue is an order to one agent, and its result.
 */
export async function createQueueWorkers(
  queues: readonly string[],
  { bundlePath, ...parts }: Omit<WorkerParts, 'taskQueue'>,
): Promise<QueueWorkers> {
  const workers: Worker[] = [];
  for (const taskQueue of queues) {
    const workflows = taskQueue === TASK_QUEUE ? { bundlePath } : {};
    workers.push(await createGovernorWorker({ ...parts, ...workflows, taskQueue }));
  }
  return { run: () => runAll(workers), isWell: () => workers.every((worker) => worker.getState() === 'RUNNING') };
}

/** One that fails takes the others with it: half a process is worth less than one that is started anew. */
async function runAll(workers: readonly Worker[]): Promise<void> {
  const running = workers.map((worker) =>
    worker.run().finally(() => {
      for (const other of workers) if (other.getState() === 'RUNNING') other.shutdown();
    }),
  );
  const ends = await Promise.allSettled(running);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
