import { z } from 'zod';
import { ContentHash, GivenApproval, VersionId } from '../documents.ts';
import { defineTool } from '../tool.ts';

/** Approvals come in stages, each of which may take days; a certificate rests on all of them. */
const COLLECTED_WITHIN_S = 60 * 24 * 3600;

/** Writes down who approved which content, and when; in one run once for each version of a document. */
export const issueCertificate = defineTool({
  name: 'certificates.issue',
  purpose: 'Certify who approved which version of a document.',
  kind: 'effect',
  input: z.strictObject({
    doc_id: VersionId,
    hash: ContentHash,
    policy: z.string().min(1).max(100),
    approvals: z.array(GivenApproval).min(1).max(28),
  }),
  output: z.strictObject({
    certificateId: z.string().regex(/^cert-[0-9a-f]{12}$/),
    doc_id: VersionId,
    hash: ContentHash,
    issuedAt: z.iso.datetime(),
  }),
  guarded: ['doc_id', 'hash', 'policy', 'approvals'],
  personal: [],
  /** No approval is certified that its approver has not signed. */
  yesLastsS: COLLECTED_WITHIN_S,
  needs: ({ doc_id, hash, approvals }) => ({
    grants: approvals.map(({ approver_id, digest }) => ({
      tool: 'certificates.issue',
      args: { doc_id, hash },
      by: approver_id,
      digest,
    })),
  }),
  maxAnswerBytes: 16_000,
});
