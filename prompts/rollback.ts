import type { Agent } from '../agents/define-agent.ts';
import type { Release } from '../contracts/release.ts';
import { adoptionProblems } from './check.ts';
import { sealRelease } from './draft.ts';
import { type PinnedVersion, type PromptFiles, versionNumber } from './files.ts';
import { nextNumber, releasedVersions } from './history.ts';
import { broken } from './read.ts';
import { writeCurrent, writeRelease } from './write.ts';

/**
 * Takes one agent's prompt back, and makes that the current release. Everything else in it is what the current release
 * has: policy, bounds, prices and the other agents' prompts. Without a version it is the newest released one below the
 * present one; of a split it is the lowest, which ends the split.
 * @throws Failed ReleaseBroken where there is nothing to go back to or it no longer fits the agent, and changes nothing
 */
export async function rollbackPrompt(
  files: PromptFiles,
  agents: Readonly<Record<string, Agent>>,
  agent: string,
  toVersion?: string,
  now = new Date(),
): Promise<Release> {
  const before = await files.release(await files.currentId());
  const row = before.agents[agent];
  if (!row) throw broken(`The release ${before.id} has no agent ${agent}.`, { agent });
  const target = await rollbackTarget(files, before, agent, toVersion);
  const prompts = [{ ...target, weight: 1 }];
  const note = `Prompt of ${agent} back to ${target.version}; else as ${before.id}.`;
  const { id: _id, ...same } = before;
  const content = {
    ...same,
    createdAt: now.toISOString(),
    note,
    agents: { ...before.agents, [agent]: { ...row, prompts } },
  };
  const release = sealRelease(await nextNumber(files), content);
  const problems = await adoptionProblems(release, files, agents);
  if (problems.length > 0) throw broken(problems.join('\n'), { problems });
  await writeRelease(files.dir, release);
  await writeCurrent(files.dir, release.id);
  return release;
}

async function rollbackTarget(
  files: PromptFiles,
  before: Release,
  agent: string,
  toVersion?: string,
): Promise<PinnedVersion> {
  const released = await releasedVersions(files, agent);
  const now = before.agents[agent]?.prompts.map(({ version }) => version) ?? [];
  const list = released.map(({ version }) => version).join(', ');
  const highest = Math.max(...now.map(versionNumber));
  const below = released.filter(({ version }) => versionNumber(version) < highest);
  const lowestOfSplit = below.find(({ version }) => now.includes(version));
  const target = toVersion ? released.find(({ version }) => version === toVersion) : (lowestOfSplit ?? below.at(-1));
  if (!target && toVersion) throw broken(`${agent} ${toVersion} was never released; there are ${list}.`, { agent });
  if (!target) throw broken(`${agent} is at ${now.join(', ')}, and no earlier version was released.`, { agent });
  if (now.length === 1 && now[0] === target.version)
    throw broken(`${agent} is at ${target.version} already.`, { agent });
  return target;
}
