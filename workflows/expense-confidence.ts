import type { Case } from './case.ts';

/** How sure the step that was just recorded was of itself; what a person has settled is certain. */
export function confidenceOfLast({ decisions }: Case): number {
  const last = decisions.at(-1);
  return last && last.answers.length === 0 ? (last.confidence ?? 0) : 1;
}
