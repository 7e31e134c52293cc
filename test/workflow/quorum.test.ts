import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Failed, fail } from '../../contracts/failures.ts';
import { onboarding, says } from '../support/cases.ts';
import { fakeRelease } from '../support/fake-release.ts';
import { answer, openRequest, PEOPLE, type Spine, startSpine, status } from '../support/spine.ts';

const WORST = 20_000;
const TWO = [{ role: 'operations' as const, hours: 4, needed: 2 }];
const dear = { input: 150_000, cacheRead: 0, cacheWrite: 0, output: 10_000 };

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine({ people: [...PEOPLE, { person: 'olga', roles: ['operations'], aliases: [] }] });
});
afterAll(() => spine.stop());
beforeEach(() => {
  const { ladders } = fakeRelease().policy;
  spine.reset(fakeRelease({ policy: { ladders: { ...ladders, budget: TWO, exception: TWO } } }));
});

/** A case that is at its cap after three calls. */
async function atCap() {
  spine.models.reset(({ agent, input }) => {
    const said = agent.rehearse?.(input as Record<string, unknown>);
    return says({ ...said?.arguments }, said?.confidence, dear);
  });
  const handle = await spine.start('onboardCustomer', onboarding({ capMicroUsd: 5 * WORST }));
  return { handle, request: await openRequest(handle) };
}

describe('where two have to agree to more money', () => {
  it('one is not enough, and the lesser of both sums is what both have agreed to (BA-87)', async () => {
    const { handle, request } = await atCap();
    expect(request).toMatchObject({ kind: 'budget', needed: 2 });
    expect(await answer(handle, request, 'raise', 'omar', { amountMicroUsd: 8 * WORST })).toEqual({
      accepted: true,
      why: '1 of 2 have said yes',
    });
    expect((await status(handle)).budget.capMicroUsd).toBe(5 * WORST);
    await answer(handle, request, 'raise', 'olga', { amountMicroUsd: 4 * WORST });
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect((await status(handle)).budget.capMicroUsd).toBe(9 * WORST);
  });

  it('one stop is enough', async () => {
    const { handle, request } = await atCap();
    await answer(handle, request, 'raise', 'omar');
    await answer(handle, request, 'stop', 'olga');
    expect(await handle.result()).toMatchObject({ outcome: 'over-budget' });
  });
});

describe('where two have to agree on a failure', () => {
  it('they have to say the same, and then it is tried again (BA-87)', async () => {
    spine.tools.answer('email.send', (_, times) =>
      times <= 4
        ? new Failed(fail('ToolUnavailable', 'down'))
        : { messageId: 'm-1', acceptedAt: new Date().toISOString() },
    );
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request).toMatchObject({ kind: 'exception', answers: ['retry', 'skip', 'abort'] });
    await answer(handle, request, 'retry', 'omar');
    expect(await answer(handle, request, 'skip', 'olga')).toEqual({
      accepted: false,
      why: 'omar has said retry: say that as well, or no.',
    });
    expect((await status(handle)).waiting).toHaveLength(1);
    await answer(handle, request, 'retry', 'olga');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });
});
