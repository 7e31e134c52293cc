import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { down, failureOf, onboarding } from '../support/cases.ts';
import { fakeRelease } from '../support/fake-release.ts';
import { answer, openRequest, type Spine, startSpine } from '../support/spine.ts';
import { ticketMessage, ticketRelease } from '../support/ticket-cases.ts';

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => spine.reset(fakeRelease({ patienceMs: 1000 })));

const askedFor = (name: string) => spine.models.calls.filter(({ agent }) => agent === name).map(({ model }) => model);

describe('a model that is down', () => {
  it('is followed by the next one in the next attempt, and the decision says which answered (MC-66)', async () => {
    spine.models.reset(({ agent }, _, model) =>
      agent.name === 'lookUpCustomer' && model === 'first' ? down : undefined,
    );
    const handle = await spine.start('onboardCustomer', onboarding());
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(askedFor('lookUpCustomer')).toEqual(['first', 'second']);
    expect(spine.decisions.find(({ agent }) => agent === 'lookUpCustomer')).toMatchObject({
      model: 'second',
      modelCalls: 1,
    });
  });

  it('is never replaced where the stakes are high: a person decides, and the case goes on when it is back (MC-67)', async () => {
    let up = false;
    spine.models.reset(({ agent }) => (agent.name === 'verifyIdentity' && !up ? down : undefined));
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request).toMatchObject({
      kind: 'exception',
      role: 'operations',
      answers: ['retry', 'abort'],
      asks: expect.stringContaining('ModelUnavailable'),
    });
    expect(new Set(askedFor('verifyIdentity'))).toEqual(new Set(['first']));
    up = true;
    await answer(handle, request, 'retry', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(new Set(askedFor('verifyIdentity'))).toEqual(new Set(['first']));
  });
});

describe('a message that only a person could sort otherwise', () => {
  const route = async (script: Parameters<typeof spine.models.reset>[0]) => {
    spine.reset(ticketRelease());
    spine.models.reset(script);
    return (await spine.start('routeTicket', ticketMessage())).result();
  };

  it('is read by the next model where the first is busy for a moment (MC-66, TR-32)', async () => {
    const ended = await route(({ agent }, _, model) =>
      agent.name === 'classifyTicket' && model === 'first' ? down : undefined,
    );
    expect(ended).toMatchObject({ outcome: 'routed', queue: 'transfers' });
    expect(askedFor('classifyTicket')).toEqual(['first', 'second']);
  });

  it('goes before one where every model is down, after one call of each', async () => {
    const ended = await route(({ agent }) => (agent.name === 'classifyTicket' ? down : undefined));
    expect(ended).toMatchObject({ outcome: 'triage', rule: 'not-read' });
    expect(askedFor('classifyTicket')).toEqual(['first', 'second']);
  });
});

describe('with every provider dead', () => {
  it('escalation and audit finish, without a model and without waiting for one (ON-7, BA-88)', async () => {
    spine.models.reset(() => down);
    const handle = await spine.start('onboardCustomer', onboarding());
    await answer(handle, await openRequest(handle), 'abort', 'omar');
    expect(await failureOf(handle)).toMatchObject({
      type: 'ModelUnavailable',
      details: [{ agent: 'lookUpCustomer', step: 'lookUpCustomer', leftBehind: [] }],
    });
    expect(spine.tools.order.filter((tool) => tool !== 'notifications.post')).toEqual([
      'escalations.open',
      'audit.append',
    ]);
    expect(spine.tools.effects.find(({ tool }) => tool === 'escalations.open')?.call).toMatchObject({
      failureType: 'ModelUnavailable',
      queue: 'platform-ops',
    });
    expect(spine.decisions.slice(-2)).toMatchObject([
      { agent: 'escalate', outcome: 'done', model: 'none', modelCalls: 0, costMicroUsd: 0 },
      { agent: 'writeAudit', outcome: 'done', model: 'none', modelCalls: 0, costMicroUsd: 0 },
    ]);
  });

  it.each([
    ['high', 'verifyIdentity'],
    ['normal', 'lookUpCustomer'],
  ])(
    'and back within the patience of a step of %s stakes, nobody is bothered: its own model is waited for',
    async (_, agent) => {
      spine.reset(fakeRelease({ patienceMs: 5000 }));
      let isOut = false;
      spine.models.reset((request) => {
        if (request.agent.name !== agent || isOut) return undefined;
        isOut = true;
        spine.models.rest(700);
        return down;
      });
      const handle = await spine.start('onboardCustomer', onboarding());
      expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
      expect(askedFor(agent)[0]).toBe('first');
      expect(askedFor(agent)).toHaveLength(2);
      expect(spine.decisions.flatMap(({ answers }) => answers)).toEqual([]);
    },
  );

  it('and away for longer than a step has patience, a person hears so at once', async () => {
    spine.reset(fakeRelease({ patienceMs: 30_000 }));
    spine.models.rest(60_000);
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request.asks).toBe(
      'lookUpCustomer failed with ModelUnavailable: Every model of tier fast that lookUpCustomer may ask rests for a moment.',
    );
    spine.models.rest(0);
    await answer(handle, request, 'retry', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });

  it('and none that may even be asked, the person hears so at once (NoModelLeft)', async () => {
    spine.models.reset(() => undefined, []);
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request.asks).toBe(
      'lookUpCustomer failed with NoModelLeft: No model of tier fast may be asked for lookUpCustomer now.',
    );
    await answer(handle, request, 'abort', 'omar');
    expect(await failureOf(handle)).toMatchObject({ type: 'NoModelLeft' });
    expect(spine.tools.order).toContain('audit.append');
  });
});
