import { z } from 'zod';
import { VersionId } from '../contracts/documents.ts';
import { fail } from '../contracts/failures.ts';
import * as approvals from '../contracts/tools/approvals.ts';
import { defineAgent } from './define-agent.ts';

/** Puts the document before a person whom the policy names. Nothing in it is a judgement, so no model is asked. */
export const routeForApproval = defineAgent({
  name: 'routeForApproval',
  purpose: 'Put the document before one approver.',
  tier: 'none',
  stakes: 'high',
  input: z.strictObject({ doc_id: VersionId, approver_id: z.string().min(1).max(100) }),
  shows: [],
  tool: approvals.routeForApproval,
  bound: {
    doc_id: (input) => input.doc_id,
    approver_id: (input) => input.approver_id,
  },
  distrusts: (answer, call) => {
    if (answer.doc_id === call.doc_id && answer.approver_id === call.approver_id) return;
    const details = { asked: { doc_id: call.doc_id }, got: { doc_id: answer.doc_id } };
    return fail('WrongSubject', 'Another document or another approver was routed than the one asked about.', details);
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '60s' },
});
