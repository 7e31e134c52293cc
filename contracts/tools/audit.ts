import { z } from 'zod';
import { defineTool } from '../tool.ts';

/** Appends one entry to the hash chain that nobody can rewrite unseen. */
export const appendAudit = defineTool({
  name: 'audit.append',
  purpose: 'Append the end of a case to the audit chain.',
  kind: 'effect',
  input: z.strictObject({
    caseId: z.string().min(1).max(200),
    outcome: z.string().min(1).max(60),
    decisionsDigest: z.string().regex(/^[0-9a-f]{64}$/),
    summary: z.string().min(1).max(500),
  }),
  output: z.strictObject({
    sequence: z.int().positive(),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    previous: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  guarded: ['caseId', 'outcome', 'decisionsDigest'],
  personal: ['summary'],
  maxAnswerBytes: 16_000,
});
