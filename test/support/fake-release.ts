import { agents } from '../../agents/index.ts';
import type { Policy } from '../../contracts/policy.ts';
import type { CaseRelease } from '../../contracts/release.ts';

const limits = { capMicroUsd: 500_000, raiseCeilingMicroUsd: 2_000_000, modelCalls: 18, deadlineSeconds: 90 };
const people = [
  { role: 'compliance' as const, hours: 4 },
  { role: 'operations' as const, hours: 8 },
];
const operations = [{ role: 'operations' as const, hours: 4 }];

export const POLICY: Policy = {
  id: 'test',
  processes: { onboardCustomer: limits, reportTerminated: { ...limits, modelCalls: 6 } },
  iterations: 3,
  paidCalls: 2,
  agents: { default: { confidenceFloor: 0.7, approval: 'below-floor' } },
  ladders: { proposal: people, finding: people, exception: operations, budget: operations },
  clockSkewSeconds: 5,
  linkHosts: ['governor.example'],
  onboarding: { minimumAgeYears: 18, channels: ['account-team', 'sales'], lookups: 3 },
  escalationQueues: ['identity-ops', 'platform-ops'],
};

/** A release for workflow tests: no files, short times, one price for every call. */
export function fakeRelease(
  change: { policy?: Partial<Policy>; worstCaseMicroUsd?: number; patienceMs?: number; taskQueue?: string } = {},
): CaseRelease {
  const { policy, worstCaseMicroUsd = 20_000, patienceMs = 3000, taskQueue = 'governor' } = change;
  const pin = {
    prompt: { version: 'v1', sha256: '0'.repeat(64) },
    iterations: 3,
    maxInputBytes: 66_000,
    maxOutputTokens: 2000,
    timeoutMs: 3000,
    patienceMs,
    worstCaseMicroUsd,
    taskQueue,
  };
  return {
    id: 'test-release',
    policy: { ...POLICY, ...policy },
    agents: Object.fromEntries(Object.keys(agents).map((name) => [name, pin])),
    heartbeatTimeoutMs: 5000,
    simulated: true,
    searchAttributes: true,
    answersChecked: true,
    wholeEvidence: true,
    callerPassedOver: true,
    repliesHeard: true,
    steadyWaits: true,
  };
}
