import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, onboarding, PLAN, says } from '../support/cases.ts';
import { answer, openRequest, PEOPLE, type Spine, startSpine } from '../support/spine.ts';

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine({ people: structuredClone(PEOPLE) });
});
afterAll(() => spine.stop());
beforeEach(() => {
  spine.reset();
  spine.people.splice(0, spine.people.length, ...structuredClone(PEOPLE));
  spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
});

/** A case that waits for a yes to its account. */
async function waitingCase() {
  const handle = await spine.start('onboardCustomer', onboarding());
  return { handle, request: await openRequest(handle) };
}

const created = () => spine.tools.effects.filter(({ tool }) => tool === 'accounts.create').map(({ call }) => call);

describe('a yes', () => {
  const withoutCarla = PEOPLE.map((one) => (one.person === 'carla' ? { ...one, roles: ['manager' as const] } : one));

  it('of somebody who has lost the role since they were asked is not taken (EX-22)', async () => {
    const { handle, request } = await waitingCase();
    spine.people.splice(0, spine.people.length, ...withoutCarla);
    expect(await answer(handle, request, 'approve', 'carla')).toEqual({
      accepted: false,
      why: 'Whoever this is may not answer it now: the directory has changed.',
    });
    await answer(handle, request, 'approve', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });

  it('of somebody who loses the role before it is used is asked for again, and the model is not (BA-87)', async () => {
    const { handle, request } = await waitingCase();
    spine.beforeSeal(withoutCarla);
    await answer(handle, request, 'approve', 'carla');
    const again = await openRequest(handle, [request.approval]);
    expect(again).toMatchObject({ kind: 'proposal', call: request.call });
    expect(again.digest).not.toBe(request.digest);
    expect(created()).toEqual([]);
    await answer(handle, again, 'approve', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(created()).toEqual([request.call]);
    expect(spine.models.calls.filter(({ agent }) => agent === 'createAccount')).toHaveLength(1);
  });

  it('that loses its ground a third time is SealBroken, and a person decides', async () => {
    const { handle } = await waitingCase();
    const seen: string[] = [];
    for (let time = 1; time <= 3; time++) {
      const request = await openRequest(handle, seen);
      expect(request.kind).toBe('proposal');
      seen.push(request.approval);
      spine.beforeSeal(withoutCarla);
      await answer(handle, request, 'approve', 'carla');
    }
    const next = await openRequest(handle, seen);
    expect(next).toMatchObject({ kind: 'exception', asks: expect.stringContaining('SealBroken') });
    await answer(handle, next, 'abort', 'omar');
    expect(await failureOf(handle)).toMatchObject({
      type: 'SealBroken',
      details: [{ agent: 'createAccount', leftBehind: [] }],
    });
    expect(created()).toEqual([]);
  });
});
