import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenRequest } from '../../contracts/messages.ts';
import { type AuditedDecision, appendAudit } from '../../contracts/tools/audit.ts';
import { customerAnswer, failed, identityAnswer, onboarding, PLAN, says } from '../support/cases.ts';
import { answer, openRequest, type Spine, startSpine } from '../support/spine.ts';

const PEOPLE = [
  { person: 'carla', roles: ['compliance' as const], aliases: [], email: 'carla@governor.example' },
  { person: 'cleo', roles: ['compliance' as const], aliases: [] },
  { person: 'omar', roles: ['operations' as const], aliases: [] },
];

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine({ people: PEOPLE });
});
afterAll(() => spine.stop());
beforeEach(() => spine.reset());

const unsure = () => spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
const waiting = async (): Promise<[Awaited<ReturnType<Spine['start']>>, OpenRequest]> => {
  const handle = await spine.start('onboardCustomer', onboarding());
  return [handle, await openRequest(handle)];
};
/** What the audit was told, as its tool was called. */
const audited = (caseId: string): readonly AuditedDecision[] => {
  const call = spine.tools.effects.find(
    ({ tool, call: made }) => tool === appendAudit.name && made['caseId'] === caseId,
  );
  return appendAudit.input.parse(call?.call).decisions ?? [];
};

describe('the audit of a case', () => {
  it('has each decision in its order, with the time, the rule, the model, the prompt and the cost (OB-91)', async () => {
    const handle = await spine.start('onboardCustomer', onboarding());
    await handle.result();
    const decisions = audited(handle.workflowId);
    const before = spine.decisions.filter(({ agent }) => agent !== 'writeAudit');
    expect(decisions.map(({ step, at, costMicroUsd }) => ({ step, at, costMicroUsd }))).toEqual(
      before.map(({ step, at, costMicroUsd }) => ({ step, at, costMicroUsd })),
    );
    expect(decisions.find(({ step }) => step === 'createAccount')).toMatchObject({
      agent: 'createAccount',
      tool: 'accounts.create',
      outcome: 'done',
      verdict: 'allowed',
      rule: expect.any(String),
      confidence: 0.9,
      prompt: expect.stringMatching(/^v1 0/),
      answers: [],
    });
  });

  it('says who asked back, who edited, who then said yes, in which role, and what it was about; no call and no address', async () => {
    unsure();
    const [handle, request] = await waiting();
    await answer(handle, request, 'ask-info', 'carla', { reason: 'how many are they?' });
    await answer(handle, request, 'inform', 'dario', { reason: 'twelve' });
    await answer(handle, request, 'edit', 'carla', { edit: { plan: 'starter' }, reason: 'a small team' });
    await answer(handle, await openRequest(handle), 'approve', 'cleo');
    await handle.result();
    const decision = audited(handle.workflowId).find(({ step }) => step === 'createAccount');
    expect(decision).toMatchObject({
      kind: 'proposal',
      subject: `${handle.workflowId} createAccount`,
      verdict: 'needs-approval',
      answers: [
        { verdict: 'edit', by: 'carla', role: 'compliance', reason: 'a small team', kind: 'proposal' },
        { verdict: 'approve', by: 'cleo', role: 'compliance', identity: 'asserted', approval: request.approval },
      ],
      remarks: [
        { verdict: 'ask-info', by: 'carla', words: 'how many are they?' },
        { verdict: 'inform', by: 'dario', words: 'twelve' },
      ],
    });
    expect(JSON.stringify(audited(handle.workflowId))).not.toMatch(/@|Novak|starter|token/);
  });

  it('has what people said to a finding, which is no step', async () => {
    spine.tools.answer('identity.verify', ({ customerId }) =>
      identityAnswer(customerId, { match: 'possible-watch-list' }),
    );
    const [handle, request] = await waiting();
    expect(request.kind).toBe('finding');
    await answer(handle, request, 'reject', 'carla', { reason: 'on the list' });
    await handle.result();
    expect(audited(handle.workflowId).find(({ kind }) => kind === 'finding')).toMatchObject({
      agent: 'people',
      outcome: 'rejected',
      verdict: 'needs-approval',
      answers: [{ verdict: 'reject', by: 'carla', reason: 'on the list', role: 'compliance' }],
    });
  });

  it('has an exception that somebody let go on, with the step that it was about', async () => {
    let down = true;
    spine.tools.answer('crm.lookup_customer', ({ requestId }) =>
      down ? failed('ToolRejected') : customerAnswer(requestId),
    );
    const [handle, request] = await waiting();
    down = false;
    await answer(handle, request, 'retry', 'omar');
    await handle.result();
    expect(audited(handle.workflowId).find(({ step }) => step === 'lookUpCustomer')).toMatchObject({
      outcome: 'done',
      kind: 'exception',
      answers: [{ verdict: 'retry', by: 'omar', role: 'operations' }],
    });
  });
});
