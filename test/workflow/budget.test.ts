import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fail } from '../../contracts/failures.ts';
import type { ModelReply } from '../../models/model.ts';
import { down, failed, failureOf, garbage, onboarding, PLAN, says } from '../support/cases.ts';
import { fakeRelease, POLICY } from '../support/fake-release.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';

const WORST = 20_000;
/** What the way out sets aside, and so many calls at their worst. */
const capFor = (calls: number): number => (2 + calls) * WORST;
const dear = { input: 150_000, cacheRead: 0, cacheWrite: 0, output: 10_000 };

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => spine.reset());

/** Every model answer is billed at exactly the worst case. */
const everyCallDear = () =>
  spine.models.reset(({ agent, input }) => {
    const said = agent.rehearse?.(input as Record<string, unknown>);
    return says({ ...said?.arguments }, said?.confidence, dear);
  });

const limits = (change: object) => ({
  policy: {
    processes: {
      onboardCustomer: {
        capMicroUsd: 500_000,
        raiseCeilingMicroUsd: 2_000_000,
        modelCalls: 18,
        deadlineSeconds: 90,
        ...change,
      },
    },
  },
});

describe('a case at its cap', () => {
  const atCap = async () => {
    everyCallDear();
    const handle = await spine.start('onboardCustomer', onboarding({ capMicroUsd: capFor(3) }));
    return { handle, request: await openRequest(handle) };
  };

  it('asks for a named amount before the call that could pass it, and goes on with it (ON-3, BA-85)', async () => {
    const { handle, request } = await atCap();
    expect(request).toMatchObject({ kind: 'budget', role: 'operations', answers: ['raise', 'stop'] });
    expect(request.asks).toContain(
      'writeWelcomeKit could cost $0.02 more; $0.06 of $0.10 are spent in 3 calls. $0.02 more (20000 micro-dollars)',
    );
    expect(spine.models.calls).toHaveLength(3);
    const { budget } = await status(handle);
    expect(budget).toEqual({ capMicroUsd: 100_000, spentMicroUsd: 60_000, reservedMicroUsd: 40_000, calls: 3 });
    await answer(handle, request, 'raise', 'omar', { amountMicroUsd: 4 * WORST });
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect((await status(handle)).budget).toEqual({
      capMicroUsd: 180_000,
      spentMicroUsd: 8 * WORST,
      reservedMicroUsd: 0,
      calls: 8,
    });
  });

  it('takes no amount beyond the ceiling, nor less than it needs', async () => {
    const { handle, request } = await atCap();
    for (const amountMicroUsd of [2_000_000 - capFor(3) + 1, WORST - 1]) {
      await expect(answer(handle, request, 'raise', 'omar', { amountMicroUsd })).rejects.toMatchObject({
        cause: { message: expect.stringMatching(/^The amount must be from 20000/) },
      });
    }
    await answer(handle, request, 'stop', 'omar');
    await handle.result();
  });

  it('stops as over-budget with the account taken back, and reports it with what was set aside (ON-3)', async () => {
    const { handle, request } = await atCap();
    await answer(handle, request, 'stop', 'omar');
    expect(await handle.result()).toEqual({
      outcome: 'over-budget',
      why: 'writeWelcomeKit would have passed the cap of $0.10.',
      leftBehind: [],
    });
    expect(spine.tools.order.filter((tool) => tool !== 'notifications.post').slice(-2)).toEqual([
      'accounts.close',
      'audit.append',
    ]);
    const { budget } = await status(handle);
    expect(budget.spentMicroUsd).toBeLessThanOrEqual(budget.capMicroUsd);
    expect(budget.reservedMicroUsd).toBe(0);
  });

  it('is over budget without asking where people may add nothing more', async () => {
    everyCallDear();
    spine.reset(fakeRelease(limits({ capMicroUsd: capFor(1), raiseCeilingMicroUsd: capFor(1) })));
    everyCallDear();
    const handle = await spine.start('onboardCustomer', onboarding());
    expect(await handle.result()).toMatchObject({
      outcome: 'over-budget',
      why: 'The ceiling of what people may add is reached.',
    });
    expect(spine.models.calls.map(({ agent }) => agent)).toEqual(['lookUpCustomer', 'writeAudit']);
  });
});

describe('the number of model calls', () => {
  it('is capped as well: with money left a person is asked before the next one (ON-5)', async () => {
    spine.reset(fakeRelease(limits({ modelCalls: 5 })));
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request).toMatchObject({ kind: 'budget', asks: expect.stringContaining('and 10 calls?') });
    expect(spine.models.calls).toHaveLength(3);
    await answer(handle, request, 'raise', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });

  it('stops a case whose every step needs all its tries at the policy’s 18', async () => {
    spine.models.reset(({ agent, input }, times) => {
      if (times % 3 !== 0) return garbage;
      const said = agent.rehearse?.(input as Record<string, unknown>);
      return says({ ...said?.arguments }, said?.confidence);
    });
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request).toMatchObject({ kind: 'budget' });
    expect(spine.models.calls).toHaveLength(16);
    await answer(handle, request, 'stop', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'over-budget' });
    expect(spine.models.calls.length).toBeLessThanOrEqual(18);
  });
});

describe('what a call costs', () => {
  const onFirstAccountCall = (reply: ModelReply) =>
    spine.models.reset(({ agent }, times) => (agent.name === 'createAccount' && times === 1 ? reply : undefined));

  it('is its worst case where the answer was lost', async () => {
    onFirstAccountCall({ kind: 'failed', failure: fail('ModelUnavailable', 'stalled'), charge: 'unknown', ms: 1 });
    const handle = await spine.start('onboardCustomer', onboarding());
    await handle.result();
    const { steps, budget } = await status(handle);
    expect(steps.find(({ agent }) => agent === 'createAccount')?.costMicroUsd).toBe(WORST + 150);
    expect(budget).toMatchObject({ spentMicroUsd: WORST + 8 * 150, calls: 9 });
  });

  it('is nothing where it certainly never began', async () => {
    onFirstAccountCall(down);
    const handle = await spine.start('onboardCustomer', onboarding());
    await handle.result();
    expect((await status(handle)).budget).toMatchObject({ spentMicroUsd: 8 * 150, calls: 8 });
  });

  it('is its worst case where the model reports more than it can have used, and the model is taken out', async () => {
    onFirstAccountCall(says(PLAN, 0.95, { ...dear, output: 1_000_000 }));
    const handle = await spine.start('onboardCustomer', onboarding());
    await handle.result();
    expect(spine.models.takenOut).toEqual(['first']);
    expect((await status(handle)).budget).toMatchObject({ spentMicroUsd: WORST + 7 * 150 });
  });
});

describe('with nothing left', () => {
  it('escalation and audit are written all the same, from a fixed template', async () => {
    spine.models.reset(({ agent }) => (['escalate', 'writeAudit'].includes(agent.name) ? garbage : undefined));
    spine.tools.answer('identity.verify', () => failed('WrongSubject'));
    const handle = await spine.start('onboardCustomer', onboarding({ capMicroUsd: capFor(2) }));
    expect(await failureOf(handle)).toMatchObject({ type: 'WrongSubject' });
    expect(spine.tools.order).toEqual(['crm.lookup_customer', 'identity.verify', 'escalations.open', 'audit.append']);
    const { steps } = await status(handle);
    expect(steps.slice(-2)).toMatchObject([
      { agent: 'escalate', outcome: 'done', model: 'none', costMicroUsd: 150 },
      { agent: 'writeAudit', outcome: 'done', model: 'none', costMicroUsd: 150 },
    ]);
    expect(spine.models.calls.filter(({ agent }) => agent === 'escalate')).toHaveLength(1);
  });
});

describe('with what was set aside spent as well', () => {
  it('a report that a person has tried again asks for no more money: it is made without a model', async () => {
    everyCallDear();
    spine.tools.answer('identity.verify', () => failed('WrongSubject'));
    spine.tools.answer('audit.append', (_, times) =>
      times <= 2 ? failed('ToolRejected') : { sequence: 1, hash: 'a'.repeat(64), previous: '0'.repeat(64) },
    );
    const handle = await spine.start('onboardCustomer', onboarding({ capMicroUsd: capFor(2) }));
    const request = await openRequest(handle);
    expect(request).toMatchObject({
      kind: 'exception',
      asks: expect.stringContaining('writeAudit failed with ToolRejected'),
    });
    await answer(handle, request, 'retry', 'omar');
    expect(await failureOf(handle)).toMatchObject({ type: 'WrongSubject' });
    const { budget, steps } = await status(handle);
    expect(budget).toEqual({ capMicroUsd: capFor(2), spentMicroUsd: capFor(2), reservedMicroUsd: 0, calls: 4 });
    expect(steps.at(-1)).toMatchObject({ agent: 'writeAudit', outcome: 'done', model: 'none' });
  });
});

describe('the cap in the input', () => {
  it('lowers the policy’s and never raises it', async () => {
    const cap = async (capMicroUsd: number) => {
      const handle = await spine.start('onboardCustomer', onboarding({ capMicroUsd }));
      await handle.result();
      return (await status(handle)).budget.capMicroUsd;
    };
    expect(await cap(200_000)).toBe(200_000);
    expect(await cap(50_000_000)).toBe(POLICY.processes['onboardCustomer']?.capMicroUsd);
  });

  it('is an invalid input where it does not even pay for the way out', async () => {
    const handle = await spine.start('onboardCustomer', onboarding({ capMicroUsd: 2 * WORST - 1 }));
    expect(await failureOf(handle)).toMatchObject({
      type: 'InvalidInput',
      message: 'The cap is below what reporting the end of a case may cost.',
      nonRetryable: true,
    });
    expect(spine.tools.calls).toEqual([]);
  });
});
