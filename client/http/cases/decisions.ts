import type { Principal } from '../access/principal.ts';
import { reachOf } from '../access/routes.ts';
import { findCase } from '../found-case.ts';
import type { HttpParts, PastDecisions } from '../parts.ts';
import { asProblem, noSuchCase } from '../problem.ts';

/**
 * What was decided in a case. The audit remembers it for longer than the server does the case; then it is there for who
 * may read all cases of its tenant, since nobody can tell any more who has started it.
 */
export async function decisionsOf(
  parts: HttpParts,
  principal: Principal,
  caseId: string,
  limit: number,
): Promise<PastDecisions> {
  const isThere = await findCase(parts, principal, caseId, 'cases.decisions').then(
    () => true,
    (error: unknown) => {
      if (asProblem(error).status !== 404) throw error;
      return false;
    },
  );
  if (!isThere && reachOf(principal.roles, 'cases.decisions') !== 'tenant') throw noSuchCase();
  const past = await parts.decisions.list({ caseId, tenant: principal.tenant, limit });
  if (!isThere && past.decisions.length === 0) throw noSuchCase();
  return past;
}
