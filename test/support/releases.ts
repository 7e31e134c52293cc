import type { Agent } from '../../agents/define-agent.ts';
import { agents } from '../../agents/index.ts';
import { Failed } from '../../contracts/failures.ts';
import type { Release } from '../../contracts/release.ts';
import { sealRelease } from '../../prompts/draft.ts';
import type { PromptFiles } from '../../prompts/files.ts';
import { writeRelease } from '../../prompts/write.ts';

export const failureOf = async (run: Promise<unknown>): Promise<{ type: string; message: string }> => {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Failed) return error.failure;
  throw new Error('it did not fail as it should', { cause: error });
};

/** A release that differs from another in its rows alone. */
export const released = async (files: PromptFiles, from: Release, change: Partial<Release>): Promise<Release> => {
  const { id: _id, ...content } = from;
  const release = sealRelease(9, { ...content, ...change });
  await writeRelease(files.dir, release);
  return release;
};

export const withShape = (compatible: number): Record<string, Agent> => ({
  ...agents,
  verifyIdentity: { ...agents.verifyIdentity, compatible },
});

export const row = (release: Release, agent = 'escalate') => {
  const found = release.agents[agent];
  if (!found) throw new Error(`no row for ${agent}`);
  return found;
};
export const pinned = (release: Release, version: string) => ({
  ...row(release),
  prompts: [{ version, sha256: '0'.repeat(64), weight: 1 }],
});
export const without = <T>(table: Record<string, T>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(table).filter(([key]) => key !== name));
