import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, garbage, identityAnswer, onboarding, PLAN, says } from '../support/cases.ts';
import { answer, openRequest, type Spine, startSpine } from '../support/spine.ts';

const EFFECTS = ['accounts.create', 'documents.generate', 'email.send', 'calendar.book', 'notifications.post'];

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => {
  spine.reset();
  // Each check of an identity has an id of its own, and each answer of a model has other words.
  let checks = 0;
  spine.tools.answer('identity.verify', ({ customerId }) => identityAnswer(customerId, { checkId: `K-${++checks}` }));
  spine.models.reset(({ agent }, times) => {
    if (agent.name === 'createAccount') return says({ ...PLAN, plan: times === 1 ? 'business' : 'starter' });
    return agent.name === 'sendWelcomeEmail'
      ? says({ subject: `Welcome ${times}`, body: `Hello, for the ${times}. time` })
      : undefined;
  });
});

const effects = () => spine.tools.effects.map(({ tool }) => tool).filter((tool) => tool !== 'audit.append');
const lineOf = (handle: WorkflowHandle, agent: string) =>
  spine.decisions.findLast((line) => line.caseId === handle.workflowId && line.agent === agent);

describe('the same case', () => {
  it.each([
    ['again after it has completed', (id: string) => id],
    ['under a second workflow id', (id: string) => `${id}-again`],
  ])('%s does nothing twice, and says what was really done (PF-39, PF-46)', async (_, nextId) => {
    const request = onboarding();
    const first = await spine.start('onboardCustomer', request);
    const result = await first.result();
    const before = lineOf(first, 'createAccount');
    expect(effects()).toEqual(EFFECTS);

    const second = await spine.start('onboardCustomer', request, nextId(first.workflowId));
    expect(await second.result()).toEqual(result);
    expect(effects()).toEqual(EFFECTS);
    expect(lineOf(second, 'createAccount')).toMatchObject({
      outcome: 'done',
      replayed: true,
      callDigest: before?.callDigest,
      call: { plan: 'business', identityCheckId: 'K-1' },
    });
    expect(lineOf(second, 'sendWelcomeEmail')).toMatchObject({ replayed: true });
  });

  it('that fails the second time leaves the account of the first alone, and says so', async () => {
    const request = onboarding();
    await (await spine.start('onboardCustomer', request)).result();
    spine.models.reset(({ agent }) => (agent.name === 'writeWelcomeKit' ? garbage : undefined));
    const second = await spine.start('onboardCustomer', request);
    await answer(second, await openRequest(second), 'abort', 'omar');
    const failure = await failureOf(second);
    expect(failure).toMatchObject({
      type: 'IterationCapReached',
      details: [{ leftBehind: ['an account (of an earlier run)'] }],
    });
    expect(spine.tools.order).not.toContain('accounts.close');
  });

  it('twice at once does nothing twice', async () => {
    const request = onboarding();
    const handles = await Promise.all([
      spine.start('onboardCustomer', request),
      spine.start('onboardCustomer', request),
    ]);
    for (const handle of handles) expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(effects().toSorted()).toEqual(EFFECTS.toSorted());
  });

  it('after a reset to before its account does nothing twice, and reads anew (PF-43)', async () => {
    const handle = await spine.start('onboardCustomer', onboarding());
    await handle.result();
    await resetToBefore(handle, 'createAccount');
    expect(await spine.client.workflow.getHandle(handle.workflowId).result()).toMatchObject({ outcome: 'onboarded' });
    expect(effects()).toEqual(EFFECTS);
    expect(spine.tools.order.filter((tool) => tool === 'accounts.create')).toHaveLength(2);
  });

  it('with another reference is another case', async () => {
    for (const handle of [
      await spine.start('onboardCustomer', onboarding()),
      await spine.start('onboardCustomer', onboarding()),
    ])
      await handle.result();
    expect(effects().toSorted()).toEqual([...EFFECTS, ...EFFECTS].toSorted());
  });
});

describe('a person of another name under the same reference', () => {
  it('gets no account, and the first one’s stays open: the key is known with other arguments (KeyReused)', async () => {
    const request = onboarding();
    await (await spine.start('onboardCustomer', request)).result();
    spine.tools.answer('crm.lookup_customer', ({ requestId }) => ({
      requestId,
      found: 'one',
      customer: { customerId: 'C-2', name: 'Boris Kral', company: null, email: 'boris@north.example', status: 'lead' },
      candidates: ['C-2'],
    }));
    const handle = await spine.start('onboardCustomer', request);
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'KeyReused' } });
    expect(effects().filter((tool) => tool !== 'escalations.open')).toEqual(EFFECTS);
  });
});

/** What `temporal workflow reset` does: the run begins again at the workflow task that scheduled the activity. */
async function resetToBefore(handle: WorkflowHandle, activity: string): Promise<void> {
  const { events } = await handle.fetchHistory();
  const scheduled = events?.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity,
  );
  await spine.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: handle.workflowId },
    reason: 'a test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: scheduled?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId ?? null,
  });
}
