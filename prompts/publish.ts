import type { Agent } from '../agents/define-agent.ts';
import { digestOf } from '../contracts/digest.ts';
import type { Release } from '../contracts/release.ts';
import { checkRelease } from './check.ts';
import { draftRelease, type PromptChoice } from './draft.ts';
import type { PinnedVersion, PromptFiles } from './files.ts';
import { nextNumber, rewrittenVersions } from './history.ts';
import { type Pricing, pricingOf } from './pricing.ts';
import { broken } from './read.ts';
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

/** Where and when it is done; by default here, now, and at the packaged prices. */
export interface Circumstances {
  readonly now?: Date;
  readonly pricing?: Pricing;
}

/**
 * Makes a release of the agents as they are now, and writes it; `useRelease` makes it the current one. Agents that the
 * current release does not know get their newest prompt. Where nothing would differ, it is the current release itself.
 * @throws Failed ReleaseBroken with every problem, and writes nothing
 */
export async function publishRelease(
  files: PromptFiles,
  agents: Catalogue,
  changes: Changes,
  { now = new Date(), pricing = pricingOf() }: Circumstances = {},
): Promise<Release> {
  const before = await currentOrNone(files);
  const policyPin = await choosePolicy(files, changes.policy, before);
  const policy = await files.policy(policyPin);
  const choices = Object.keys(agents).map(
    async (name) => [name, await choosePrompts(files, name, changes, before)] as const,
  );
  const promptVersions = Object.fromEntries(await Promise.all(choices));
  const number = await nextNumber(files);
  const queueOf = await files.queues(Object.keys(agents));
  const { note } = changes;
  const draft = { agents, policy, policyPin, promptVersions, pricing, queueOf, note, now, number };
  const release = draftRelease(draft);
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

const contentOf = ({ policy, prices, agents }: Release): string => digestOf({ policy, prices, agents });

async function choosePrompts(
  files: PromptFiles,
  agent: string,
  changes: Changes,
  before?: Release,
): Promise<PromptChoice[]> {
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

async function choosePolicy(
  files: PromptFiles,
  wanted: string | undefined,
  before?: Release,
): Promise<Release['policy']> {
  const ids = await files.policyIds();
  const list = ids.join(', ') || 'none';
  if (wanted && !ids.includes(wanted))
    throw broken(`There is no policy ${wanted}; there are ${list}.`, { policy: wanted });
  if (wanted) return files.policyPin(wanted);
  if (before) return before.policy;
  if (ids.length === 1 && ids[0]) return files.policyPin(ids[0]);
  throw broken(`The first release needs the name of a policy; there are ${list}.`);
}

/** Before the first release there is no `current`; a broken one is an error. */
async function currentOrNone(files: PromptFiles): Promise<Release | undefined> {
  if ((await files.releaseIds()).length === 0) return undefined;
  return files.release(await files.currentId());
}
