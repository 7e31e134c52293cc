import type { CaseHistory } from '../../client/index.ts';
import type { Counts } from '../../outside/counts.ts';
import { type CaseEffects, EFFECT_WORDS, effectsOf } from './effects.ts';

/** What is weighed: the cases as history has them, and the far sides. */
interface Weighed {
  readonly histories: readonly CaseHistory[];
  readonly counts: Counts;
  /** Documents that were there before. */
  readonly earlierDocuments: number;
}

/** What clean cases wanted, and what is really there. */
export interface Balance {
  /** The effects, kind by kind. */
  readonly rows: readonly { readonly words: string; readonly wanted: number; readonly found: number }[];
  readonly audits: number;
  readonly calls: {
    readonly wanted: number;
    readonly paid: number;
    /** Calls of a step that had an answer already. */
    readonly twice: number;
    /** Calls whose answer nobody heard, because their process was killed. */
    readonly lost: number;
  };
}

/** Each clean case wants each effect once, and one model call a step. Twice the same is found as two. */
export function balance({ histories, counts, earlierDocuments }: Weighed): Balance {
  const each = histories.map((history) => effectsOf(counts, history));
  const ids = new Set(histories.map(({ workflowId }) => workflowId));
  const wanted = histories.length;
  const found = (kind: keyof CaseEffects): number =>
    // A document that no history knows would be one too many, so all of them are counted.
    kind === 'kits' ? counts.documents.length - earlierDocuments : sumOf(each.map((effects) => effects[kind]));
  const rows = Object.entries(EFFECT_WORDS).map(([kind, words]) => ({
    words,
    wanted,
    found: found(kind as keyof CaseEffects),
  }));
  const audits = counts.audit.filter(({ caseId }) => ids.has(caseId)).length;
  return { rows, audits, calls: callsOf(histories) };
}

function callsOf(histories: readonly CaseHistory[]): Balance['calls'] {
  const steps = histories.flatMap(({ workflowId, steps: own }) =>
    own.map((step) => ({ ...step, id: `${workflowId} ${step.step}` })),
  );
  const byStep = [...Map.groupBy(steps, ({ id }) => id).values()].map((own) =>
    own.flatMap(({ paidCalls }) => paidCalls),
  );
  const lost = sumOf(byStep.map((calls) => calls.filter(({ outcome }) => outcome === 'unknown').length));
  const heard = byStep.map((calls) => calls.filter(({ outcome }) => outcome !== 'unknown').length);
  return {
    wanted: byStep.length,
    paid: sumOf(heard) + lost,
    twice: sumOf(heard.map((count) => Math.max(0, count - 1))),
    lost,
  };
}

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
