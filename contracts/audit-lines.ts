import { z } from 'zod';
import { AuditedAnswer, AuditedDecision } from './tools/audit.ts';

/**
 * A decision as a case hands it to its audit. Histories keep what is handed on, so what goes without saying is left out:
 * a line of a clean step is half as long as the decision that it stands for.
 */
export const AuditLine = AuditedDecision.omit({ at: true }).extend({
  /** Milliseconds since the case began. */
  ms: z.int().nonnegative(),
  /** The step's own name where it is left out. */
  agent: AuditedDecision.shape.agent.optional(),
  /** `done` where it is left out. */
  outcome: AuditedDecision.shape.outcome.optional(),
  /** `allowed` where it is left out. */
  verdict: AuditedDecision.shape.verdict.optional(),
  costMicroUsd: AuditedDecision.shape.costMicroUsd.optional(),
  /** Each of the decision's own kind, where its kind is left out. */
  answers: z.array(AuditedAnswer).max(60).optional(),
});
export type AuditLine = z.output<typeof AuditLine>;

/** @param startedAt ISO instant at which the case began */
export function lineOf(decision: AuditedDecision, startedAt: string): AuditLine {
  const { at, agent, outcome, verdict, costMicroUsd, answers, ...rest } = decision;
  return {
    ms: Math.max(0, Date.parse(at) - Date.parse(startedAt)),
    ...rest,
    ...(agent === rest.step ? {} : { agent }),
    ...(outcome === 'done' ? {} : { outcome }),
    ...(verdict === 'allowed' ? {} : { verdict }),
    ...(costMicroUsd === 0 ? {} : { costMicroUsd }),
    ...(answers.length === 0 ? {} : { answers: answers.map((answer) => shortened(answer, rest.kind)) }),
  };
}

function shortened({ kind, ...answer }: AuditedAnswer, usual: string | undefined): AuditedAnswer {
  return kind === undefined || kind === usual ? answer : { kind, ...answer };
}

/** The decision that a line stands for. */
export function decisionOf(line: AuditLine, startedAt: string): AuditedDecision {
  const { ms, agent = line.step.slice(0, 120), outcome = 'done', verdict = 'allowed', ...rest } = line;
  const { costMicroUsd = 0, answers = [], ...others } = rest;
  const at = new Date(Date.parse(startedAt) + ms).toISOString();
  const kind = others.kind ? { kind: others.kind } : {};
  const said = answers.map((answer) => ({ ...kind, ...answer }));
  return { ...others, at, agent, outcome, verdict, costMicroUsd, answers: said };
}
