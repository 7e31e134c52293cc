import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { CaseStatus } from '../../contracts/messages.ts';
import type { OnboardingRequest } from '../../contracts/onboarding.ts';
import type { Counts } from '../../outside/counts.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { exampleInput } from '../support/examples.ts';

const FIRST = 'one-effect';

/** The same request again, on real tools: whoever runs it and however often, the business steps happen once. */
describe('the effects of one request', () => {
  let rig: Rig;
  let input: OnboardingRequest;
  let first: unknown;
  let after: Effects;

  beforeAll(async () => {
    rig = await startRig({ ...rigServer(), bundlePath: inject('bundlePath') });
    input = exampleInput('clean') as OnboardingRequest;
    const worker = await rig.startWorker();
    first = await (await start(rig, FIRST, input)).result();
    after = effectsOf(await rig.counts());
    // Whatever it kept in its memory is gone for those that come after.
    await worker.stop('SIGKILL');
    await rig.startWorker();
  });
  afterAll(() => rig?.stop());

  it('are five, an audit beside them', () => {
    expect(first).toMatchObject({ outcome: 'onboarded' });
    expect(after).toMatchObject({
      business: [1, 1, 1, 1, 1],
      openAccounts: 1,
      repeatedDeliveries: 0,
      audits: 1,
      escalations: 0,
    });
  });

  it.each([
    ['the same workflow id after completion', () => start(rig, FIRST, input), 2],
    ['a second workflow id', () => start(rig, `${FIRST}-again`, input), 3],
    ['a reset to the first task', () => reset(rig, FIRST), 4],
  ])(
    'stay as they are under %s, on another worker, with the same result (PF-39, PF-42, PF-46)',
    async (_, again, audits) => {
      const handle = await again();
      expect(await handle.result()).toEqual(first);
      // Each run reports its own end.
      expect(effectsOf(await rig.counts())).toEqual({ ...after, audits });
      const { steps } = await handle.query<CaseStatus>('status');
      expect(steps.map(({ outcome }) => outcome)).toEqual(Array(8).fill('done'));
    },
  );

  it('are refused to a request with the same reference for another customer', async () => {
    const other = { ...(exampleInput('clean-german') as OnboardingRequest), requestId: input.requestId };
    const error = await (await start(rig, 'another-customer', other)).result().catch((raised: unknown) => raised);
    expect(error).toMatchObject({ cause: { type: 'KeyReused' } });
    expect(effectsOf(await rig.counts())).toEqual({ ...after, audits: 5, escalations: 1 });
  });
});

const start = (rig: Rig, workflowId: string, input: OnboardingRequest): Promise<WorkflowHandle> =>
  rig.client.workflow.start('onboardCustomer', { taskQueue: 'governor', workflowId, args: [input] });

/** What `temporal workflow reset --type FirstWorkflowTask` does. */
async function reset(rig: Rig, workflowId: string): Promise<WorkflowHandle> {
  const { events } = await rig.client.workflow.getHandle(workflowId).fetchHistory();
  const finished = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  const { runId } = await rig.client.workflow.getHandle(workflowId).describe();
  const workflowTaskFinishEventId = finished?.eventId;
  if (!workflowTaskFinishEventId) throw new Error('a history without a finished task');
  const fresh = await rig.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId,
    requestId: `${runId}-reset`,
    reason: 'a test runs it again',
  });
  return rig.client.workflow.getHandle(workflowId, fresh.runId);
}

interface Effects {
  /** Accounts, documents, mails, meetings, notifications. */
  readonly business: readonly number[];
  readonly openAccounts: number;
  readonly repeatedDeliveries: number;
  readonly audits: number;
  readonly escalations: number;
}

const effectsOf = ({
  accounts,
  documents,
  mails,
  meetings,
  notifications,
  repeatedDeliveries,
  audit,
  escalations,
}: Counts): Effects => ({
  business: [accounts, documents, mails, meetings, notifications].map((each) => each.length),
  openAccounts: accounts.filter(({ state }) => state === 'open').length,
  repeatedDeliveries,
  audits: audit.length,
  escalations: escalations.length,
});
