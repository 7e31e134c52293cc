import type { Agent } from '../agents/define-agent.ts';
import { digestOf } from '../contracts/digest.ts';
import type { Release } from '../contracts/release.ts';
import { adoptionProblems, checkRelease } from './check.ts';
import { draftRelease, type PromptChoice, sealRelease } from './draft.ts';
import { broken, type PinnedVersion, type PromptFiles, releaseNumber, versionNumber } from './files.ts';
import { writeCurrent, writeRelease } from './write.ts';

type Catalogue = Readonly<Record<string, Agent>>;

/** What is to be different from the current release; all else stays. */
export interface Changes {
  /** Agent → versions with weights. */
  readonly prompts?: Readonly<Record<string, readonly Pick<PromptChoice, 'version' | 'weight'>[]>>;
  /** Takes each other agent's newest version too. */
  readonly latest?: boolean;
  readonly policy?: string;
  readonly note: string;
}

/**
 * Makes a release of the agents as they are now, and writes it; `useRelease` makes it the current one. Agents that the
 * current release does not know get their newest prompt. Where nothing would differ, it is the current release itself.
 * @throws Failed ReleaseBroken with every problem, and writes nothing
 */
export async function publishRelease(files: PromptFiles, agents: Catalogue, changes: Changes, now = new Date()): Promise<Release> {
  const before = await currentOrNone(files);
  const policyPin = await choosePolicy(files, changes.policy, before);
  const policy = await files.policy(policyPin);
  const choices = Object.keys(agents).map(async (name) => [name, await choosePrompts(files, name, changes, before)] as const);
  const promptVersions = Object.fromEntries(await Promise.all(choices));
  const number = await nextNumber(files);
  const release = draftRelease({ agents, policy, policyPin, promptVersions, note: changes.note, now, number });
  const problems = [...(await checkRelease(release, files, agents)), ...(await rewrittenVersions(files, release))];
  if (problems.length > 0) throw broken(problems.join('\n'), { problems });
  if (before && contentOf(before) === contentOf(release)) return before;
  await writeRelease(files.dir, release);
  return release;
}

/**
 * New cases take this release from now on; running ones keep theirs.
 * @throws Failed ReleaseBroken where the release is broken or does not fit the agents, and changes nothing
 */
export async function useRelease(files: PromptFiles, agents: Catalogue, id: string): Promise<Release> {
  const release = await files.release(id);
  const problems = await checkRelease(release, files, agents);
  if (problems.length > 0) throw broken(problems.join('\n'), { problems });
  await writeCurrent(files.dir, id);
  return release;
}

/**
 * Takes one agent's prompt back, and makes that the current release. Everything else in it is what the current release
 * has: policy, bounds, prices and the other agents' prompts. Without a version it is the newest released one below the
 * present one; of a split it is the lowest, which ends the split.
 * @throws Failed ReleaseBroken where there is nothing to go back to or it no longer fits the agent, and changes nothing
 */
export async function rollbackPrompt(
  files: PromptFiles,
  agents: Catalogue,
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
  const content = { ...same, createdAt: now.toISOString(), note, agents: { ...before.agents, [agent]: { ...row, prompts } } };
  const release = sealRelease(await nextNumber(files), content);
  const problems = await adoptionProblems(release, files, agents);
  if (problems.length > 0) throw broken(problems.join('\n'), { problems });
  await writeRelease(files.dir, release);
  await writeCurrent(files.dir, release.id);
  return release;
}

/** The versions of one agent that have been released, oldest first, with the digests under which they were. */
export async function releasedVersions(files: PromptFiles, agent: string): Promise<PinnedVersion[]> {
  const seen = new Map<string, PinnedVersion>();
  for (const release of await goodReleases(files)) {
    for (const { version, sha256 } of release.agents[agent]?.prompts ?? []) {
      if (!seen.has(version)) seen.set(version, { version, sha256 });
    }
  }
  return [...seen.values()].toSorted((a, b) => versionNumber(a.version) - versionNumber(b.version));
}

const contentOf = ({ policy, prices, agents }: Release): string => digestOf({ policy, prices, agents });

async function rollbackTarget(files: PromptFiles, before: Release, agent: string, toVersion?: string): Promise<PinnedVersion> {
  const released = await releasedVersions(files, agent);
  const now = before.agents[agent]?.prompts.map(({ version }) => version) ?? [];
  const list = released.map(({ version }) => version).join(', ');
  const highest = Math.max(...now.map(versionNumber));
  const below = released.filter(({ version }) => versionNumber(version) < highest);
  const lowestOfSplit = below.find(({ version }) => now.includes(version));
  const target = toVersion ? released.find(({ version }) => version === toVersion) : (lowestOfSplit ?? below.at(-1));
  if (!target && toVersion) throw broken(`${agent} ${toVersion} was never released; there are ${list}.`, { agent });
  if (!target) throw broken(`${agent} is at ${now.join(', ')}, and no earlier version was released.`, { agent });
  if (now.length === 1 && now[0] === target.version) throw broken(`${agent} is at ${target.version} already.`, { agent });
  return target;
}

async function choosePrompts(files: PromptFiles, agent: string, changes: Changes, before?: Release): Promise<PromptChoice[]> {
  const onDisk = await files.promptVersions(agent);
  const wanted = changes.prompts?.[agent];
  const kept = before?.agents[agent]?.prompts;
  if (wanted) return wanted.map(({ version, weight }) => ({ ...pinOf(agent, version, onDisk), weight }));
  if (kept && !changes.latest) return kept;
  const newest = onDisk.at(-1);
  if (!newest) throw broken(`The agent ${agent} has no prompt.`, { agent });
  return [{ ...newest, weight: 1 }];
}

function pinOf(agent: string, version: string, onDisk: readonly PinnedVersion[]): PinnedVersion {
  const found = onDisk.find((pin) => pin.version === version);
  if (found) return found;
  const list = onDisk.map((pin) => pin.version).join(', ') || 'none';
  throw broken(`The agent ${agent} has no prompt ${version}; there are ${list}.`, { agent });
}

async function choosePolicy(files: PromptFiles, wanted: string | undefined, before?: Release): Promise<Release['policy']> {
  const ids = await files.policyIds();
  const list = ids.join(', ') || 'none';
  if (wanted && !ids.includes(wanted)) throw broken(`There is no policy ${wanted}; there are ${list}.`, { policy: wanted });
  if (wanted) return files.policyPin(wanted);
  if (before) return before.policy;
  if (ids.length === 1 && ids[0]) return files.policyPin(ids[0]);
  throw broken(`The first release needs the name of a policy; there are ${list}.`);
}

/** A version or policy that was released once keeps its text for ever, or old cases could not go on. */
async function rewrittenVersions(files: PromptFiles, release: Release): Promise<string[]> {
  const earlier = await goodReleases(files);
  const policies = new Map(earlier.map(({ policy }) => [policy.id, policy.sha256]));
  const released = new Map(
    earlier.flatMap(({ agents }) =>
      Object.entries(agents).flatMap(([agent, { prompts }]) =>
        prompts.map(({ version, sha256 }) => [`${agent} ${version}`, sha256] as const),
      ),
    ),
  );
  const rewritten = Object.entries(release.agents).flatMap(([agent, { prompts }]) =>
    prompts
      .filter(({ version, sha256 }) => (released.get(`${agent} ${version}`) ?? sha256) !== sha256)
      .map(({ version }) => `The prompt ${agent} ${version} was changed after it had been released; give the new text a new version.`),
  );
  const { id, sha256 } = release.policy;
  const policy = (policies.get(id) ?? sha256) === sha256 ? [] : [`The policy ${id} was changed after it had been released; give it a new id.`];
  return [...rewritten, ...policy];
}

/** Releases that can be read; the broken ones are for `checkRelease` to tell about. */
async function goodReleases(files: PromptFiles): Promise<Release[]> {
  const settled = await Promise.allSettled((await files.releaseIds()).map((id) => files.release(id)));
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

async function nextNumber(files: PromptFiles): Promise<number> {
  return Math.max(0, ...(await files.releaseIds()).map(releaseNumber)) + 1;
}

/** Before the first release there is no `current`; a broken one is an error. */
async function currentOrNone(files: PromptFiles): Promise<Release | undefined> {
  if ((await files.releaseIds()).length === 0) return undefined;
  return files.release(await files.currentId());
}
