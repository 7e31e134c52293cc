import { z } from 'zod';
import { AuditLine, decisionOf } from '../contracts/audit-lines.ts';
import { fail } from '../contracts/failures.ts';
import * as audit from '../contracts/tools/audit.ts';
import { defineAgent } from './define-agent.ts';
import { namesSomebody } from './names-somebody.ts';
import { auditSummary, rehearseAudit } from './rehearse/audit.ts';

const Step = z.strictObject({ step: z.string().min(1).max(60), outcome: z.string().min(1).max(60) });

/** Writes the last line of a case into the audit chain. It finishes without a model too. */
export const writeAudit = defineAgent({
  name: 'writeAudit',
  purpose: 'Record how the case ended.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    caseId: z.string().min(1).max(200),
    outcome: z.string().min(1).max(60),
    decisionsDigest: z.string().regex(/^[0-9a-f]{64}$/),
    steps: z.array(Step).max(40),
    /** Absent where nobody's case it was. */
    tenant: z.string().min(1).max(40).optional(),
    /** Absent from cases that began before decisions were kept. */
    decisions: z.array(AuditLine).max(audit.MOST_AUDITED).optional(),
  }),
  shows: ['outcome', 'steps'],
  tool: audit.appendAudit,
  bound: {
    caseId: (input) => input.caseId,
    outcome: (input) => input.outcome,
    decisionsDigest: (input) => input.decisionsDigest,
    process: (_, facts) => facts.process,
    tenant: (input) => input.tenant,
    decisions: (input, facts) => input.decisions?.map((line) => decisionOf(line, facts.startedAt)),
  },
  forbids: ({ summary }) => namesSomebody(summary),
  distrusts: (answer, call) => {
    if (answer.hash !== answer.previous) return;
    return fail('BadAnswer', 'The audit chain did not move.', { caseId: call.caseId, sequence: answer.sequence });
  },
  fallback: (input) => ({ summary: auditSummary(input) }),
  rehearse: rehearseAudit,
  bounds: { iterations: 3, maxInputBytes: 10_000, maxOutputTokens: 300, timeout: '20s', patience: '60s' },
});
