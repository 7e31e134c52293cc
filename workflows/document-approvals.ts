import { workflowInfo } from '@temporalio/workflow';
import { routeForApproval } from '../agents/index.ts';
import { showMinor } from '../contracts/amounts.ts';
import { type ApprovalPlan, planApprovals } from '../contracts/approval-matrix.ts';
import type { Answer } from '../contracts/decision.ts';
import { digestOfText } from '../contracts/digest.ts';
import type { Person } from '../contracts/directory.ts';
import type { DocumentPolicy, Stage } from '../contracts/document-policy.ts';
import { type DocumentRequest, type DocumentSubject, type GivenApproval, versionOf } from '../contracts/documents.ts';
import { fail } from '../contracts/failures.ts';
import type { About } from '../contracts/messages.ts';
import type { ToolOutput } from '../contracts/tool.ts';
import { issueCertificate } from '../contracts/tools/certificates.ts';
import { roster } from './activities.ts';
import type { Reply } from './approval.ts';
import type { Case } from './case.ts';
import type { DocumentMoves, Interruption } from './document-moves.ts';
import { CaseFailure } from './endings.ts';

/** A case with all that its steps need. */
export interface Desk {
  readonly host: Case;
  readonly request: DocumentRequest;
  readonly policy: DocumentPolicy;
  readonly moves: DocumentMoves;
  /** Those whom the matrix names, as they were when the case began; read again where they are too few. */
  directory?: readonly Person[] | undefined;
}

/** A version that fits its schema. */
export interface ValidVersion {
  readonly doc_id: string;
  readonly hash: string;
  readonly subject: DocumentSubject;
  readonly authors: readonly string[];
}

type Routed = ToolOutput<typeof routeForApproval.tool>;

/** What people said about one version, or did to it. */
export type Said =
  | Interruption
  | { readonly kind: 'approved'; readonly approvals: readonly GivenApproval[]; readonly yeses: readonly Answer[] }
  | { readonly kind: 'declined' | 'changes'; readonly by: string; readonly why: string }
  | { readonly kind: 'expired' };

/** Asks everybody whom the matrix names, one stage after the other. The first no ends it. */
export async function collectApprovals(desk: Desk, version: ValidVersion): Promise<Said> {
  const approvals: GivenApproval[] = [];
  const yeses: Answer[] = [];
  const stages = await planStages(desk, version);
  if ('kind' in stages) return stages;
  for (const stage of stages) {
    const ended = await takeStage(desk, version, stage, approvals, yeses);
    if (ended) return ended;
  }
  return { kind: 'approved', approvals, yeses };
}

/** Where too few people may approve, somebody puts the directory right and it is read anew. */
async function planStages(
  desk: Desk,
  { doc_id, subject, authors }: ValidVersion,
): Promise<readonly Stage[] | Interruption> {
  const { host, policy, moves } = desk;
  const excluded = [...authors, ...whoAsked(desk)];
  for (;;) {
    const known = desk.directory ?? (await roster({ roles: [], people: everybodyIn(policy) }));
    const plan: ApprovalPlan = planApprovals(policy, subject, known, excluded);
    if (plan.kind === 'stages') return plan.stages;
    desk.directory = undefined;
    const asks = `${doc_id} cannot be routed: ${plan.why}. Once that is put right, go on?`;
    await host.ask(
      'routeForApproval',
      asks,
      { subject },
      {
        subject: doc_id,
        tier: 'compliance',
        rule: 'too-few-approvers',
        why: plan.why,
        risk: 'medium',
        consequence: 'The directory is read again, and the document is put before whom the matrix names.',
        reversible: true,
      },
    );
    if (moves.interruption) return moves.interruption;
  }
}

/** Whom the input names, and who has started the case through the API: neither could approve it. */
function whoAsked({ host, request }: Desk): string[] {
  const caller = host.release.callerPassedOver ? workflowInfo().memo?.['startedBy'] : undefined;
  return typeof caller === 'string' ? [request.requestedBy, caller] : [request.requestedBy];
}

/** All whom the matrix names, each once. */
export const everybodyIn = ({ matrix, standIns }: DocumentPolicy): string[] => [
  ...new Set([...matrix.flatMap(({ stages }) => stages.flatMap(({ approvers }) => approvers)), ...standIns]),
];

/** Puts the version before everybody of the stage, and waits until so many of them have said yes. */
async function takeStage(
  desk: Desk,
  version: ValidVersion,
  stage: Stage,
  approvals: GivenApproval[],
  yeses: Answer[],
): Promise<Said | undefined> {
  const { host, moves } = desk;
  // Who is asked is read again with each question; here it only matters who they are.
  const people = desk.directory ?? (await roster({ roles: [], people: stage.approvers }));
  const routes: Routed[] = [];
  for (const approver of stage.approvers) {
    if (moves.interruption) return moves.interruption;
    routes.push(await route(desk, version, approver));
  }
  if (moves.interruption) return moves.interruption;
  const ballot = new Ballot(stage, approvals, yeses);
  await Promise.all(
    routes.map(async (routed) => {
      const named = people.filter(({ person }) => person === routed.approver_id);
      const question = questionOf(desk, version, stage, routed, approvals);
      ballot.count(await host.requests.ask({ ...question, named }));
      // Whoever has not answered by now is not needed any more.
      if (ballot.over) host.requests.withdraw();
    }),
  );
  return ballot.ended ?? moves.interruption;
}

/** Counts what the people of one stage say. */
class Ballot {
  readonly #stage: Stage;
  readonly #approvals: GivenApproval[];
  readonly #yeses: Answer[];
  #yes = 0;
  #silent = 0;
  #ended: Said | undefined;

  constructor(stage: Stage, approvals: GivenApproval[], yeses: Answer[]) {
    this.#stage = stage;
    this.#approvals = approvals;
    this.#yeses = yeses;
  }

  /** How the whole approval ends here; nothing where it goes on. */
  get ended(): Said | undefined {
    return this.#ended;
  }

  get over(): boolean {
    return this.#ended !== undefined || this.#yes >= this.#stage.needed;
  }

  count(reply: Reply): void {
    if (reply.verdict === 'unanswered') this.#silent += 1;
    if (this.#stage.approvers.length - this.#silent < this.#stage.needed) this.#ended ??= { kind: 'expired' };
    if (!('by' in reply) || this.#ended) return;
    const { verdict, by, at, digest, reason = '' } = reply;
    if (verdict !== 'approve') {
      this.#ended = { kind: verdict === 'decline' ? 'declined' : 'changes', by, why: reason };
      return;
    }
    this.#yes += 1;
    this.#approvals.push({ approver_id: by, at, digest });
    this.#yeses.push(reply);
  }
}

async function route({ host, request }: Desk, { doc_id, hash }: ValidVersion, approver_id: string): Promise<Routed> {
  const reference = `${request.requestId}:v${versionOf(doc_id)}:${digestOfText(approver_id).slice(0, 8)}`;
  const routed = await host.step(
    routeForApproval,
    { doc_id, approver_id },
    { leaves: 'a document put before an approver', reference },
  );
  if (routed.hash === hash) return routed;
  const details = { doc_id, asked: { hash }, got: { hash: routed.hash } };
  throw new CaseFailure(
    fail('WrongSubject', 'Another content was routed than the one that was found valid.', details),
    'routeForApproval',
  );
}

function questionOf(
  { host, policy }: Desk,
  version: ValidVersion,
  stage: Stage,
  routed: Routed,
  given: readonly GivenApproval[],
) {
  const { doc_id, hash, subject } = version;
  const { view, wholeInView, comparedWith, differences, differenceCount } = routed;
  const { needed, approvers } = stage;
  const many = approvers.length > 1 ? ` ${needed} of ${approvers.length} have to say yes.` : '';
  const changed = comparedWith ? ` It differs from ${comparedWith} in ${differenceCount} places.` : '';
  return {
    kind: 'approval' as const,
    step: 'approval',
    personally: true,
    about: aboutDocument(version, stage, host.release.policy.id),
    grant: () => ({ tool: issueCertificate.name, args: { doc_id, hash } }),
    asks: `May the ${subject.kind} ${doc_id}${amountOf(subject)} be approved? Its content is ${hash.slice(0, 19)}.${many}${changed}`,
    call: { doc_id, hash, document: view, whole: wholeInView, comparedWith, differences },
    facts: { hash, policy: host.release.policy.id, subject, earlier: given.map(({ digest }) => digest) },
    ladder: [{ role: 'manager' as const, hours: policy.answerWithinHours }],
  };
}

function aboutDocument({ doc_id, subject }: ValidVersion, { needed, approvers }: Stage, policy: string): About {
  const { amountMinor, currency, kind } = subject;
  return {
    subject: doc_id,
    ...(amountMinor === null || currency === null ? {} : { amount: { minor: amountMinor, currency } }),
    tier: 'approver',
    rule: 'approval-matrix',
    why: `The matrix of ${policy} names ${approvers.join(', ')} for this ${kind}; ${needed} of ${approvers.length} decide.`,
    risk: kind === 'contract' ? 'high' : 'medium',
    consequence: 'When everybody who is needed has said yes, a certificate of this content is issued.',
    reversible: false,
  };
}

function amountOf({ amountMinor, currency }: DocumentSubject): string {
  if (amountMinor === null || currency === null) return '';
  return ` over ${showMinor(amountMinor, currency)}`;
}
