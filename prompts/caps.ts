import type { PromptFiles } from './files.ts';

/**
 * What a case of each process may spend under a release, micro-dollars, before its input lowers it or people add to it.
 * @throws Failed ReleaseBroken where release or policy cannot be read
 */
export async function capsUnder(files: PromptFiles, releaseId: string): Promise<Readonly<Record<string, number>>> {
  const { policy } = await files.release(releaseId);
  const { processes } = await files.policy(policy);
  return Object.fromEntries(Object.entries(processes).map(([process, { capMicroUsd }]) => [process, capMicroUsd]));
}
