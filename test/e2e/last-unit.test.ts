import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { CaseStatus, OpenRequest } from '../../contracts/messages.ts';
import { World } from '../../outside/world.ts';
import { openDatabase } from '../../tools/database.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { exampleWorld } from '../support/examples.ts';

const BUYERS = 50;
const CUSTOMER = 'cus-2001';
const LAST = { sku: 'GLOBE-1', name: 'Atlas globe', onHand: 1, prices: { EUR: 19_900 } };

/** What a buyer is told, and how it ended. */
interface Ended {
  readonly kind: string;
  readonly asks: string;
  readonly result: { readonly outcome: string; readonly why?: string; readonly leftBehind?: readonly string[] };
}

/** Whole cases, on real tools: what the tools promise each other is tried in race-for-the-last-unit.test.ts. */
describe('fifty orders of the last unit at once', () => {
  let rig: Rig;
  let ended: Ended[];
  beforeAll(async () => {
    const { shop, ...rest } = exampleWorld();
    if (!shop) throw new Error('the examples have changed');
    const world = World.parse({ ...rest, shop: { ...shop, products: [...shop.products, LAST] } });
    rig = await startRig({ ...rigServer(), bundlePath: inject('bundlePath'), world });
    await rig.startWorker();
    ended = await Promise.all(Array.from({ length: BUYERS }, (_, number) => buy(rig, `race-${number + 1}`)));
  }, 300_000);
  afterAll(() => rig?.stop());

  it('are one order and forty-nine clear refusals, and nothing stays held', async () => {
    const made = ended.filter(({ kind }) => kind === 'confirmation');
    const refused = ended.filter(({ kind }) => kind !== 'confirmation');
    expect(made).toMatchObject([{ result: { outcome: 'created' } }]);
    expect(refused).toHaveLength(BUYERS - 1);
    for (const one of refused)
      expect(one).toMatchObject({
        kind: 'shortage',
        asks: expect.stringContaining('There are only 0 of 1 GLOBE-1.'),
        result: { outcome: 'declined', why: 'The customer said no about what is short: 0 of 1 GLOBE-1.' },
      });
    expect(ended.flatMap(({ result }) => result.leftBehind ?? [])).toEqual([]);
  });

  it('leave one order and no stock at the far side', async () => {
    const database = await openDatabase({ stateDir: rig.stateDir });
    const orders = await database.selectFrom('orders').select('state').where('requestId', 'like', 'race-%').execute();
    expect(orders).toEqual([{ state: 'created' }]);
    const held = await database.selectFrom('reservations').select('state').where('state', '=', 'held').execute();
    expect(held).toEqual([]);
    const left = await database.selectFrom('products').select('onHand').where('sku', '=', LAST.sku).executeTakeFirst();
    expect(Number(left?.onHand)).toBe(0);
    await database.destroy();
  });
});

/** Says yes to an offer, and no to a shortage. */
async function buy(rig: Rig, requestId: string): Promise<Ended> {
  const message = 'Hello,\n\nplease send us:\n- 1 x GLOBE-1\n\nBest regards,\nPetra';
  const order = { requestId, requestedBy: 'web-shop', customerId: CUSTOMER, message };
  const start = { taskQueue: 'governor', workflowId: requestId, args: [order] };
  const handle = await rig.client.workflow.start('placeOrder', start);
  const request = await firstRequest(handle);
  const { kind, asks, approval, digest } = request;
  const said = kind === 'confirmation' ? { verdict: 'approve' } : { verdict: 'reject', reason: 'too few' };
  // A signal is taken by the server also where every worker is busy.
  await handle.signal('answer', { approval, digest, by: CUSTOMER, ...said });
  return { kind, asks, result: await handle.result() };
}

/** However long that takes where so many cases share two cores. */
async function firstRequest(handle: WorkflowHandle): Promise<OpenRequest> {
  for (;;) {
    const status = await handle.query<CaseStatus>('status').catch(() => undefined);
    const [request] = status?.waiting ?? [];
    if (request) return request;
    if (status?.outcome) throw new Error(`ended without a question: ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
