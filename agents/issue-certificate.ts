import { z } from 'zod';
import { ContentHash, GivenApproval, VersionId } from '../contracts/documents.ts';
import { fail } from '../contracts/failures.ts';
import * as certificates from '../contracts/tools/certificates.ts';
import { defineAgent } from './define-agent.ts';

/** Writes down who approved which content, and when. Nothing in it is a judgement, so no model is asked. */
export const issueCertificate = defineAgent({
  name: 'issueCertificate',
  purpose: 'Certify the approvals of a document.',
  tier: 'none',
  stakes: 'high',
  input: z.strictObject({
    doc_id: VersionId,
    hash: ContentHash,
    policy: z.string().min(1).max(100),
    approvals: z.array(GivenApproval).min(1).max(28),
  }),
  shows: [],
  tool: certificates.issueCertificate,
  bound: {
    doc_id: (input) => input.doc_id,
    hash: (input) => input.hash,
    policy: (input) => input.policy,
    approvals: (input) => input.approvals,
  },
  distrusts: (answer, call) => {
    if (answer.doc_id === call.doc_id && answer.hash === call.hash) return;
    const details = {
      asked: { doc_id: call.doc_id, hash: call.hash },
      got: { doc_id: answer.doc_id, hash: answer.hash },
    };
    return fail('WrongSubject', 'The certificate is about another content than the one approved.', details);
  },
  bounds: { iterations: 1, maxInputBytes: 10_000, maxOutputTokens: 50, timeout: '20s', patience: '60s' },
});
