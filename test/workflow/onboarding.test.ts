import { WorkflowFailedError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failed, fail } from '../../contracts/failures.ts';
import { identityAnswer, onboarding } from '../support/cases.ts';
import { FakeTools } from '../support/fake-tools.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';

const request = onboarding({ requestId: 'R-1001' });

const CLEAN = [
  'crm.lookup_customer',
  'identity.verify',
  'accounts.create',
  'documents.generate',
  'email.send',
  'calendar.book',
  'notifications.post',
  'audit.append',
];

describe('a clean onboarding, on tools and models that are fakes (PF-44, WS-72)', () => {
  let spine: Spine;
  beforeAll(async () => {
    spine = await startSpine();
  });
  afterAll(() => spine.stop());

  it('does its eight steps in order, one model call and one tool call each (ON-5, ON-7, ON-15, WD-54)', async () => {
    const handle = await spine.start('onboardCustomer', request);
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded', accountId: 'A-1' });
    expect(spine.tools.order).toEqual(CLEAN);
    expect(spine.models.calls).toHaveLength(8);
    const { budget, steps, outcome } = await status(handle);
    expect(outcome).toBe('onboarded');
    expect(steps.map(({ outcome: end }) => end)).toEqual(Array(8).fill('done'));
    expect(budget).toMatchObject({ calls: 8, reservedMicroUsd: 0, spentMicroUsd: 8 * 150 });
  });

  it('records one decision a step, with nothing personal in it (WD-55, OB-95)', async () => {
    const handle = await spine.start('onboardCustomer', { ...request, requestId: 'R-1002' });
    await handle.result();
    const lines = spine.decisions.filter(({ caseId }) => caseId === handle.workflowId);
    expect(lines.map(({ agent }) => agent)).toEqual([
      'lookUpCustomer',
      'verifyIdentity',
      'createAccount',
      'writeWelcomeKit',
      'sendWelcomeEmail',
      'bookFollowUp',
      'routeNotification',
      'writeAudit',
    ]);
    for (const line of lines)
      expect(line).toMatchObject({
        verdict: 'allowed',
        prompt: expect.stringContaining('v1'),
        confidence: expect.any(Number),
      });
    expect(JSON.stringify(lines)).not.toMatch(/Novak|ana@north|X1234567|1990-05|May 1990/);
  });
});

describe('an onboarding that meets bad data', () => {
  const badIdentity = async (change: Record<string, unknown>) => {
    const tools = new FakeTools().answer('identity.verify', ({ customerId }) => identityAnswer(customerId, change));
    const spine = await startSpine({ tools });
    try {
      const handle = await spine.start('onboardCustomer', request);
      const error = await handle.result().catch((raised: unknown) => raised);
      return { error, spine, status: await status(handle) };
    } finally {
      await spine.stop();
    }
  };

  it('stops at agent two with the exact message when a cached check of another customer comes back (ON-8, ON-11, ON-12)', async () => {
    const {
      error,
      spine,
      status: end,
    } = await badIdentity({ subjectId: 'C-9', checkedAt: '2026-01-01T00:00:00Z', origin: 'cache' });
    expect(error).toBeInstanceOf(WorkflowFailedError);
    const cause = (error as WorkflowFailedError).cause as ApplicationFailure;
    expect(cause).toMatchObject({
      type: 'StaleData',
      message: 'Identity verification returned cached data; timestamp mismatch detected.',
      nonRetryable: true,
    });
    expect(cause.details?.[0]).toMatchObject({
      asked: { subject: 'C-1' },
      got: { subject: 'C-9', checkedAt: '2026-01-01T00:00:00Z' },
      agent: 'verifyIdentity',
      tool: 'identity.verify',
    });
    expect(spine.tools.order).toEqual(['crm.lookup_customer', 'identity.verify', 'escalations.open', 'audit.append']);
    expect(end).toMatchObject({ outcome: 'failed' });
  });

  it('has the cause in one record, and not in a transcript (ON-6, SR-51)', async () => {
    const { spine } = await badIdentity({ subjectId: 'C-9', checkedAt: '2026-01-01T00:00:00Z', origin: 'cache' });
    const failed = spine.decisions.filter(({ outcome }) => outcome === 'failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({
      step: 'verifyIdentity',
      tool: 'identity.verify',
      failure: {
        type: 'StaleData',
        message: 'Identity verification returned cached data; timestamp mismatch detected.',
      },
    });
    expect(JSON.stringify(failed[0]).length).toBeLessThan(2000);
  });

  it('does not let later prompts see what failed (ON-13)', async () => {
    const { spine } = await badIdentity({ subjectId: 'C-9', checkedAt: '2026-01-01T00:00:00Z' });
    const later = spine.models.calls.slice(2).map(({ user }) => user);
    expect(later).toHaveLength(2);
    expect(later.join()).not.toMatch(/C-9|2026-01-01/);
  });

  it('calls fresh data of another customer what it is', async () => {
    const { error } = await badIdentity({ subjectId: 'C-9' });
    expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'WrongSubject' });
  });

  it.each([
    ['a mismatch', { match: 'mismatch' }, 'the document does not match the registry'],
    ['an expired document', { validUntil: '2020-01-01' }, 'the document has expired'],
    ['an applicant under age', { ageYears: 17 }, 'the applicant is under age'],
  ])('ends %s as a refusal with notice and without an account', async (_, change, why) => {
    const spine = await startSpine({
      tools: new FakeTools().answer('identity.verify', ({ customerId }) => identityAnswer(customerId, change)),
    });
    const handle = await spine.start('onboardCustomer', request);
    expect(await handle.result()).toEqual({ outcome: 'identity-refused', why });
    expect(spine.tools.order).toEqual(['crm.lookup_customer', 'identity.verify', 'notifications.post', 'audit.append']);
    await spine.stop();
  });
});

describe('a tool that stays down', () => {
  it('waits in a person’s queue, and goes on from its checkpoint on a retry without paying the model again', async () => {
    const tools = new FakeTools().answer('documents.generate', ({ accountId }, times) =>
      times <= 4
        ? new Failed(fail('ToolUnavailable', 'down'))
        : { documentId: `sha256-${'b'.repeat(64)}`, accountId, bytes: 1, pages: 1 },
    );
    const spine = await startSpine({ tools });
    const handle = await spine.start('onboardCustomer', request);
    const waiting = await openRequest(handle);
    expect(waiting).toMatchObject({ kind: 'exception', role: 'operations', answers: ['retry', 'abort'] });
    expect(await answer(handle, waiting, 'retry', 'omar')).toEqual({ accepted: true });
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(spine.models.calls.filter(({ agent }) => agent === 'writeWelcomeKit')).toHaveLength(1);
    await spine.stop();
  });

  it('takes the account back when a person aborts, and says what is left behind', async () => {
    const tools = new FakeTools().answer('email.send', () => new Failed(fail('EffectUnknown', 'nobody knows')));
    const spine = await startSpine({ tools });
    const handle = await spine.start('onboardCustomer', request);
    const waiting = await openRequest(handle);
    expect(waiting.answers).toEqual(['retry', 'skip', 'abort']);
    await answer(handle, waiting, 'abort', 'omar');
    const error = (await handle.result().catch((raised: unknown) => raised)) as WorkflowFailedError;
    expect(error.cause).toMatchObject({
      type: 'EffectUnknown',
      details: [{ leftBehind: ['a welcome e-mail (perhaps)', 'a welcome kit'] }],
    });
    expect(spine.tools.order.slice(-3)).toEqual(['accounts.close', 'escalations.open', 'audit.append']);
    await spine.stop();
  });
});
