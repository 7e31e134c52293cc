import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { CaseBook } from '../support/crash/case-book.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { doneSteps } from '../support/crash/server-view.ts';

let rig: Rig;
beforeAll(async () => {
  const settings = { GOVERNOR_PROFILE: 'production' };
  rig = await startRig({ ...rigServer(), bundlePath: inject('bundlePath'), settings });
});
afterAll(() => rig?.stop());

/** Who began the activities of a case, in their order. */
async function workersOf(id: string): Promise<string[]> {
  const { events } = await rig.client.workflow.getHandle(id).fetchHistory();
  return (events ?? []).flatMap((event) => event.activityTaskStartedEventAttributes?.identity ?? []);
}

it('a worker that is told to stop lets the call under way finish, takes no more, and ends; another goes on (CD-75)', async () => {
  const book = new CaseBook(rig);
  const leaving = await rig.startWorker();
  // The account is there, and its answer is on the way.
  const answering = rig.tools.after.hold(({ tool }) => tool === 'accounts.create');
  const { id, handle } = await book.begin();
  await answering.reached;
  let isGone = false;
  const gone = leaving.stop('SIGTERM').then(() => {
    isGone = true;
  });
  await sleep(1000);
  expect(isGone).toBe(false);
  answering.release();
  await gone;
  const next = await rig.startWorker();
  expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });

  const steps = await doneSteps(rig.client, id);
  expect(steps.map(({ agent, attempts }) => [agent, attempts])).toContainEqual(['createAccount', 1]);
  expect(rig.tools.calls.filter(({ tool }) => tool === 'accounts.create')).toHaveLength(1);
  const workers = await workersOf(id);
  expect(new Set(workers)).toEqual(new Set([leaving.identity, next.identity]));
  expect(workers.lastIndexOf(leaving.identity)).toBeLessThan(workers.indexOf(next.identity));
  expect(workers.filter((worker) => worker === leaving.identity)).toHaveLength(3);
}, 120_000);
