import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, onboarding, PLAN, says } from '../support/cases.ts';
import { fakeRelease } from '../support/fake-release.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => spine.reset(fakeRelease({ patienceMs: 1000 })));

describe('an error that nobody foresaw', () => {
  it('is retried, then a person decides; its text stays out of history, and what was paid is known (InternalError)', async () => {
    spine.tools.answer('accounts.create', () => {
      throw new TypeError('cannot read X1234567 of Ana');
    });
    const handle = await spine.start(
      'onboardCustomer',
      onboarding({
        message: 'Business plan please, ana@north.example',
        document: 'PASSPORT No. Y7654321, Name: A. Novak, born 4 May 1990',
      }),
    );
    const request = await openRequest(handle);
    expect(request.asks).toBe(
      'createAccount failed with InternalError: An activity failed in a way that nobody foresaw.',
    );
    await answer(handle, request, 'abort', 'omar');
    expect(await failureOf(handle)).toMatchObject({
      type: 'InternalError',
      details: [{ error: 'TypeError', step: 'createAccount' }],
    });
    expect(JSON.stringify((await handle.fetchHistory()).events?.map(String))).not.toContain('X1234567');
    expect(spine.tools.order.filter((tool) => tool === 'accounts.create').length).toBeGreaterThan(1);
    expect(spine.models.calls.filter(({ agent }) => agent === 'createAccount')).toHaveLength(1);
    expect((await status(handle)).budget).toMatchObject({ spentMicroUsd: 5 * 150, reservedMicroUsd: 0 });
  });
});

describe('a result', () => {
  it('that history could not hold is not returned, and the model is not paid for it again (ResultTooLarge)', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `${index}-${'c'.repeat(12_000)}`);
    spine.tools.answer('crm.lookup_customer', ({ requestId }) => ({
      requestId,
      found: 'several',
      customer: null,
      candidates: names,
    }));
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request.asks).toContain('ResultTooLarge');
    await answer(handle, request, 'abort', 'omar');
    expect(await failureOf(handle)).toMatchObject({ type: 'ResultTooLarge', details: [{ limit: 200_000 }] });
    expect(spine.models.calls.filter(({ agent }) => agent === 'lookUpCustomer')).toHaveLength(1);
  });
});

describe('a message that no code can decode', () => {
  it.each(['answer', 'amend'])('as Signal %s does not wedge the run', async (signalName) => {
    spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    await spine.client.workflowService.signalWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId },
      signalName,
      input: { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"approval": ') }] },
    });
    await answer(handle, request, 'approve', 'carla');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });
});
