import { notifyStakeholders, routeForApproval, validateDocument } from '../../contracts/tools/approvals.ts';
import { issueCertificate } from '../../contracts/tools/certificates.ts';
import { certify } from '../certificates/certificates.ts';
import type { Database } from '../database.ts';
import type { WebhookSettings } from '../notifications/adapter.ts';
import { type OfferParts, offer } from '../offer.ts';
import { tellStakeholders } from './adapter.ts';
import { readPaper } from './papers.ts';
import { routePaper } from './route.ts';
import { stakeholdersOf } from './stakeholders.ts';
import { validatePaper } from './validate.ts';

/** The tools of the approval desk, ready to be called. */
export const offerApprovals = (parts: OfferParts, database: Database, webhook: WebhookSettings, leaseMs: number) => ({
  'documents.validate_document': offer(
    validateDocument,
    { kind: 'read', read: (call) => validatePaper(database, call) },
    parts,
  ),
  'documents.route_for_approval': offer(routeForApproval, { kind: 'here', act: routePaper }, parts),
  'documents.notify_stakeholders': offer(
    notifyStakeholders,
    {
      kind: 'outside',
      leaseMs,
      repeatable: true,
      act: async (call, context) => {
        const paper = await readPaper(database, call.doc_id);
        return tellStakeholders(webhook, paper, await stakeholdersOf(database, paper), call, context);
      },
    },
    parts,
  ),
  'certificates.issue': offer(issueCertificate, { kind: 'here', act: certify }, parts),
});
