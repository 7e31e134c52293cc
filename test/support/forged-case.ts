import { proxyActivities } from '@temporalio/workflow';

/** A workflow of somebody else's, who has a worker in the namespace and orders a payment from the house's own. */
export async function forgedCase(order: unknown): Promise<unknown> {
  const { reimburseExpense } = proxyActivities<{ reimburseExpense(order: unknown): Promise<unknown> }>({
    taskQueue: 'governor',
    startToCloseTimeout: '20 s',
    retry: { maximumAttempts: 1 },
  });
  return reimburseExpense(order);
}
