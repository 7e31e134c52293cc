import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Said } from '../../client/answering.ts';
import { createGovernor } from '../../client/index.ts';
import { makeAnswerKeys } from '../../keys/answer-files.ts';
import { type Answering, answeringWith } from '../../workers/answering.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { expectedOf } from '../support/examples.ts';
import { openRequest } from '../support/spine.ts';

/**
 * At most 20 events beside 6 a step, of which 3 are the workflow's own task; so are 3 of the 20. These are left out, since
 * a server that is too busy hands out a task once more.
 */
const EVENTS_BESIDE_STEPS = 17;
const EVENTS_A_STEP = 3;
const MOST_BYTES = 30_000;

type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];
const isStep = (event: Event): boolean =>
  Boolean(event.activityTaskScheduledEventAttributes ?? event.workflowExecutionUpdateAcceptedEventAttributes);

const isTask = (event: Event): boolean =>
  Boolean(
    event.workflowTaskScheduledEventAttributes ??
      event.workflowTaskStartedEventAttributes ??
      event.workflowTaskCompletedEventAttributes,
  );

/** On real tools, the released policy, and with answers that are signed. */
describe('the history of a clean case', () => {
  const folder = mkdtempSync(join(tmpdir(), 'governor-clean-'));
  const keys = { public: join(folder, 'answer-keys.json'), signing: join(folder, 'answer-signing.json') };
  let rig: Rig;
  let answer: Answering;

  beforeAll(async () => {
    makeAnswerKeys(keys);
    const settings = { ANSWER_KEYS_FILE: keys.public };
    rig = await startRig({ ...rigServer(), bundlePath: inject('bundlePath'), settings });
    await rig.startWorker();
    answer = answeringWith({
      stateDir: folder,
      answers: { publicFile: keys.public, signingFile: keys.signing },
      promptsDir: 'prompts',
    });
  });
  afterAll(async () => {
    await rig?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts an example as the documents say, and runs it with the answers that it brings along. */
  async function play(process: string, name: string, inFolder: string): Promise<WorkflowHandle> {
    const workflowId = `${process}-${name}`;
    const what = ['--type', process, '--task-queue', 'governor', '--workflow-id', workflowId];
    const input = ['--input-file', `examples/${inFolder}/${name}.json`, '--address', rig.address];
    await promisify(execFile)(inject('temporalProgram'), ['workflow', 'start', ...what, ...input]);
    const handle = rig.client.workflow.getHandle(workflowId);
    const { runId } = await handle.describe();
    const governor = createGovernor(rig.client);
    const seen: string[] = [];
    for (const { by, ...said } of expectedOf(name, inFolder).answers ?? []) {
      const request = await openRequest(handle, seen);
      seen.push(request.approval);
      const run = { workflowId, runId };
      expect(await answer(governor, run, request, String(by), said as Said)).toMatchObject({ accepted: true });
    }
    expect(await handle.result()).toMatchObject({ outcome: expectedOf(name, inFolder).outcome });
    return handle;
  }

  it.each([
    ['onboardCustomer', 'clean', 'onboarding'],
    ['approveExpense', 'clean', 'expenses'],
    ['routeTicket', 'ticket-clean', 'tickets'],
    ['placeOrder', 'order-clean', 'orders'],
    ['approveDocument', 'clean', 'documents'],
  ])(
    'of %s, started from the Temporal CLI, has at most 20 events beside 6 a step, and 30 KB, its questions included',
    async (process, name, inFolder) => {
      const handle = await play(process, name, inFolder);
      const { events = [] } = await handle.fetchHistory();
      // A question to people is a step of the process as much as what an agent does.
      const steps = events?.filter((event) => isStep(event)).length ?? 0;
      const beside = (events ?? []).filter((event) => !isTask(event)).length - EVENTS_A_STEP * steps;
      const bytes = Number((await handle.describe()).raw.workflowExecutionInfo?.historySizeBytes);
      expect({ steps: steps > 0, beside, bytes }).toEqual({
        steps: true,
        beside: expect.toSatisfy((count: number) => count <= EVENTS_BESIDE_STEPS, 'at most 17'),
        bytes: expect.toSatisfy((size: number) => size > 0 && size <= MOST_BYTES, 'at most 30 KB'),
      });
    },
  );
});
