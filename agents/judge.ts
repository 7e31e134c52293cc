import type { Proposal, Verdict } from '../contracts/decision.ts';
import { foreignHosts, textsIn } from '../contracts/outgoing.ts';
import type { StepPolicy } from '../contracts/policy.ts';
import type { Agent } from './define-agent.ts';

type Judged = Pick<Proposal, 'call' | 'complete' | 'confidence'>;

const verdict = (kind: Verdict['kind'], rule: string, why: string): Verdict => ({ kind, rule, why });

/**
 * Whether a proposed call may be made, asked about, or not made at all. Pure; it holds for a person's edit as it does
 * for a model's proposal. The first rule that speaks decides.
 */
export function judge(agent: Agent, input: unknown, proposal: Judged, policy: StepPolicy): Verdict {
  if (!proposal.complete)
    return verdict('needs-approval', 'no-answer', 'The model knew no answer; a person supplies one.');
  return refusal(agent, input, proposal, policy) ?? gate(proposal, policy) ?? verdict('allowed', 'within-policy', '');
}

function refusal(agent: Agent, input: unknown, proposal: Judged, policy: StepPolicy): Verdict | undefined {
  const forbidden = agent.forbids?.(proposal.call, input as Record<string, unknown>);
  if (forbidden) return verdict('refused', 'whitelist', forbidden);
  const texts = (agent.tool.outgoing ?? []).flatMap((name) => textsIn(proposal.call[name]));
  const hosts = texts.flatMap((text) => foreignHosts(text, policy.linkHosts));
  if (hosts.length > 0)
    return verdict('refused', 'outgoing-link', `The text points outside the policy's list, ${hosts.length} times.`);
  return undefined;
}

function gate({ confidence }: Judged, policy: StepPolicy): Verdict | undefined {
  if (policy.approval === 'always')
    return verdict('needs-approval', 'approval-always', 'The policy has a person decide on every call of this agent.');
  if (confidence >= policy.confidenceFloor) return undefined;
  return verdict(
    'needs-approval',
    'confidence-floor',
    `Confidence ${confidence} is below the floor of ${policy.confidenceFloor}.`,
  );
}
