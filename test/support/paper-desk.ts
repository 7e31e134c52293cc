import type { DocumentPolicy } from '../../contracts/document-policy.ts';
import { documentOf, versionOf } from '../../contracts/documents.ts';
import { fakeRelease, POLICY } from './fake-release.ts';
import type { FakeTools } from './fake-tools.ts';

const HASH = (version: number) => `sha256-${String(version).repeat(64).slice(0, 64)}`;
const idOf = (docId: unknown): string =>
  versionOf(String(docId)) === undefined ? `${documentOf(String(docId))}@1` : String(docId);

export const subject = { kind: 'invoice', number: 'R-77', currency: 'EUR', amountMinor: 125_000 };

/** What the approval desk's tools answer when all is well; a document is what `change` says of it. */
export const answerPapers = (tools: FakeTools, change: Record<string, unknown> = {}): FakeTools =>
  tools
    .answer('documents.validate_document', ({ doc_id, schema }) => ({
      doc_id: idOf(doc_id),
      hash: HASH(versionOf(idOf(doc_id)) ?? 1),
      format: 'json',
      schema,
      valid: true,
      errors: [],
      errorCount: 0,
      subject,
      looksLike: 'invoice-1',
      authors: ['lena'],
      ...change,
    }))
    .answer('documents.route_for_approval', ({ doc_id, approver_id }) => ({
      doc_id,
      hash: HASH(versionOf(String(doc_id)) ?? 1),
      approver_id,
      state: 'waits',
      routedAt: new Date().toISOString(),
      view: '{ "number": "R-77" }',
      wholeInView: true,
      comparedWith: versionOf(String(doc_id)) === 1 ? null : `${documentOf(String(doc_id))}@1`,
      differences: versionOf(String(doc_id)) === 1 ? [] : ['/total was 100, is 120'],
      differenceCount: versionOf(String(doc_id)) === 1 ? 0 : 1,
    }))
    .answer('documents.notify_stakeholders', ({ doc_id }) => ({
      doc_id,
      notificationId: 'n-1',
      recipients: 2,
      state: 'sent',
    }))
    .answer('certificates.issue', ({ doc_id, hash }) => ({
      certificateId: 'cert-0123456789ab',
      doc_id,
      hash,
      issuedAt: new Date().toISOString(),
    }));

/** One person up to 1,000.00 EUR, two in sequence up to 10,000.00, then two of three; contracts need one of two. */
export const DOCUMENTS: DocumentPolicy = {
  schemas: ['invoice-1', 'contract-1'],
  matrix: [
    { kind: 'invoice', currency: 'EUR', upToMinor: 100_000, stages: [{ approvers: ['mia'], needed: 1 }] },
    {
      kind: 'invoice',
      currency: 'EUR',
      upToMinor: 1_000_000,
      stages: [
        { approvers: ['mia'], needed: 1 },
        { approvers: ['carla'], needed: 1 },
      ],
    },
    { kind: 'invoice', currency: null, upToMinor: null, stages: [{ approvers: ['mia', 'carla', 'omar'], needed: 2 }] },
    { kind: 'contract', currency: null, upToMinor: null, stages: [{ approvers: ['mia', 'carla'], needed: 1 }] },
  ],
  standIns: ['omar'],
  answerWithinHours: 48,
  newVersionWithinHours: 72,
  mostVersions: 3,
  mayVoid: ['operations'],
};

export const documentRelease = (documents: DocumentPolicy = DOCUMENTS) =>
  fakeRelease({
    policy: {
      documents,
      processes: {
        ...POLICY.processes,
        approveDocument: { capMicroUsd: 500_000, raiseCeilingMicroUsd: 2_000_000, modelCalls: 18, deadlineSeconds: 90 },
      },
    },
  });
