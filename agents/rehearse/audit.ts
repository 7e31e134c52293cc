interface AuditInput {
  readonly outcome: string;
  readonly steps: readonly { readonly step: string; readonly outcome: string }[];
}

/** One sentence on how a case ended, also for the day on which no model answers; at most 500 characters. */
export function auditSummary({ outcome, steps }: AuditInput): string {
  const done = steps.filter((step) => step.outcome === 'done').length;
  const others = steps.filter((step) => step.outcome !== 'done').map((step) => `${step.step} ${step.outcome}`);
  const tail = others.length > 0 ? `; ${others.join(', ')}` : '';
  return `Ended as ${outcome} with ${done} of ${steps.length} steps done${tail}.`.slice(0, 500);
}

export const rehearseAudit = (input: AuditInput) => ({
  arguments: { summary: auditSummary(input) },
  confidence: 0.95,
  reasoning: 'Counted the steps and named those that were not done.',
});
