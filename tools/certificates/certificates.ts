import { digestOfText } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { issueCertificate } from '../../contracts/tools/certificates.ts';
import { readPaper } from '../approvals/papers.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { rejected } from '../trouble.ts';

/** Writes the certificate, of this content and no other, and only of people whom it was put before. */
export async function certify(
  { doc_id, hash, policy, approvals }: ToolInput<typeof issueCertificate>,
  { key, run, now }: ToolContext,
  store: Store,
): Promise<ToolOutput<typeof issueCertificate>> {
  const paper = await readPaper(store, doc_id);
  const { document, version } = paper;
  if (paper.hash !== hash) throw rejected('the content is not the one that was approved', { doc_id });
  const people = approvals.map(({ approver_id }) => approver_id.trim().toLowerCase());
  if (new Set(people).size !== people.length) throw rejected('somebody is named twice', { doc_id });
  const routes = await store
    .selectFrom('approvalRoutes')
    .select('approver')
    .where('document', '=', document)
    .where('version', '=', version)
    .execute();
  const strangers = people.filter((name) => !routes.some(({ approver }) => approver === name));
  if (strangers.length > 0)
    throw rejected('somebody approved whom the document was not put before', { doc_id, people: strangers.length });
  const at = now();
  const certificateId = `cert-${digestOfText(`${doc_id}:${hash}:${key}`).slice(0, 12)}`;
  const row = { document, version, certificateId, hash, policy, approvals: JSON.stringify(approvals), run, key, at };
  const inserted = await store
    .insertInto('approvalCertificates')
    .values(row)
    .onConflict((conflict) => conflict.columns(['document', 'version', 'run']).doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows !== 1n) throw rejected('this version has its certificate already', { doc_id });
  return { certificateId, doc_id, hash, issuedAt: new Date(at).toISOString() };
}
