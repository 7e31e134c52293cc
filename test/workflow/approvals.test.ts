import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenRequest } from '../../contracts/messages.ts';
import { identityAnswer, onboarding, PLAN, says, until } from '../support/cases.ts';
import { answer, openRequest, PEOPLE, type Spine, startSpine, status } from '../support/spine.ts';

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine({ people: structuredClone(PEOPLE) });
});
afterAll(() => spine.stop());
beforeEach(() => {
  spine.reset();
  spine.people.splice(0, spine.people.length, ...structuredClone(PEOPLE));
});

const unsure = (confidence = 0.5, value: Record<string, unknown> = PLAN) =>
  spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(value, confidence) : undefined));

/** A case that waits for a yes to its account. */
async function waitingCase(change: Record<string, unknown> = {}) {
  const handle = await spine.start('onboardCustomer', onboarding(change));
  return { handle, request: await openRequest(handle) };
}

const created = () => spine.tools.effects.filter(({ tool }) => tool === 'accounts.create').map(({ call }) => call);

describe('a proposal below the floor of confidence', () => {
  it('waits for a person with the exact call, and is made as it stands on a yes, without a second model call (BA-87)', async () => {
    unsure();
    const { handle, request } = await waitingCase();
    expect(request).toMatchObject({
      kind: 'proposal',
      role: 'compliance',
      answers: ['approve', 'edit', 'reject'],
      call: { customerId: 'C-1', ...PLAN },
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(created()).toEqual([]);
    expect(await status(handle)).toMatchObject({ steps: [{ agent: 'lookUpCustomer' }, { agent: 'verifyIdentity' }] });
    expect(await answer(handle, request, 'approve', 'carla')).toEqual({ accepted: true });
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(created()).toEqual([request.call]);
    expect(spine.models.calls.filter(({ agent }) => agent === 'createAccount')).toHaveLength(1);
  });

  it('is not asked about at the floor itself', async () => {
    unsure(0.7);
    const handle = await spine.start('onboardCustomer', onboarding());
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });

  it('is answered by Signal as well, and the decision says who, in which role and how (BA-89)', async () => {
    unsure();
    const { handle, request } = await waitingCase();
    await handle.signal('answer', {
      approval: request.approval,
      verdict: 'approve',
      by: 'carla.rossi',
      digest: request.digest.slice(0, 8),
      reason: 'she called',
    });
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    const decision = spine.decisions.find(({ agent }) => agent === 'createAccount');
    expect(decision).toMatchObject({
      outcome: 'done',
      verdict: 'needs-approval',
      rule: 'confidence-floor',
      answers: [
        {
          by: 'carla',
          role: 'compliance',
          via: 'signal',
          identity: 'asserted',
          verdict: 'approve',
          reason: 'she called',
          digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    });
  });

  it('ends the case without an account on a no, and the audit follows', async () => {
    unsure();
    const { handle, request } = await waitingCase();
    await expect(answer(handle, request, 'reject', 'carla')).rejects.toMatchObject({
      cause: { message: 'A rejection needs a reason.' },
    });
    await answer(handle, request, 'reject', 'carla', { reason: 'not our market' });
    expect(await handle.result()).toEqual({
      outcome: 'rejected',
      why: 'compliance rejected what createAccount proposed.',
      leftBehind: [],
    });
    expect(spine.tools.order.filter((tool) => tool !== 'notifications.post')).toEqual([
      'crm.lookup_customer',
      'identity.verify',
      'audit.append',
    ]);
    expect(spine.decisions.find(({ agent }) => agent === 'createAccount')).toMatchObject({
      outcome: 'rejected',
      answers: [{ by: 'carla', verdict: 'reject' }],
    });
  });

  it('shows a command that works as printed', async () => {
    unsure();
    const { handle, request } = await waitingCase();
    const [, id, json] = /--workflow-id (\S+) --name answer --input '(.*)'$/.exec(request.command) ?? [];
    expect(id).toBe(handle.workflowId);
    expect(await handle.executeUpdate('answer', { args: [JSON.parse(json ?? '')] })).toEqual({ accepted: true });
    await handle.result();
  });
});

describe('an edit', () => {
  const edited = async (edit: Record<string, unknown> | undefined) => {
    unsure();
    const waiting = await waitingCase();
    const reply = await answer(waiting.handle, waiting.request, 'edit', 'carla', edit ? { edit } : {}).catch(
      (error: Error) => (error.cause as Error).message,
    );
    return { ...waiting, reply };
  };
  const goOn = async ({
    handle,
    request,
  }: {
    handle: Awaited<ReturnType<typeof waitingCase>>['handle'];
    request: OpenRequest;
  }) => {
    await answer(handle, request, 'approve', 'carla');
    await handle.result();
  };

  it('changes what the model chose, gets a digest of its own, and needs somebody else to say yes to it', async () => {
    const { handle, request, reply } = await edited({ plan: 'starter' });
    expect(reply).toEqual({ accepted: true, why: 'edited; somebody else has to say yes to it' });
    expect(created()).toEqual([]);
    const [now] = (await status(handle)).waiting;
    expect(now).toMatchObject({
      approval: request.approval,
      call: { ...request.call, plan: 'starter' },
      before: request.call,
      barred: ['dario', 'carla'],
      digest: expect.not.stringContaining(request.digest),
    });
    await expect(answer(handle, request, 'approve', 'omar')).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/digest is not that of the open request/) },
    });
    if (!now) throw new Error('nothing is asked');
    await expect(answer(handle, now, 'approve', 'carla')).rejects.toMatchObject({
      cause: { message: 'Nobody says yes to their own edit; somebody else has to.' },
    });
    await answer(handle, now, 'approve', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(created()).toEqual([{ ...request.call, plan: 'starter' }]);
    const given = spine.decisions.find(({ agent }) => agent === 'createAccount')?.answers[0];
    expect(given).toMatchObject({ verdict: 'approve', by: 'omar', digest: now.digest });
    expect(given).not.toHaveProperty('edit');
  });

  it.each([
    ['an argument that the case binds', { customerId: 'C-2' }, /binds customerId/],
    ['a value outside the contract', { plan: 'gold' }, /^plan: /],
    ['an argument that the tool lacks', { discount: 50 }, /discount/],
    [
      'what the whitelist forbids a model too (BA-84)',
      { plan: 'enterprise' },
      /not sold to the segment small-business/,
    ],
    ['nothing', undefined, /needs the changed arguments/],
  ])('of %s is refused, and the case still waits', async (_, edit, why) => {
    const waiting = await edited(edit);
    expect(waiting.reply).toMatch(why);
    expect((await status(waiting.handle)).waiting).toHaveLength(1);
    await goOn(waiting);
    expect(created()).toEqual([waiting.request.call]);
  });

  it('comes before any yes where the model knew no answer, and supplies what is missing', async () => {
    unsure(0, { segment: 'private' });
    const { handle, request } = await waitingCase();
    expect(request).toMatchObject({
      answers: ['edit', 'reject'],
      command: expect.stringContaining('"edit":{"plan":"<plan>"}'),
    });
    await expect(answer(handle, request, 'approve', 'carla')).rejects.toMatchObject({
      cause: { message: 'createAccount-1 takes edit, reject.' },
    });
    await expect(answer(handle, request, 'edit', 'carla', { edit: { segment: 'private' } })).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/^plan: /) },
    });
    await answer(handle, request, 'edit', 'carla', { edit: { plan: 'starter' } });
    const [now] = (await status(handle)).waiting;
    expect(now).toMatchObject({ answers: ['approve', 'edit', 'reject'], missing: [] });
    await answer(handle, now ?? request, 'approve', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(created()).toMatchObject([{ plan: 'starter', segment: 'private' }]);
  });
});

describe('a finding', () => {
  it.each([
    ['an existing customer', { customer: { status: 'active' } }, /is a customer already/],
    ['a watch-list hit', { identity: { match: 'possible-watch-list' } }, /may be on a watch list/],
  ])(
    'of %s stands before the account: go-on goes on, reject ends (BA-87)',
    async (_, { customer = {}, identity = {} }: { customer?: object; identity?: object }, asks) => {
      const find = () =>
        spine.tools
          .answer('crm.lookup_customer', ({ requestId }) => ({
            requestId,
            found: 'one',
            customer: {
              customerId: 'C-1',
              name: 'Ana Novak',
              company: null,
              email: 'ana@north.example',
              status: 'lead',
              ...customer,
            },
            candidates: ['C-1'],
          }))
          .answer('identity.verify', ({ customerId }) => identityAnswer(customerId, { ...identity }));
      find();
      const yes = await waitingCase();
      expect(yes.request).toMatchObject({
        kind: 'finding',
        role: 'compliance',
        answers: ['go-on', 'reject'],
        asks: expect.stringMatching(asks),
        facts: {
          customerId: 'C-1',
          status: 'lead',
          match: 'match',
          validUntil: expect.stringMatching(/^20/),
          ageYears: expect.any(Number),
          ...customer,
          ...identity,
        },
      });
      expect(yes.request.asks).not.toMatch(/Novak/);
      expect(created()).toEqual([]);
      await answer(yes.handle, yes.request, 'go-on', 'carla');
      expect(await yes.handle.result()).toMatchObject({ outcome: 'onboarded' });

      const no = await waitingCase();
      await answer(no.handle, no.request, 'reject', 'omar', { reason: 'no' });
      expect(await no.handle.result()).toMatchObject({
        outcome: 'rejected',
        why: expect.stringMatching(/^operations said no/),
      });
      expect(created()).toHaveLength(1);
    },
  );
});

describe('people', () => {
  it('are told of a request once, by role and without personal data', async () => {
    unsure();
    const { handle, request } = await waitingCase();
    await until(() => spine.tools.effects.some(({ tool }) => tool === 'notifications.post'));
    const [notice] = spine.tools.effects.filter(({ tool }) => tool === 'notifications.post');
    expect(notice?.call).toMatchObject({ subjectId: handle.workflowId, channel: 'compliance' });
    expect(JSON.stringify(notice)).not.toMatch(/Novak|ana@north|X1234567/);
    await answer(handle, request, 'approve', 'carla');
    await handle.result();
  });
});
