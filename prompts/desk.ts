import type { Agent } from '../agents/define-agent.ts';
import { Failed } from '../contracts/failures.ts';
import type { Release } from '../contracts/release.ts';
import { capsUnder } from './caps.ts';
import { checkRelease } from './check.ts';
import { PromptFiles } from './files.ts';
import { releasedVersions } from './history.ts';
import type { Pricing } from './pricing.ts';
import { type Changes, publishRelease, useRelease } from './publish.ts';
import { rollbackPrompt } from './rollback.ts';

/** What a person does with prompts and releases, on one folder, for one set of agents, at these prices. */
export function openReleaseDesk(dir: string, agents: Readonly<Record<string, Agent>>, pricing?: Pricing) {
  const files = new PromptFiles(dir);
  return {
    agents: Object.keys(agents),
    currentId: () => files.currentId(),
    ids: () => files.releaseIds(),
    release: (id: string) => files.release(id),
    caps: (id: string) => capsUnder(files, id),
    check: (id: string) => problemsOf(files, agents, id),
    publish: (changes: Changes): Promise<Release> => publishRelease(files, agents, changes, pricing ? { pricing } : {}),
    use: (id: string): Promise<Release> => useRelease(files, agents, id),
    rollback: (agent: string, version: string | undefined): Promise<Release> =>
      rollbackPrompt(files, agents, agent, version),
    history: (agent: string) => historyOf(files, agent),
  };
}

/** A release that cannot even be read is a problem like any other. */
async function problemsOf(files: PromptFiles, agents: Readonly<Record<string, Agent>>, id: string): Promise<string[]> {
  try {
    return await checkRelease(await files.release(id), files, agents);
  } catch (error) {
    if (error instanceof Failed) return [error.message];
    throw error;
  }
}

async function historyOf(files: PromptFiles, agent: string) {
  const current = await files.release(await files.currentId());
  const released = await releasedVersions(files, agent);
  const onDisk = await files.promptVersions(agent);
  return {
    agent,
    inUse: (current.agents[agent]?.prompts ?? []).map(({ version, weight }) => ({ version, weight })),
    released: released.map(({ version }) => version),
    onDisk: onDisk.map(({ version }) => version),
  };
}
