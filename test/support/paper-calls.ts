import { createHash } from 'node:crypto';
import { Paper } from '../../outside/paper.ts';
import type { Sample } from './tool-calls.ts';

export const INVOICE = {
  number: 'R-77',
  date: '2026-03-01',
  supplier: 'Nordlicht GmbH',
  currency: 'EUR',
  total: 119.5,
  lines: [
    { description: 'Chairs', quantity: 2, total: 100 },
    { description: 'Delivery', total: 19.5 },
  ],
};

/** What the store of the tests begins with. */
export const PAPERS = [
  Paper.parse({ document: 'PAPER-1', version: 1, author: 'lena', content: INVOICE }),
  Paper.parse({ document: 'PAPER-2', version: 1, author: 'lena', content: { ...INVOICE, total: 'much' } }),
];

const hash = `sha256-${createHash('sha256')
  .update(PAPERS[0]?.content ?? '')
  .digest('hex')}`;
const approvals = [{ approver_id: 'mia', at: '2026-03-02T10:00:00.000Z', digest: 'a'.repeat(64) }];

type Name =
  | 'documents.validate_document'
  | 'documents.route_for_approval'
  | 'documents.notify_stakeholders'
  | 'certificates.issue';

/** One good call of each tool of the approval desk. */
export const PAPER_SAMPLES: Readonly<Record<Name, Sample>> = {
  'documents.validate_document': {
    call: () => ({ doc_id: 'PAPER-1', schema: 'invoice-1' }),
    inOtherWords: { schema: 'contract-1' },
    otherGuarded: { doc_id: 'PAPER-1@1' },
    says: {
      doc_id: 'PAPER-1@1',
      hash,
      valid: true,
      subject: { kind: 'invoice', amountMinor: 11_950 },
      authors: ['lena'],
    },
  },
  'documents.route_for_approval': {
    call: () => ({ doc_id: 'PAPER-1@1', approver_id: 'mia' }),
    otherGuarded: { approver_id: 'omar' },
    says: { doc_id: 'PAPER-1@1', hash, approver_id: 'mia', state: 'waits', comparedWith: null },
  },
  'documents.notify_stakeholders': {
    call: () => ({ doc_id: 'PAPER-1@1', message: 'PAPER-1@1 is approved.' }),
    inOtherWords: { message: 'PAPER-1@1 has been approved.' },
    otherGuarded: { doc_id: 'PAPER-2@1' },
    says: { doc_id: 'PAPER-1@1', state: 'sent', recipients: 2 },
  },
  'certificates.issue': {
    call: () => ({ doc_id: 'PAPER-1@1', hash, policy: 'standard-2', approvals }),
    otherGuarded: { policy: 'another' },
    says: { doc_id: 'PAPER-1@1', hash },
  },
};
