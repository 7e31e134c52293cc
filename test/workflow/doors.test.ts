import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { customerAnswer, failureOf, identityAnswer, onboarding, PLAN, says } from '../support/cases.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => spine.reset());

const amend = (handle: WorkflowHandle, amendment: unknown) =>
  handle.executeUpdate<void, [unknown]>('amend', { args: [amendment] });
const count = (tool: string) => spine.tools.order.filter((name) => name === tool).length;

describe('a run', () => {
  it('of a type that nobody knows fails at once and says which there are', async () => {
    const handle = await spine.start('onboardCustomers', onboarding());
    expect(await failureOf(handle)).toMatchObject({
      type: 'UnknownWorkflow',
      message: expect.stringMatching(/^No workflow is called onboardCustomers\. Known: onboardCustomer\b.*\.$/),
      nonRetryable: true,
    });
  });

  it.each([
    ['nothing', undefined, /^The input cannot be taken\. input: /],
    ['a word', 'please', /^The input cannot be taken\. input: /],
    ['a missing document', onboarding({ document: undefined }), /document: /],
    ['a reference that is none', onboarding({ requestId: '; drop' }), /requestId: 3 to 64 letters/],
    ['more text than a case may carry', onboarding({ message: 'x'.repeat(20_001) }), /message: /],
    ['a field that does not exist', onboarding({ approved: true }), /approved/],
    ['a cap of nothing', onboarding({ capMicroUsd: 0 }), /capMicroUsd: /],
  ])('with %s for an input fails at once, in words for its caller', async (_, input, message) => {
    const handle = await spine.start('onboardCustomer', input);
    expect(await failureOf(handle)).toMatchObject({
      type: 'InvalidInput',
      message: expect.stringMatching(message),
      nonRetryable: true,
    });
    expect(spine.tools.calls).toEqual([]);
  });
});

describe('a better document', () => {
  it('sent during a gate takes the question back, is checked anew, and makes one account', async () => {
    spine.tools.answer('identity.verify', ({ customerId, number }) =>
      identityAnswer(customerId, { match: number === 'Y7654321' ? 'match' : 'possible-watch-list' }),
    );
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    await amend(handle, { document: 'PASSPORT No. Y7654321\nName: Ana Novak\nDate of birth: 4 May 1990' });
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect([count('identity.verify'), count('accounts.create')]).toEqual([2, 1]);
    expect(await answer(handle, request, 'go-on', 'carla').catch((error: Error) => error.message)).toMatch(/completed/);
  });

  it('that is no better meets the gate again: nobody’s amendment is a yes (BA-87)', async () => {
    spine.tools.answer('identity.verify', ({ customerId }) =>
      identityAnswer(customerId, { match: 'possible-watch-list' }),
    );
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    await handle.signal('amend', { message: 'Please hurry. Ana Novak (ana@north.example)' });
    const again = await openRequest(handle, [request.approval]);
    expect(again).toMatchObject({ kind: 'finding' });
    expect(count('accounts.create')).toBe(0);
    expect(await answer(handle, request, 'go-on', 'carla')).toEqual({
      accepted: false,
      why: 'the question was taken back',
    });
    await answer(handle, again, 'reject', 'carla', { reason: 'no' });
    expect(await handle.result()).toMatchObject({ outcome: 'rejected' });
  });

  it('sent while a proposal waits has the model propose anew, and the old yes is worth nothing', async () => {
    spine.models.reset(({ agent }, times) =>
      agent.name === 'createAccount' ? says({ ...PLAN, plan: times === 1 ? 'starter' : 'business' }, 0.5) : undefined,
    );
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    await handle.signal('amend', { message: 'Make it the business plan. Ana Novak (ana@north.example)' });
    const { approval, digest } = request;
    await handle.signal('answer', { approval, verdict: 'approve', by: 'carla', digest });
    const again = await openRequest(handle, [request.approval]);
    expect(again).toMatchObject({ kind: 'proposal', call: { plan: 'business' } });
    await answer(handle, again, 'approve', 'carla');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(spine.tools.effects.filter(({ tool }) => tool === 'accounts.create')).toMatchObject([
      { call: { plan: 'business' } },
    ]);
  });

  it('that is none is refused by Update and ignored by Signal; the question stands', async () => {
    spine.tools.answer('crm.lookup_customer', ({ requestId }) => customerAnswer(requestId, { status: 'active' }));
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    for (const bad of [{}, null, undefined, { document: '' }, { requestId: 'R-9' }, { document: 'x'.repeat(20_001) }]) {
      await expect(amend(handle, bad)).rejects.toMatchObject({ cause: { type: 'InvalidInput' } });
      await handle.signal('amend', bad);
    }
    expect((await status(handle)).waiting).toMatchObject([{ approval: request.approval }]);
    await answer(handle, request, 'go-on', 'carla');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });
});

describe('a lookup that does not find one customer', () => {
  const finds = (...found: readonly ('none' | 'several' | 'one')[]) =>
    spine.tools.answer('crm.lookup_customer', ({ requestId }, times) => {
      const what = found[times - 1] ?? 'none';
      return what === 'one'
        ? customerAnswer(requestId)
        : { requestId, found: what, customer: null, candidates: what === 'several' ? ['C-1', 'C-2'] : [] };
    });

  it('has a person put the data right, and looks again', async () => {
    finds('none', 'several', 'one');
    const handle = await spine.start('onboardCustomer', onboarding());
    const first = await openRequest(handle);
    expect(first).toMatchObject({ kind: 'finding', asks: expect.stringContaining('holds nobody who fit') });
    await answer(handle, first, 'go-on', 'carla');
    const second = await openRequest(handle, [first.approval]);
    expect(second.asks).toContain('holds 2 customers who fit');
    await answer(handle, second, 'go-on', 'carla');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(
      new Set(spine.tools.calls.filter(({ tool }) => tool === 'crm.lookup_customer').map(({ key }) => key)).size,
    ).toBe(3);
  });

  it('is repeated as often as the policy says, and then ends the case without asking for more', async () => {
    finds('none', 'none', 'none', 'one');
    const handle = await spine.start('onboardCustomer', onboarding());
    const first = await openRequest(handle);
    await answer(handle, first, 'go-on', 'carla');
    await answer(handle, await openRequest(handle, [first.approval]), 'go-on', 'carla');
    expect(await handle.result()).toEqual({
      outcome: 'rejected',
      why: 'The customer was not found in 3 lookups.',
      leftBehind: [],
    });
    expect(count('crm.lookup_customer')).toBe(3);
  });
});
