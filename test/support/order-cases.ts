import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { OrderPolicy } from '../../contracts/order-policy.ts';
import { fakeRelease, POLICY } from './fake-release.ts';
import { answer, openRequest } from './spine.ts';

const limits = { capMicroUsd: 500_000, raiseCeilingMicroUsd: 2_000_000, modelCalls: 18, deadlineSeconds: 90 };

export const ORDER_POLICY: OrderPolicy = {
  reservationMinutes: 60,
  quoteMinutes: 60,
  rounds: 3,
  highValueMinor: { EUR: 1_000_000 },
  customer: [{ role: 'customer', hours: 1 }],
  money: [{ role: 'manager', hours: 4 }],
};

/** A release whose policy knows the order desk. */
export const orderRelease = (orders: Partial<OrderPolicy> = {}, patienceMs = 3000) =>
  fakeRelease({
    patienceMs,
    policy: {
      processes: { ...POLICY.processes, placeOrder: limits, cancelOrder: { ...limits, modelCalls: 6 } },
      orders: { ...ORDER_POLICY, ...orders },
    },
  });

/** An order that runs clean, once its customer says yes. */
export const order = (change: Record<string, unknown> = {}) => ({
  requestId: `O-${randomUUID().slice(0, 13)}`,
  requestedBy: 'web-shop',
  customerId: 'cus-ada',
  message: 'Hello,\n\nplease send 2 x DESK-160 and 1 x LAMP-01. Leave it at the reception.\n\nAda',
  ...change,
});

/** The customer answers what is open. */
export async function customerSays(handle: WorkflowHandle, verdict: string, but: readonly string[] = []) {
  const request = await openRequest(handle, but);
  const reason = verdict === 'reject' ? { reason: 'too dear' } : {};
  return { request, reply: await answer(handle, request, verdict, 'cus-ada', reason) };
}
