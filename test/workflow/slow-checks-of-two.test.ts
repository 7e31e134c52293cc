import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ANSWER } from '../../contracts/messages.ts';
import { replayOn } from '../../workers/replay.ts';
import { until } from '../support/cases.ts';
import {
  DIRECTORY,
  EXPENSES,
  expenseFakes,
  expenseRelease,
  lineOf,
  receiptFor,
  reportOf,
} from '../support/expense-cases.ts';
import { answer, type Spine, startSpine, status } from '../support/spine.ts';

const HOURS = 1 / 3_600_000;
/** Half of it is over before the workflow task in which the answer came is prolonged. */
const RUNG_MS = 4000;
/** Longer than a workflow task lasts before it is prolonged, which is when a case hears of something new. */
const SLOW_MS = 2700;

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine({ people: DIRECTORY });
});
afterAll(() => spine.stop());

it('a directory that is slow while one question is escalated and another one is due leaves a case that goes on', async () => {
  const manager = [
    { role: 'manager', hours: RUNG_MS * HOURS } as const,
    { role: 'director', hours: 60_000 * HOURS } as const,
  ];
  spine.reset(expenseRelease({ expenses: { ...EXPENSES, ladders: { ...EXPENSES.ladders, manager } } }));
  expenseFakes(spine.tools);
  const handle = await spine.start('approveExpense', reportOf([wayOf('there', 60_000), wayOf('back', 61_000)]));
  const [first, second] = await bothOf(handle);
  spine.slowDirectory(() => sleep(SLOW_MS));
  const { approval, digest } = first;
  await handle.signal(ANSWER, { approval, digest, verdict: 'escalate', by: 'mia', reason: 'above me' });
  await sleep(SLOW_MS + RUNG_MS + 2 * SLOW_MS);
  spine.slowDirectory(async () => undefined);
  await otherWorker(handle);
  expect((await status(handle)).waiting).toMatchObject([{ role: 'director' }, { role: 'director' }]);
  await answer(handle, first, 'go-on', 'dora');
  await answer(handle, second, 'go-on', 'dora');
  expect(await handle.result()).toMatchObject({ outcome: 'reimbursed', totalMinor: 121_000 });
  const history = await handle.fetchHistory();
  const again = replayOn(inject('bundlePath'), [{ workflowId: handle.workflowId, history }]);
  for await (const { differs } of again) expect(differs).toBeUndefined();
  expect.assertions(3);
});

const wayOf = (lineId: string, minor: number) => {
  const merchant = `Railways of ${lineId}`;
  return lineOf(minor, { lineId, merchant, receipt: receiptFor((minor / 100).toFixed(2), merchant) });
};

async function bothOf(handle: WorkflowHandle) {
  await until(async () => (await status(handle)).waiting.length === 2);
  const { waiting } = await status(handle);
  return waiting as [(typeof waiting)[0], (typeof waiting)[0]];
}

/** From now on the case is with a worker that knows nothing but its history. */
async function otherWorker({ workflowId }: WorkflowHandle): Promise<void> {
  const { connection, options } = spine.client;
  await connection.workflowService.resetStickyTaskQueue({ namespace: options.namespace, execution: { workflowId } });
}
