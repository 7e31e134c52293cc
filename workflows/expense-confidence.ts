import type { Case } from './case.ts';
import type { Question } from './request.ts';

/** Which model the step that was just recorded has asked, and with which prompt; nothing where it asked none. */
export function makerOfLast(host: Case): Question['made'] {
  const { model, prompt } = host.decisions.at(-1) ?? {};
  return model && prompt ? { confidence: confidenceOfLast(host), prompt, model } : undefined;
}

/** How sure the step that was just recorded was of itself; what a person has settled is certain. */
export function confidenceOfLast({ decisions }: Case): number {
  const last = decisions.at(-1);
  return last && last.answers.length === 0 ? (last.confidence ?? 0) : 1;
}
