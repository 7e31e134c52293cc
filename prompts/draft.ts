import type { Agent } from '../agents/define-agent.ts';
import type { Policy } from '../contracts/policy.ts';
import { Release } from '../contracts/release.ts';
import { releaseDigest } from './files.ts';
import type { Pricing } from './pricing.ts';
import { broken } from './read.ts';

export type AgentRow = Release['agents'][string];
export type PromptChoice = AgentRow['prompts'][number];

export interface Draft {
  readonly agents: Readonly<Record<string, Agent>>;
  readonly policy: Policy;
  readonly policyPin: Release['policy'];
  /** For each agent its prompt, or several with weights. */
  readonly promptVersions: Readonly<Record<string, readonly PromptChoice[]>>;
  readonly pricing: Pricing;
  /** The task queue of each agent. */
  readonly queueOf: (agent: string) => string;
  readonly note: string;
  readonly now: Date;
  /** How many releases there will be. */
  readonly number: number;
}

/** Freezes what the agents declare and the policy allows into a release. Throws `Failed` ReleaseBroken. */
export function draftRelease({
  agents,
  policy,
  policyPin,
  promptVersions,
  pricing,
  queueOf,
  note,
  now,
  number,
}: Draft): Release {
  const rows = Object.values(agents).map((agent) => {
    const prompts = promptVersions[agent.name];
    if (!prompts) throw broken(`The agent ${agent.name} has no prompt.`, { agent: agent.name });
    const bounds = boundsOf(agent, policy, pricing);
    const row: AgentRow = { prompts: [...prompts], ...bounds, taskQueue: queueOf(agent.name) };
    return [agent.name, row] as const;
  });
  const prices = pricing.checkedOn;
  return sealRelease(number, {
    createdAt: now.toISOString(),
    note,
    policy: policyPin,
    prices,
    agents: Object.fromEntries(rows),
  });
}

/** Gives the release its id. Throws `Failed` ReleaseBroken where a value is outside its bounds. */
export function sealRelease(number: number, content: Omit<Release, 'id'>): Release {
  const id = `r${number}-${releaseDigest({ id: '', ...content })}`;
  const parsed = Release.safeParse({ id, ...content });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw broken(`This cannot be released: ${problems.join('; ')}.`, { problems });
}

function boundsOf(agent: Agent, policy: Policy, pricing: Pricing): Omit<AgentRow, 'prompts' | 'taskQueue'> {
  const { iterations, maxInputBytes, maxOutputTokens, timeout, patience } = agent.bounds;
  return {
    iterations: Math.min(iterations, policy.iterations),
    maxInputBytes,
    maxOutputTokens,
    timeoutMs: milliseconds(timeout),
    patienceMs: milliseconds(patience),
    worstCaseMicroUsd: agent.tier === 'none' ? 0 : pricing.worstCase(agent.tier, { maxInputBytes, maxOutputTokens }),
  };
}

const milliseconds = (seconds: `${number}s`): number => Math.round(Number(seconds.slice(0, -1)) * 1000);
