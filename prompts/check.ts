import type { Agent } from '../agents/define-agent.ts';
import { beyondLimits } from '../contracts/automatic-limits.ts';
import { Failed } from '../contracts/failures.ts';
import { showUsd } from '../contracts/money.ts';
import type { Policy } from '../contracts/policy.ts';
import { PROCESSES, type ProcessAgents } from '../contracts/processes.ts';
import type { Release } from '../contracts/release.ts';
import type { PromptFiles } from './files.ts';
import type { Prompt } from './template.ts';

type Catalogue = Readonly<Record<string, Agent>>;

/**
 * Why a worker with these agents may not give this release to a case: a text or policy that is missing, altered or
 * broken, or a prompt that an agent here cannot fill in. An agent that only one side knows is no reason, as workers of
 * two builds may run side by side. Each problem is a sentence.
 */
export async function adoptionProblems(release: Release, files: PromptFiles, agents: Catalogue): Promise<string[]> {
  const policy = await inWords(() => files.policy(release.policy));
  const prompts = await Promise.all(
    Object.entries(release.agents).map(([name, row]) => promptProblems(name, row.prompts, files, agents[name])),
  );
  return [...policy.problems, ...prompts.flat()];
}

/** Everything that speaks against publishing a release for these agents. Each problem is a sentence. */
export async function checkRelease(
  release: Release,
  files: PromptFiles,
  agents: Catalogue,
  processes: Readonly<Record<string, ProcessAgents>> = PROCESSES,
): Promise<string[]> {
  const { found: policy } = await inWords(() => files.policy(release.policy));
  return [
    ...(await adoptionProblems(release, files, agents)),
    ...catalogueProblems(release, agents),
    ...(policy ? policyProblems(policy, agents, processes) : []),
    ...(policy ? budgetProblems(release, policy, processes) : []),
  ];
}

async function promptProblems(
  name: string,
  choices: Release['agents'][string]['prompts'],
  files: PromptFiles,
  agent: Agent | undefined,
): Promise<string[]> {
  const versions = choices.map(({ version }) => version);
  const twice = versions.length === new Set(versions).size ? [] : [`${name} names a prompt version twice.`];
  const each = choices.map(async (choice) => {
    const { found, problems } = await inWords(() => files.prompt(name, choice));
    if (!found || !agent) return problems;
    return incompatibilities(`${name} ${choice.version}`, found, agent);
  });
  return [...twice, ...(await Promise.all(each)).flat()];
}

/** Why this prompt cannot be filled in from what the agent shows. */
export function incompatibilities(name: string, prompt: Prompt, agent: Agent): string[] {
  const shape = agent.compatible ?? 1;
  const unknown = prompt.variables.filter((variable) => !agent.shows.includes(variable));
  const unread = agent.shows.filter((variable) => !prompt.variables.includes(variable));
  return [
    ...(prompt.compatible === shape
      ? []
      : [
          `The prompt ${name} is written for shape ${prompt.compatible} of its variables, and the agent has shape ${shape}.`,
        ]),
    ...(unknown.length > 0 ? [`The prompt ${name} uses ${unknown.join(', ')}, which the agent does not show.`] : []),
    ...(unread.length > 0 ? [`The prompt ${name} leaves out ${unread.join(', ')}, which the agent shows.`] : []),
  ];
}

function catalogueProblems(release: Release, agents: Catalogue): string[] {
  const unknown = Object.keys(release.agents).filter((name) => !agents[name]);
  const without = Object.keys(agents).filter((name) => !release.agents[name]);
  return [
    ...unknown.map((name) => `There is no agent ${name}.`),
    ...without.map((name) => `The agent ${name} has no prompt in this release.`),
  ];
}

function policyProblems(
  policy: Policy,
  agents: Catalogue,
  processes: Readonly<Record<string, ProcessAgents>>,
): string[] {
  const rowless = Object.keys(processes).filter((process) => !policy.processes[process]);
  const unknown = Object.keys(policy.agents).filter((name) => name !== 'default' && !agents[name]);
  return [
    ...rowless.map((process) => `The policy ${policy.id} has no row for ${process}.`),
    ...unknown.map((name) => `The policy ${policy.id} has a row for ${name}, which is no agent.`),
    ...beyondLimits(policy),
  ];
}

/**
 * A clean run pays one call a step. Before each step the case sets aside what the step's paid calls can cost, and from
 * its start what its endings can; at the dearest moment all of that has to be under the cap.
 */
function budgetProblems(
  release: Release,
  policy: Policy,
  processes: Readonly<Record<string, ProcessAgents>>,
): string[] {
  return Object.entries(processes).flatMap(([process, { cleanRun, endings }]) => {
    const limits = policy.processes[process];
    if (!limits) return [];
    const worst = (name: string) => release.agents[name]?.worstCaseMicroUsd ?? 0;
    const paying = cleanRun.filter((name) => worst(name) > 0);
    const { paidCalls } = policy;
    const moments = paying.map((name, done) => sum(paying.slice(0, done).map(worst)) + paidCalls * worst(name));
    const needed = Math.max(0, ...moments) + sum(endings.map(worst));
    const calls = paying.length - 1 + paidCalls + endings.length;
    return [
      ...(needed > limits.capMicroUsd
        ? [`A clean run of ${process} can need ${showUsd(needed)}, and its cap is ${showUsd(limits.capMicroUsd)}.`]
        : []),
      ...(calls > limits.modelCalls
        ? [`A clean run of ${process} can need ${calls} model calls, and ${limits.modelCalls} are allowed.`]
        : []),
    ];
  });
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** Runs it, and turns a `Failed` into its sentence. */
async function inWords<T>(run: () => Promise<T>): Promise<{ found?: T; problems: string[] }> {
  try {
    return { found: await run(), problems: [] };
  } catch (error) {
    if (error instanceof Failed) return { problems: [error.message] };
    throw error;
  }
}
