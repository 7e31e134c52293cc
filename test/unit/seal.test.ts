import { describe, expect, it } from 'vitest';
import { contractDigest } from '../../activities/act.ts';
import type { AgentDeps } from '../../activities/deps.ts';
import { checkSeal } from '../../activities/seal.ts';
import { createAccount } from '../../agents/index.ts';
import type { AgentTask, Answer, Proposal, Seal } from '../../contracts/decision.ts';
import type { Person } from '../../contracts/directory.ts';
import { stepPolicy } from '../../contracts/step-policy.ts';
import { fakeRelease, POLICY } from '../support/fake-release.ts';

const input = {
  requestId: 'R-1',
  customerId: 'C-1',
  identityCheckId: 'K-1',
  displayName: 'Ana',
  message: 'the business plan',
};
const { message: _message, ...bound } = input;
const prompt = { version: 'v1', sha256: '0'.repeat(64) };
const proposal: Proposal = {
  tool: 'accounts.create',
  call: { ...bound, plan: 'business', segment: 'private' },
  complete: true,
  confidence: 0.4,
  reasoning: '',
  model: 'first',
  simulated: false,
  prompt,
};
const yes: Answer = {
  approval: 'createAccount-1',
  verdict: 'approve',
  by: 'carla',
  role: 'compliance',
  at: new Date().toISOString(),
  digest: 'd'.repeat(64),
  identity: 'asserted',
  via: 'update',
};
const seal: Seal = {
  proposal,
  verdict: { kind: 'needs-approval', rule: 'confidence-floor', why: '' },
  contract: contractDigest(createAccount),
  answer: yes,
};
const task = {
  step: 'createAccount',
  facts: { caseId: 'c', process: 'onboardCustomer', startedAt: '2026-01-01T00:00:00Z' },
  policy: stepPolicy(POLICY, 'createAccount'),
  pin: fakeRelease().agents['createAccount'],
};
const carla: Person = { person: 'carla', roles: ['compliance'], aliases: [] };

const check = (held: Seal, now: typeof input = input, people: readonly Person[] = [carla]) =>
  checkSeal(createAccount, { ...task, seal: held } as Partial<AgentTask> as AgentTask, now, {
    prompts: { directory: async () => ({ people: [...people] }) },
  } as Partial<AgentDeps> as AgentDeps);

describe('a sealed yes, looked at once more before it moves anything (BA-87)', () => {
  it('holds while nothing has changed', async () => {
    await expect(check(seal)).resolves.toBeUndefined();
  });

  it('binds what nobody has answered as well: a proposal that was kept for another try is no way around the case', async () => {
    const { answer: _none, ...kept } = seal;
    await expect(check(kept)).resolves.toBeUndefined();
    await expect(check(kept, { ...input, customerId: 'C-2' })).rejects.toThrow(/arguments that the case binds/);
  });

  it.each([
    [
      'the contract is another',
      { ...seal, contract: 'e'.repeat(64) },
      input,
      [carla],
      /contract of its tool has changed/,
    ],
    [
      'the case binds another customer now',
      seal,
      { ...input, customerId: 'C-2' },
      [carla],
      /arguments that the case binds have changed/,
    ],
    [
      'the sealed call was changed on its way',
      { ...seal, proposal: { ...proposal, call: { ...proposal.call, customerId: 'C-2' } } },
      input,
      [carla],
      /binds have changed/,
    ],
    [
      'the whitelist forbids the call',
      { ...seal, proposal: { ...proposal, call: { ...proposal.call, plan: 'enterprise' } } },
      input,
      [carla],
      /is not allowed/,
    ],
    ['who said yes is gone', seal, input, [], /lost the role compliance/],
    [
      'who said yes has another role now',
      seal,
      input,
      [{ ...carla, roles: ['manager' as const] }],
      /lost the role compliance/,
    ],
  ])('is broken where %s', async (_, held, now, people, why) => {
    await expect(check(held, now, people)).rejects.toMatchObject({
      failure: { type: 'SealBroken', message: expect.stringMatching(why), details: { agent: 'createAccount' } },
    });
  });

  it('is not asked of a proposal that nobody had to approve', async () => {
    const { answer: _none, ...unanswered } = seal;
    await expect(check(unanswered, input, [])).resolves.toBeUndefined();
  });
});
