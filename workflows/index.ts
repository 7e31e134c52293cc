/** The only entry of the bundle: every function exported here is a workflow type. */
import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';

export { approveDocument } from './approve-document.ts';
export { approveExpense } from './approve-expense.ts';
export { cancelOrder } from './cancel-order.ts';
export { onboardCustomer } from './onboard-customer.ts';
export { placeOrder } from './place-order.ts';
export { reportTerminated } from './report-terminated.ts';
export { routeTicket } from './route-ticket.ts';
export { watchTicket } from './watch-ticket.ts';

/** Without this, a run of a type that nobody knows would wait for ever. */
export default async function refuseUnknownType(): Promise<never> {
  const { workflowType } = workflowInfo();
  throw ApplicationFailure.nonRetryable(
    `No workflow is called ${workflowType}. Known: onboardCustomer, routeTicket, placeOrder, cancelOrder, approveDocument, approveExpense.`,
    'UnknownWorkflow',
  );
}
