import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { contractDigest } from '../../activities/act.ts';
import { agentActivity } from '../../activities/agent.ts';
import { agents } from '../../agents/index.ts';
import type { AgentOrder, AgentResult, Answer, Proposal } from '../../contracts/decision.ts';
import { stepPolicy } from '../../contracts/step-policy.ts';
import { PLAN } from './cases.ts';
import { DIRECTORY } from './expense-cases.ts';
import { fakeRelease, POLICY } from './fake-release.ts';
import type { FakeTools } from './fake-tools.ts';
import { ScriptedModels } from './scripted-models.ts';

const input = {
  requestId: 'R-1',
  customerId: 'C-1',
  identityCheckId: 'K-1',
  displayName: 'Ana',
  message: 'the business plan',
};
const { message: _message, ...bound } = input;

/** A plan that the model was not sure of. */
export const proposal: Proposal = {
  tool: 'accounts.create',
  call: { ...bound, ...PLAN },
  complete: true,
  confidence: 0.5,
  reasoning: '',
  model: 'first',
  simulated: false,
  prompt: { version: 'v1', sha256: '0'.repeat(64) },
};

export const yes: Answer = {
  approval: 'createAccount-1',
  verdict: 'approve',
  by: 'carla',
  role: 'compliance',
  at: new Date().toISOString(),
  digest: 'd'.repeat(64),
  identity: 'asserted',
  via: 'update',
};

/** The agent's activity as somebody with access to Temporal could start it. */
export function byHand(tools: FakeTools, sealed: { proposal: Proposal; answer?: Answer }): Promise<AgentResult> {
  const template = { render: async () => ({ system: 'Test.', user: '' }) };
  const deps = {
    models: new ScriptedModels(),
    tools,
    prompts: { prompt: async () => template, directory: async () => ({ people: DIRECTORY }) },
    beatMs: 200,
    log: pino({ level: 'silent' }),
  };
  const { taskQueue: _queue, patienceMs: _patience, ...pin } = fakeRelease().agents['createAccount'] ?? raise();
  const order: AgentOrder = {
    step: 'createAccount',
    startedAt: '2026-01-01T00:00:00Z',
    key: 'by-hand',
    input,
    pin,
    policy: stepPolicy(POLICY, 'createAccount'),
    allowance: 1,
    seal: {
      ...sealed,
      verdict: { kind: 'needs-approval', rule: 'confidence-floor', why: '' },
      contract: contractDigest(agents.createAccount),
    },
  };
  return new MockActivityEnvironment().run(agentActivity(agents.createAccount, deps as never), order);
}

function raise(): never {
  throw new Error('The release has no createAccount.');
}
