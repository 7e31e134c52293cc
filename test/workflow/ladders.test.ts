import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../contracts/policy.ts';
import { cancelRequested, failed, failureOf, onboarding, PLAN, says, until } from '../support/cases.ts';
import { fakeRelease, POLICY } from '../support/fake-release.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';

/** Three quarters of a second, in hours: short enough to wait for, long enough to look in between. */
const RUNG = 0.0002;
const RUNG_MS = RUNG * 3_600_000;
const SHORT = [
  { role: 'compliance' as const, hours: RUNG },
  { role: 'operations' as const, hours: RUNG },
];
const ladders: Policy['ladders'] = {
  ...POLICY.ladders,
  proposal: SHORT,
  finding: SHORT,
  exception: [{ role: 'operations', hours: RUNG }],
};

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => {
  spine.reset(fakeRelease({ policy: { ladders } }));
  spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
});

const notices = (caseId: string) =>
  spine.tools.effects
    .filter(({ tool, call }) => tool === 'notifications.post' && call['subjectId'] === caseId)
    .map(({ call }) => [call['channel'], call['message']]);

describe('a request that nobody answers', () => {
  it('reminds at half time, climbs at the deadline of a rung, and is a no at the top (BA-87)', async () => {
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    await until(async () => (await status(handle)).waiting[0]?.role === 'operations');
    expect((await status(handle)).waiting[0]).toMatchObject({
      approval: request.approval,
      digest: request.digest,
      due: request.due,
    });
    expect(await handle.result()).toEqual({
      outcome: 'rejected',
      why: 'Nobody answered whether createAccount may act.',
      leftBehind: [],
    });
    await until(() => notices(handle.workflowId).length === 4);
    expect(notices(handle.workflowId)).toMatchObject([
      ['compliance', expect.stringContaining(' waits: ')],
      ['compliance', expect.stringContaining(' still waits: ')],
      ['operations', expect.stringContaining(' was escalated to you: ')],
      ['operations', expect.stringContaining(' still waits: ')],
    ]);
    expect(spine.tools.order).not.toContain('accounts.create');
    const decision = spine.decisions.find(({ agent }) => agent === 'createAccount');
    expect(decision).toMatchObject({ outcome: 'unanswered', verdict: 'needs-approval', answers: [] });
    expect(decision?.ms).toBeGreaterThanOrEqual(2 * RUNG_MS - 100);
  });

  it('hears no answer after its time', async () => {
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    spine.tools.answer('audit.append', async () => {
      expect(await answer(handle, request, 'approve', 'carla')).toEqual({
        accepted: false,
        decidedBy: 'nobody in time, which is a no',
        why: 'already decided by nobody in time, which is a no',
      });
      return { sequence: 1, hash: 'a'.repeat(64), previous: '0'.repeat(64) };
    });
    expect(await handle.result()).toMatchObject({ outcome: 'rejected' });
    expect(spine.tools.order).toContain('audit.append');
  });

  it('aborts, where it was about a failure', async () => {
    spine.models.reset();
    spine.tools.answer('accounts.create', () => failed('ToolMissing'));
    const handle = await spine.start('onboardCustomer', onboarding());
    expect(await failureOf(handle)).toMatchObject({
      type: 'ToolMissing',
      details: [{ step: 'createAccount', leftBehind: [] }],
    });
  });

  it('about a finding is a no as well', async () => {
    spine.tools.answer('crm.lookup_customer', ({ requestId }) => ({
      requestId,
      found: 'none',
      customer: null,
      candidates: [],
    }));
    const handle = await spine.start('onboardCustomer', onboarding());
    expect(await handle.result()).toMatchObject({
      outcome: 'rejected',
      why: expect.stringContaining('Nobody answered'),
    });
  });
});

describe('a higher rung', () => {
  it('may answer before it is its turn', async () => {
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request.role).toBe('compliance');
    await answer(handle, request, 'approve', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(spine.decisions.find(({ agent }) => agent === 'createAccount')?.answers).toMatchObject([
      { by: 'omar', role: 'operations' },
    ]);
  });

  it('does not keep the first one from answering late', async () => {
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    await until(async () => (await status(handle)).waiting[0]?.role === 'operations');
    expect(await answer(handle, request, 'approve', 'carla')).toEqual({ accepted: true });
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });
});

describe('the deadline of a case', () => {
  const deadlineSeconds = 2;
  const release = () =>
    fakeRelease({ policy: { processes: { ...POLICY.processes, onboardCustomer: { ...limits, deadlineSeconds } } } });
  const limits = { capMicroUsd: 500_000, raiseCeilingMicroUsd: 2_000_000, modelCalls: 18 };
  beforeEach(() => {
    spine.reset(release());
    spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
  });

  it('stands still while it waits for people, and goes on after (ON-1, ON-2)', async () => {
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    const { startedAt } = await status(handle);
    await until(() => Date.now() > Date.parse(startedAt) + deadlineSeconds * 1000 + 200);
    await answer(handle, request, 'approve', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });

  it('still holds after a wait: what is under way is recorded and taken back, and people hear of it', async () => {
    spine.tools.answer('documents.generate', async ({ accountId }) => {
      await until(() => cancelRequested(late));
      return { documentId: `sha256-${'b'.repeat(64)}`, accountId, bytes: 1, pages: 1 };
    });
    const late = await spine.start('onboardCustomer', onboarding());
    await answer(late, await openRequest(late), 'approve', 'carla');
    expect(await failureOf(late)).toMatchObject({
      type: 'DeadlineExceeded',
      message: 'The case was not done within its 2 seconds.',
      details: [{ step: 'writeWelcomeKit', leftBehind: ['a welcome kit'] }],
    });
    expect(spine.tools.order.slice(-3)).toEqual(['accounts.close', 'escalations.open', 'audit.append']);
  });
});
