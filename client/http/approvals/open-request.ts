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

/**
 * @throws Problem 404 for a case that is not there for the caller, 409 for one that is over, 503 where nobody answers for
 *   it
 */
export async function findRequest(
  parts: HttpParts,
  principal: Principal,
  { case: caseId, approval }: Target,
  operation: Operation,
): Promise<FoundRequest> {
  const found = await findCase(parts, principal, caseId, operation);
  // What is over asks nothing, and a worker would have to read its whole history to say so.
  const status = isClosed(found.info) ? undefined : await statusOf(parts, found, found.info);
  if (!status) throw await tooLate(parts, principal, { case: caseId, approval });
  return { found, status, request: status.waiting.find((each) => each.approval === approval) };
}

/** A request, by the names that it has in addresses. */
export interface Target {
  readonly case: string;
  readonly approval: string;
}

/** For a case that is over: who decided is in the audit. */
export async function tooLate(
  { decisions }: Pick<HttpParts, 'decisions'>,
  { tenant }: Principal,
  { case: caseId, approval }: Target,
): Promise<Problem> {
  const past = await decisions.list({ caseId, tenant, limit: MOST_DECISIONS }).catch(() => undefined);
  const answers = past?.decisions.flatMap((decision) => decision.answers) ?? [];
  const decidedBy = answers.findLast((answer) => answer.approval === approval)?.by;
  if (decidedBy) return new Problem('already-decided', `already decided by ${decidedBy}`, { decidedBy });
  const result = `/v1/cases/${encodeURIComponent(caseId)}/result`;
  return new Problem('already-decided', `The case is over, and asks nothing any more. How it ended: GET ${result}`);
}

const MOST_DECISIONS = 200;

export const noSuchRequest = ({ waiting }: CaseStatus): Problem => {
  const open = waiting.map(({ approval }) => approval).join(', ');
  return new Problem('not-found', `The case asks no such thing now. Open are: ${open || 'none'}.`);
};
