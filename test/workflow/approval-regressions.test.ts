import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Proposal } from '../../contracts/decision.ts';
import { LEGAL_ANSWERS, type OpenRequest } from '../../contracts/messages.ts';
import { byHand, proposal, yes } from '../support/by-hand.ts';
import { failed, onboarding, PLAN, says } from '../support/cases.ts';
import { DIRECTORY, expenseFakes, expenseRelease, lineOf, reportOf } from '../support/expense-cases.ts';
import { fakeRelease } from '../support/fake-release.ts';
import { FakeTools } from '../support/fake-tools.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';

/** Where approvals of others have broken: each of their bugs, tried on ours. */
let spine: Spine;
beforeAll(async () => {
  spine = await startSpine({ people: [...DIRECTORY, { person: 'cleo', roles: ['compliance'], aliases: [] }] });
});
afterAll(() => spine.stop());

/** A case that waits for a yes to its account. */
async function waitingCase(): Promise<{ handle: WorkflowHandle; request: OpenRequest }> {
  spine.reset(fakeRelease());
  spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
  const handle = await spine.start('onboardCustomer', onboarding());
  return { handle, request: await openRequest(handle) };
}

const created = () => spine.tools.effects.filter(({ tool }) => tool === 'accounts.create').map(({ call }) => call);
const tried = () => spine.tools.calls.filter(({ tool }) => tool === 'accounts.create').map(({ call }) => call);
const askedModel = () => spine.models.calls.filter(({ agent }) => agent === 'createAccount').length;
/** What the sender hears, whether it was refused at the door or behind it. */
const heard = (handle: WorkflowHandle, request: OpenRequest, verdict: string, by: string, more: object = {}) =>
  answer(handle, request, verdict, by, more).then(
    (reply) => (reply.accepted ? 'taken' : (reply.why ?? '')),
    (error: Error) => (error.cause as Error).message,
  );

describe('an edit cannot turn a call into one of another tool, past the gate of that one (BA-87)', () => {
  it.each<[string, object, RegExp]>([
    ['the name of a tool', { tool: 'email.send' }, /tool/],
    ['a name and its arguments', { name: 'email.send', args: { to: 'eve@evil.example' } }, /args|name/],
    ['the arguments of another tool', { to: 'eve@evil.example', subject: 's', body: 'b' }, /body|subject|to/],
    ['an argument that names somebody', { customerId: 'C-2' }, /binds customerId/],
    ['what the whitelist keeps from the model', { plan: 'enterprise' }, /not sold/],
  ])('%s', async (_, edit, why) => {
    const { handle, request } = await waitingCase();
    expect(await heard(handle, request, 'edit', 'carla', { edit })).toMatch(why);
    expect((await status(handle)).waiting).toMatchObject([{ call: request.call, digest: request.digest }]);
    await answer(handle, request, 'approve', 'carla');
    await handle.result();
    expect(created()).toEqual([request.call]);
    expect(spine.tools.order.filter((tool) => tool === 'email.send')).toHaveLength(1);
  });

  it('nor by way of a prototype', async () => {
    const { handle, request } = await waitingCase();
    const edit: object = JSON.parse('{"__proto__": {"customerId": "C-2"}, "plan": "starter"}');
    await heard(handle, request, 'edit', 'carla', { edit });
    await answer(handle, await openRequest(handle), 'approve', 'cleo');
    await handle.result();
    expect(created()).toMatchObject([{ customerId: 'C-1', requestId: request.call?.['requestId'] }]);
  });

  it('nor can an activity that somebody starts by hand, with a yes in it, for another tool or another call', async () => {
    const tools = new FakeTools();
    const transplanted: Proposal = { ...proposal, tool: 'email.send', call: { to: 'eve@evil.example' } };
    await expect(byHand(tools, { proposal: transplanted, answer: yes })).rejects.toMatchObject({ type: 'SealBroken' });
    const elsewhere = { ...proposal, tool: 'email.send' };
    await expect(byHand(tools, { proposal: elsewhere, answer: yes })).rejects.toMatchObject({ type: 'ToolMissing' });
    expect(tools.calls).toEqual([]);
  });
});

describe('an agent does not go back to what it proposed before an edit', () => {
  it('when the tool fails and is tried again, by a machine and by a person', async () => {
    const { handle, request } = await waitingCase();
    let down = 3;
    spine.tools.answer('accounts.create', ({ customerId, plan }) => {
      down -= 1;
      if (down > 0) return failed('ToolUnavailable');
      return down === 0
        ? failed('EffectUnknown')
        : { accountId: 'A-1', customerId, plan, openSlots: ['2026-12-01T09:00:00Z', '2026-12-02T14:00:00Z'] };
    });
    await answer(handle, request, 'edit', 'carla', { edit: { plan: 'starter' } });
    await answer(handle, await openRequest(handle), 'approve', 'cleo');
    const exception = await openRequest(handle, [request.approval]);
    expect(exception.kind).toBe('exception');
    await answer(handle, exception, 'retry', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(tried()).toHaveLength(4);
    for (const call of tried()) expect(call).toEqual({ ...request.call, plan: 'starter' });
    expect(askedModel()).toBe(1);
  });

  it('when the edit was edited again: the last one that somebody else agreed to is made, once', async () => {
    const { handle, request } = await waitingCase();
    await answer(handle, request, 'edit', 'carla', { edit: { plan: 'starter' } });
    const first = await openRequest(handle);
    await answer(handle, first, 'edit', 'cleo', { edit: { segment: 'private' } });
    expect(await heard(handle, first, 'approve', 'omar')).toMatch(/digest is not that of the open request/);
    const second = await openRequest(handle);
    expect(await heard(handle, second, 'approve', 'carla')).toMatch(/their own edit/);
    await answer(handle, second, 'approve', 'omar');
    await handle.result();
    expect(created()).toEqual([{ ...request.call, plan: 'starter', segment: 'private' }]);
    expect(askedModel()).toBe(1);
  });
});

describe('a no is the end of it', () => {
  it('the agent is not asked for another proposal, nobody is asked again, and a late yes moves nothing', async () => {
    const { handle, request } = await waitingCase();
    await answer(handle, request, 'reject', 'carla', { reason: 'not our market' });
    const late = { approval: request.approval, verdict: 'approve', by: 'cleo', digest: request.digest };
    // It may be over before that arrives.
    await handle.signal('answer', late).catch(() => undefined);
    expect(await handle.result()).toMatchObject({ outcome: 'rejected' });
    expect(askedModel()).toBe(1);
    expect(created()).toEqual([]);
    expect((await status(handle)).waiting).toEqual([]);
    const told = spine.tools.calls.filter(({ tool }) => tool === 'notifications.post');
    expect(told).toHaveLength(1);
  });

  it('and so is a yes: a later message does not overwrite it, and the same message again counts once', async () => {
    const { handle, request } = await waitingCase();
    const said = { approval: request.approval, by: 'carla', digest: request.digest };
    await handle.signal('answer', { ...said, verdict: 'approve' });
    await handle.signal('answer', { ...said, verdict: 'approve' });
    await handle.signal('answer', { ...said, verdict: 'reject', by: 'cleo', reason: 'too late' });
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(created()).toEqual([request.call]);
    const decision = spine.decisions.find(({ agent }) => agent === 'createAccount');
    expect(decision?.answers).toMatchObject([{ by: 'carla', verdict: 'approve' }]);
  });
});

describe('of several questions that are open together', () => {
  /** A report of five lines, each of which somebody has to look at. */
  async function fiveLines(): Promise<{ handle: WorkflowHandle; open: Map<string, OpenRequest> }> {
    spine.reset(expenseRelease());
    expenseFakes(spine.tools);
    const lines = ['a', 'b', 'c', 'd', 'e'].map((lineId, day) =>
      lineOf(3_000 + day, { lineId, receipt: undefined, date: `2026-02-${String(day * 5 + 1).padStart(2, '0')}` }),
    );
    const handle = await spine.start('approveExpense', reportOf(lines));
    await openRequest(handle);
    const { waiting } = await status(handle);
    return { handle, open: new Map(waiting.map((request) => [String(request.call?.['lineId']), request])) };
  }
  const of = (open: Map<string, OpenRequest>, lineId: string): OpenRequest => {
    const request = open.get(lineId);
    if (!request) throw new Error(`nobody is asked about line ${lineId}`);
    return request;
  };

  it('one no refuses one, and the others go on', async () => {
    const { handle, open } = await fiveLines();
    expect(open.size).toBe(5);
    await answer(handle, of(open, 'c'), 'reject', 'max', { reason: 'no receipt' });
    expect((await status(handle)).waiting).toHaveLength(4);
    for (const lineId of ['a', 'b', 'd', 'e']) await answer(handle, of(open, lineId), 'go-on', 'mia');
    expect(await handle.result()).toMatchObject({
      outcome: 'partly-reimbursed',
      lines: ['a', 'b', 'c', 'd', 'e'].map((lineId) => ({
        lineId,
        decision: lineId === 'c' ? 'refused' : 'reimbursed',
        decidedBy: 'manager',
      })),
    });
  });

  it('each answer is for the one that it names, in whatever order they close, and never for its neighbour', async () => {
    const { handle, open } = await fiveLines();
    await answer(handle, of(open, 'a'), 'reject', 'mia', { reason: 'private' });
    // The list is shorter now, and what was fourth is third; who decides means what they read.
    await answer(handle, of(open, 'd'), 'reject', 'max', { reason: 'not ours' });
    expect(await heard(handle, of(open, 'd'), 'go-on', 'mia')).toBe('already decided by max');
    const crossed = { ...of(open, 'b'), digest: of(open, 'c').digest };
    expect(await heard(handle, crossed, 'go-on', 'mia')).toMatch(/digest is not that of the open request/);
    for (const lineId of ['e', 'c', 'b']) await answer(handle, of(open, lineId), 'go-on', 'mia');
    const { lines } = (await handle.result()) as { lines: { lineId: string; decision: string }[] };
    expect(lines.map(({ lineId, decision }) => `${lineId} ${decision}`)).toEqual([
      'a refused',
      'b reimbursed',
      'c reimbursed',
      'd refused',
      'e reimbursed',
    ]);
  });
});

describe('the gate does not advise: without a yes there is no call', () => {
  it('whatever else is said to the case, in a message of any kind', async () => {
    const { handle, request } = await waitingCase();
    const said = { approval: request.approval, by: 'carla', digest: request.digest };
    const others = Object.values(LEGAL_ANSWERS)
      .flat()
      .filter((verdict) => !LEGAL_ANSWERS.proposal.includes(verdict));
    for (const verdict of [...new Set(others), 'approved', 'APPROVE', 'yes', 'true', true, null, ['approve']])
      await handle.signal('answer', { ...said, verdict });
    await handle.signal('answer', { ...said, verdict: 'approve', approval: 'createAccount-2' });
    await handle.signal('answer', { ...said, verdict: 'approve', by: 'dario' });
    await handle.signal('answer', { ...said, verdict: 'approve', by: 'mia' });
    await handle.signal('answer', { ...said, verdict: 'approve', digest: '0'.repeat(64) });
    for (const verdict of ['claim', 'release', 'ask-info'])
      await handle.signal('answer', { ...said, verdict, reason: 'why?' });
    expect((await status(handle)).waiting).toMatchObject([{ digest: request.digest, yeses: [] }]);
    expect(tried()).toEqual([]);
    await answer(handle, request, 'approve', 'carla');
    await handle.result();
    expect(created()).toEqual([request.call]);
  });

  it('and an activity that somebody starts by hand with the proposal, and no yes, comes back sealed', async () => {
    const tools = new FakeTools();
    expect(await byHand(tools, { proposal })).toMatchObject({
      outcome: 'sealed',
      sealed: { verdict: { kind: 'needs-approval', rule: 'confidence-floor' } },
    });
    expect(tools.calls).toEqual([]);
  });

  it('and one with a yes of somebody who is nobody here, or in a role that is not theirs, moves nothing', async () => {
    const tools = new FakeTools();
    for (const forged of [{ by: 'eve' }, { role: 'director' as const }, { by: 'mia' }])
      await expect(byHand(tools, { proposal, answer: { ...yes, ...forged } })).rejects.toMatchObject({
        type: 'SealBroken',
      });
    expect(tools.calls).toEqual([]);
  });
});
