import type { Release } from '../contracts/release.ts';
import { type PinnedVersion, type PromptFiles, releaseNumber, versionNumber } from './files.ts';

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

/** A version or policy that was released once keeps its text for ever, or old cases could not go on. */
export async function rewrittenVersions(files: PromptFiles, release: Release): Promise<string[]> {
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
      .map(
        ({ version }) =>
          `The prompt ${agent} ${version} was changed after it had been released; give the new text a new version.`,
      ),
  );
  const { id, sha256 } = release.policy;
  const policy =
    (policies.get(id) ?? sha256) === sha256
      ? []
      : [`The policy ${id} was changed after it had been released; give it a new id.`];
  return [...rewritten, ...policy];
}

/** Releases that can be read; the broken ones are for `checkRelease` to tell about. */
async function goodReleases(files: PromptFiles): Promise<Release[]> {
  const settled = await Promise.allSettled((await files.releaseIds()).map((id) => files.release(id)));
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** What the next release is numbered. */
export async function nextNumber(files: PromptFiles): Promise<number> {
  return Math.max(0, ...(await files.releaseIds()).map(releaseNumber)) + 1;
}
