import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Failed, fail } from '../../contracts/failures.ts';
import type { ModelReply } from '../../models/model.ts';
import { failed, failureOf, garbage, onboarding, PLAN, says } from '../support/cases.ts';
import { fakeRelease } from '../support/fake-release.ts';
import { usage } from '../support/scripted-models.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => spine.reset());

/** The replies to one agent, in order; after them it answers as rehearsed. */
const replies = (name: string, ...list: readonly ModelReply[]) =>
  spine.models.reset(({ agent }, times) => (agent.name === name ? list[times - 1] : undefined));
const always = (name: string, reply: ModelReply) =>
  spine.models.reset(({ agent }) => (agent.name === name ? reply : undefined));
const callsOf = (name: string) => spine.models.calls.filter(({ agent }) => agent === name);
const made = (tool: string) => spine.tools.calls.filter((call) => call.tool === tool);

describe('an answer that is no valid call', () => {
  it.each([
    ['values outside the contract', says({ plan: 'gold-SECRET', segment: 'private' }), /plan: /],
    ['arguments that the case binds', says({ ...PLAN, customerId: 'C-666-SECRET' }), /customerId/],
    ['arguments that the tool lacks', says({ ...PLAN, SECRETly: true }), /SECRETly/],
    [
      'a second call beside the first',
      { kind: 'invalid', why: 'Two tools were called; call one.', usage, ms: 1 } as const,
      /Two tools were called/,
    ],
    [
      'a call of another tool (ON-9, SR-50)',
      { kind: 'invalid', why: 'email.send is not the tool.', usage, ms: 1 } as const,
      /not the tool/,
    ],
    ['a refusal', { kind: 'refused', why: 'The model refused to answer.', usage, ms: 1 } as const, /refused/],
  ])('of %s is told to the model, which answers again; nothing was called', async (_, first, complaint) => {
    replies('createAccount', first);
    const handle = await spine.start('onboardCustomer', onboarding());
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    const [, second] = callsOf('createAccount');
    expect(second?.user).toMatch(/Your last answer was not accepted/);
    expect(second?.user).toMatch(complaint);
    expect(second?.user).not.toMatch(/gold|C-666/);
    expect(callsOf('createAccount')).toHaveLength(2);
    expect(made('accounts.create')).toMatchObject([{ call: { customerId: 'C-1' } }]);
    expect(spine.decisions.find(({ agent }) => agent === 'createAccount')).toMatchObject({
      outcome: 'done',
      modelCalls: 2,
      costMicroUsd: 300,
    });
  });

  it('may come as often as the iterations say and no more: then a person is asked (BA-83)', async () => {
    always('bookFollowUp', garbage);
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request).toMatchObject({
      kind: 'exception',
      asks: 'bookFollowUp failed with IterationCapReached: bookFollowUp made its 3 model calls without a usable answer.',
    });
    expect(callsOf('bookFollowUp')).toHaveLength(3);
    await answer(handle, request, 'retry', 'omar');
    const again = await openRequest(handle, [request.approval]);
    expect(callsOf('bookFollowUp')).toHaveLength(6);
    await answer(handle, again, 'skip', 'omar');
    expect(await handle.result()).toEqual({ outcome: 'onboarded', accountId: 'A-1' });
    expect(made('calendar.book')).toEqual([]);
    expect(spine.decisions.find(({ agent }) => agent === 'bookFollowUp')).toMatchObject({
      outcome: 'skipped',
      modelCalls: 6,
      answers: [{ verdict: 'retry' }, { verdict: 'skip' }],
    });
  });

  it('goes on under a second reservation, with the complaint, where the first is used up (AllowanceSpent)', async () => {
    replies('createAccount', garbage, says({ plan: 'gold' }));
    const handle = await spine.start('onboardCustomer', onboarding());
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(callsOf('createAccount')).toHaveLength(3);
    expect(callsOf('createAccount')[2]?.user).toMatch(/plan: /);
    const { events } = await handle.fetchHistory();
    const scheduled = events?.filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'createAccount',
    );
    expect(scheduled).toHaveLength(2);
    expect(JSON.stringify(events)).toContain('AllowanceSpent');
  });
});

describe('a call that the tool refuses', () => {
  it('goes back to the model without a word of the tool’s (ON-13)', async () => {
    spine.tools.answer('accounts.create', ({ customerId, plan }, times) =>
      times === 1
        ? new Failed(fail('ToolRejected', 'SECRET of the tool', { row: 'SECRET' }))
        : { accountId: 'A-1', customerId, plan, openSlots: ['2026-12-01T09:00:00Z'] },
    );
    const handle = await spine.start('onboardCustomer', onboarding());
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    const [, second] = callsOf('createAccount');
    expect(second?.user).toMatch(/accounts.create refused the arguments/);
    expect(second?.user).not.toMatch(/SECRET/);
  });

  it.each([
    { requestId: 'onb-1', reason: 'the request was closed and opens no account' },
    { fields: ['customerId', 'requestId'] },
  ])('is a person’s matter at once where it blames nothing that the model chose: %o', async (details) => {
    spine.tools.answer('accounts.create', () => new Failed(fail('ToolRejected', 'It refused the call.', details)));
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request.asks).toBe('createAccount failed with ToolRejected: It refused the call.');
    expect([callsOf('createAccount').length, made('accounts.create').length]).toEqual([1, 1]);
    await answer(handle, request, 'abort', 'omar');
    expect(await failureOf(handle)).toMatchObject({ type: 'ToolRejected', details: [{ ...details, leftBehind: [] }] });
  });

  it.each([{ fields: ['plan', 'customerId'] }, { plan: 'starter', customerId: 'C-1' }, { fields: ['$'] }, {}])(
    'goes back to the model where it may blame what the model chose: %o',
    async (details) => {
      spine.tools.answer('accounts.create', () => new Failed(fail('ToolRejected', 'It refused the call.', details)));
      const handle = await spine.start('onboardCustomer', onboarding());
      const request = await openRequest(handle);
      expect(request.asks).toContain('IterationCapReached');
      expect(callsOf('createAccount')).toHaveLength(3);
      await answer(handle, request, 'abort', 'omar');
      await handle.result().catch(() => undefined);
    },
  );

  it('is a person’s matter once the iterations are used up, and no effect of the step is left', async () => {
    spine.tools.answer('accounts.create', () => failed('ToolRejected'));
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request.asks).toContain('IterationCapReached');
    expect(made('accounts.create')).toHaveLength(3);
    await answer(handle, request, 'abort', 'omar');
    expect(await failureOf(handle)).toMatchObject({
      type: 'IterationCapReached',
      details: [{ agent: 'createAccount', leftBehind: [] }],
    });
    expect(spine.tools.order).not.toContain('accounts.close');
  });
});

describe('a call that the whitelist forbids', () => {
  it('is not made: ProposalRefused, a person decides, and the decision names the rule (BA-84)', async () => {
    always('createAccount', says({ plan: 'enterprise', segment: 'private' }));
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request).toMatchObject({ kind: 'exception', asks: expect.stringContaining('ProposalRefused') });
    await answer(handle, request, 'abort', 'omar');
    expect(await failureOf(handle)).toMatchObject({
      type: 'ProposalRefused',
      details: [{ agent: 'createAccount', tool: 'accounts.create', rule: 'whitelist', leftBehind: [] }],
    });
    expect(made('accounts.create')).toEqual([]);
    expect(spine.decisions.find(({ agent }) => agent === 'createAccount')).toMatchObject({
      outcome: 'failed',
      verdict: 'refused',
      rule: 'whitelist',
    });
  });

  it('is not made where it points out of the house either', async () => {
    always('sendWelcomeEmail', says({ subject: 'Welcome', body: 'Confirm at https://evil.example/login' }));
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    await answer(handle, request, 'skip', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(made('email.send')).toEqual([]);
    expect(spine.decisions.find(({ agent }) => agent === 'sendWelcomeEmail')).toMatchObject({
      outcome: 'skipped',
      rule: 'outgoing-link',
    });
  });
});

describe('a request', () => {
  it('of more bytes than are priced in is never sent (RequestTooLong)', async () => {
    const release = fakeRelease();
    const pins = Object.entries(release.agents).map(([name, pin]) => [
      name,
      { ...pin, maxInputBytes: name === 'createAccount' ? 500 : pin.maxInputBytes },
    ]);
    spine.reset({ ...release, agents: Object.fromEntries(pins) });
    const handle = await spine.start(
      'onboardCustomer',
      onboarding({ message: `I am Ana Novak. ${'We need the business plan. '.repeat(50)}` }),
    );
    const request = await openRequest(handle);
    await answer(handle, request, 'abort', 'omar');
    expect(await failureOf(handle)).toMatchObject({
      type: 'RequestTooLong',
      details: [{ agent: 'createAccount', maxInputBytes: 500 }],
    });
    expect(callsOf('createAccount')).toEqual([]);
    expect((await status(handle)).budget).toMatchObject({ reservedMicroUsd: 0 });
  });
});
