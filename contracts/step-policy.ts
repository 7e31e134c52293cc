import type { Policy, StepPolicy } from './policy.ts';

/** What an agent's step carries of the policy. Beside its schema, which workflows do not need. */
export function stepPolicy(policy: Policy, agent: string): StepPolicy {
  const { confidenceFloor, approval } = policy.agents[agent] ?? policy.agents.default;
  return {
    confidenceFloor,
    approval,
    linkHosts: policy.linkHosts,
    clockSkewSeconds: policy.clockSkewSeconds,
  };
}
