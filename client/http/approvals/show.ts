import type { OpenRequest } from '../../../contracts/messages.ts';
import type { PastDecision } from '../../../contracts/tools/audit.ts';
import type { Principal } from '../access/principal.ts';
import { reachOf } from '../access/routes.ts';
import { timelineOf } from '../cases/timeline.ts';
import { rowOf } from '../found-case.ts';
import type { HttpParts } from '../parts.ts';
import type { ShownApproval } from '../shapes.ts';
import { whoAsks } from './board.ts';
import { mayAnswer } from './may-answer.ts';
import { findRequest, noSuchRequest } from './open-request.ts';

const MOST_SIMILAR = 5;
/** So many of the newest of its kind are looked through for those that are alike. */
const LOOKED_THROUGH = 60;
const NOTHING = { decisions: [], more: false };

/** Everything that somebody needs who has to decide. */
export async function showApproval(
  parts: HttpParts,
  principal: Principal,
  caseId: string,
  approval: string,
): Promise<ShownApproval> {
  const { found, status, request } = await findRequest(parts, principal, { case: caseId, approval }, 'approvals.show');
  if (!request) throw noSuchRequest(status);
  const { kind } = request;
  const { process } = status;
  const [people, past, timeline] = await Promise.all([
    parts.people(),
    similarTo(parts, principal, process, kind),
    timelineOf(parts, found, status),
  ]);
  const { uiUrl } = rowOf(found.info, parts);
  return {
    case: found.workflowId,
    run: found.runId,
    process,
    startedAt: found.info.startTime.toISOString(),
    ...whoAsks(request, found.owner),
    request,
    ...answerableBy(mayAnswer(people, principal.person, request)),
    similar: past.decisions.filter((each) => each.caseId !== caseId && isAlike(each, request)).slice(0, MOST_SIMILAR),
    timeline,
    ...aboutDocument(request),
    ...(uiUrl ? { uiUrl } : {}),
  };
}

/** Asked by the same rule; where a call is to be made, at the same step as well. */
const isAlike = ({ rule, step }: PastDecision, request: Pick<OpenRequest, 'rule' | 'kind' | 'step'>): boolean =>
  rule === request.rule && (request.kind !== 'proposal' || withoutNumber(step) === withoutNumber(request.step));

/** A step that a case came to again has a number behind its name. */
const withoutNumber = (step: string): string => step.replace(/-\d+$/, '');

/** Past ones of the same kind, for who may read decisions at all: the requester of one case may not read the others'. */
function similarTo({ decisions }: HttpParts, { roles, tenant }: Principal, process: string, kind: OpenRequest['kind']) {
  if (!reachOf(roles, 'decisions.list')) return NOTHING;
  return decisions.list({ process, kind, tenant, limit: LOOKED_THROUGH }).catch(() => NOTHING);
}

const answerableBy = ({ may, whyNot }: { readonly may: boolean; readonly whyNot?: string }) => ({
  mayAnswer: may,
  ...(whyNot ? { whyNot } : {}),
});

/** Its call names the document, and holds what is different from the version before. */
function aboutDocument({ kind, call }: OpenRequest): Pick<ShownApproval, 'document'> {
  const id = kind === 'approval' ? call?.['doc_id'] : undefined;
  return typeof id === 'string' ? { document: { id } } : {};
}
