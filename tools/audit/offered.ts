import { appendAudit, listAudit } from '../../contracts/tools/audit.ts';
import type { Database } from '../database.ts';
import { type OfferParts, offer } from '../offer.ts';
import { append } from './chain.ts';
import { listDecisions } from './kept.ts';

/** The audit, ready to be called. */
export const offerAudit = (parts: OfferParts, database: Database) => ({
  'audit.append': offer(appendAudit, { kind: 'here', act: append }, parts),
  'audit.list': offer(listAudit, { kind: 'read', read: (call) => listDecisions(database, call) }, parts),
});
