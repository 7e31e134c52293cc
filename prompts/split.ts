import { digestOf } from '../contracts/digest.ts';
import type { AgentPin, Release } from '../contracts/release.ts';
import { versionNumber } from './files.ts';

type Choice = Release['agents'][string]['prompts'][number];

/**
 * What one agent may do in one case: its row, with the split of prompt versions resolved. The choice is a digest of case,
 * agent and experiment, which is the set of versions: whoever asks gets the same answer, on every worker, and neither
 * another agent's release nor a change of weights deals the cases out anew.
 */
export function resolvePin(release: Release, agent: string, caseId: string): AgentPin | undefined {
  const row = release.agents[agent];
  if (!row) return undefined;
  const { prompts, ...bounds } = row;
  const choices = prompts.toSorted((a, b) => versionNumber(a.version) - versionNumber(b.version));
  const experiment = choices.map(({ version }) => version);
  const { version, sha256 } = choiceAt(choices, shareOf(digestOf([caseId, agent, experiment])));
  return { prompt: { version, sha256 }, ...bounds };
}

/** The choice that holds this share of the cases, when all of them stand side by side by weight. */
function choiceAt(choices: readonly Choice[], share: number): Choice {
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  const upTo = (index: number) => choices.slice(0, index + 1).reduce((sum, { weight }) => sum + weight, 0);
  const chosen = choices.find((_, index) => share * total < upTo(index));
  if (!chosen) throw new RangeError('a share is at least 0 and below 1');
  return chosen;
}

/** The digest as a number from 0 up to, not including, 1. */
const shareOf = (digest: string): number => Number.parseInt(digest.slice(0, 13), 16) / 16 ** 13;
