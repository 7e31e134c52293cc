import type { CaseStatus, OpenRequest } from '../../../contracts/messages.ts';
import type { Principal } from '../access/principal.ts';
import type { Operation } from '../access/routes.ts';
import { statusOf } from '../cases/show.ts';
import { type FoundCase, findCase, isClosed } from '../found-case.ts';
import type { HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** A request that is open now, as its case itself tells it. */
export interface FoundRequest {
  readonly found: FoundCase;
  readonly status: CaseStatus;
  /** Missing where the case has no such question, or none any more. */
  readonly request: OpenRequest | undefined;
}

/** @throws Problem 404 for a case that is not there for the caller, 503 where nobody answers for it */
export async function findRequest(
  parts: HttpParts,
  principal: Principal,
  caseId: string,
  approval: string,
  operation: Operation,
): Promise<FoundRequest> {
  const found = await findCase(parts, principal, caseId, operation);
  // What is over asks nothing, and a worker would have to read its whole history to say so.
  if (isClosed(found.info)) throw closed(caseId);
  const status = await statusOf(parts, found, found.info);
  if (!status) throw closed(caseId);
  return { found, status, request: status.waiting.find((each) => each.approval === approval) };
}

const closed = (caseId: string): Problem =>
  new Problem(
    'already-decided',
    `The case is over, and asks nothing any more. How it ended: GET /v1/cases/${encodeURIComponent(caseId)}/result`,
  );

export const noSuchRequest = ({ waiting }: CaseStatus): Problem => {
  const open = waiting.map(({ approval }) => approval).join(', ');
  return new Problem('not-found', `The case asks no such thing now. Open are: ${open || 'none'}.`);
};
