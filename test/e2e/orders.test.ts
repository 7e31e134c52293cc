import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { CaseStatus, OpenRequest } from '../../contracts/messages.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { exampleInput } from '../support/examples.ts';

const CUSTOMER = 'cus-2001';
const RESERVE = 'inventory.reserve';

/** On real processes, whose answers can be held back on their way. */
describe('an order', () => {
  let rig: Rig;
  let database: Database;
  beforeAll(async () => {
    rig = await startRig({ ...rigServer(), bundlePath: inject('bundlePath') });
    await rig.startWorker();
    database = await openDatabase({ stateDir: rig.stateDir });
  });
  afterAll(async () => {
    await database?.destroy();
    await rig?.stop();
  });

  const start = (workflowId: string, requestId = workflowId) => {
    const args = [{ ...(exampleInput('order-clean', 'orders') as object), requestId }];
    return rig.client.workflow.start('placeOrder', { taskQueue: 'governor', workflowId, args });
  };
  const reservation = (requestId: string) =>
    database.selectFrom('reservations').select('state').where('requestId', '=', requestId).execute();
  const ordersOf = (requestId: string) =>
    database.selectFrom('orders').select(['orderId', 'state']).where('requestId', '=', requestId).execute();
  const timesAsked = (requestId: string) =>
    rig.tools.calls.filter(({ tool, body }) => tool === RESERVE && body.includes(requestId)).length;
  const holdAnswer = (requestId: string) =>
    rig.tools.after.hold(({ tool, body }) => tool === RESERVE && body.includes(requestId));

  it('that is submitted twice at once is one order, and both hear of it (PF-39)', async () => {
    const both = await Promise.all([start('twice-a', 'twice'), start('twice-b', 'twice')]);
    const results = await Promise.all(both.map((handle) => confirmed(handle, 'approve')));
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).toMatchObject({ outcome: 'created' });
    expect(await ordersOf('twice')).toEqual([
      { orderId: (results[0] as { orderId: string }).orderId, state: 'created' },
    ]);
  });

  it('whose stock was held by a call that timed out holds it once, and lets it go with the customer’s no (PF-46)', async () => {
    const lost = holdAnswer('timed-out');
    const handle = await start('timed-out');
    await lost.reached;
    expect(await reservation('timed-out')).toEqual([{ state: 'held' }]);
    expect(await confirmed(handle, 'reject')).toMatchObject({ outcome: 'declined', leftBehind: [] });
    lost.release();
    expect(timesAsked('timed-out')).toBeGreaterThanOrEqual(2);
    expect(await reservation('timed-out')).toEqual([{ state: 'released' }]);
  });

  it('that is cancelled while nobody knows whether its stock is held leaks no reservation', async () => {
    const lost = holdAnswer('in-doubt');
    const handle = await start('in-doubt');
    await lost.reached;
    expect(await reservation('in-doubt')).toEqual([{ state: 'held' }]);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    lost.release();
    expect(await reservation('in-doubt')).toEqual([{ state: 'released' }]);
    expect(await ordersOf('in-doubt')).toEqual([]);
    expect((await handle.query<CaseStatus>('status')).leftBehind ?? []).toEqual([]);
  });
});

/** Says so to the offer as soon as there is one. */
async function confirmed(handle: WorkflowHandle, verdict: 'approve' | 'reject'): Promise<unknown> {
  const { approval, digest } = await offerOf(handle);
  await handle.signal('answer', { approval, digest, verdict, by: CUSTOMER, reason: 'so they say' });
  return handle.result();
}

async function offerOf(handle: WorkflowHandle): Promise<OpenRequest> {
  for (;;) {
    const status = await handle.query<CaseStatus>('status').catch(() => undefined);
    const request = status?.waiting.find(({ kind }) => kind === 'confirmation');
    if (request) return request;
    if (status?.outcome) throw new Error(`ended without an offer: ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
