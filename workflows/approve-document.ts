import { issueCertificate, notifyStakeholders, validateDocument } from '../agents/index.ts';
import type { Person } from '../contracts/directory.ts';
import {
  type DocumentEnd,
  DocumentRequest,
  type DocumentState,
  type HouseSchema,
  versionOf,
} from '../contracts/documents.ts';
import { fail } from '../contracts/failures.ts';
import { EXCERPT_BYTES, excerpt } from '../contracts/text.ts';
import type { ToolOutput } from '../contracts/tool.ts';
import { roster } from './activities.ts';
import type { Case } from './case.ts';
import type { Stopped } from './closing.ts';
import { collectApprovals, type Desk, everybodyIn, type Said, type ValidVersion } from './document-approvals.ts';
import { DocumentMoves } from './document-moves.ts';
import { CaseFailure } from './endings.ts';
import { openCase, parseInput } from './open-case.ts';

type Checked = ToolOutput<typeof validateDocument.tool>;
type Approved = Extract<Said, { kind: 'approved' }>;
type Ended = Omit<DocumentEnd, 'doc_id' | 'hash'>;

/** From a document in the store to a certificate: who approved which content, and when. */
export async function approveDocument(raw: unknown): Promise<DocumentEnd | Stopped> {
  const request = parseInput(DocumentRequest, raw);
  const { requestId, requestedBy, capMicroUsd } = request;
  const host = await openCase('approveDocument', { reference: requestId, requestedBy, capMicroUsd });
  const { id, documents: policy } = host.release.policy;
  const { mayVoid, directory } = await readPeople(host);
  const moves = new DocumentMoves(request, host.requests, mayVoid, policy?.mostVersions ?? 1);

  return host.run(async () => {
    if (!policy)
      throw new CaseFailure(
        fail('ReleaseBroken', `The policy ${id} says nothing about documents.`, { policy: id }),
        'open',
      );
    const desk = { host, request, policy, moves, directory };
    for (;;) {
      const end = await takeVersion(desk, moves.take());
      if (end) return end;
    }
  });
}

/**
 * Who may take a case back, and everybody whom the matrix names. One reading serves both; cases that began with a reading
 * for each go on like that.
 */
async function readPeople({
  release: { policy, answersChecked },
}: Case): Promise<{ mayVoid: Person[]; directory?: Person[] }> {
  const { documents } = policy;
  if (!documents) return { mayVoid: [] };
  if (answersChecked) {
    const directory = await roster({ roles: documents.mayVoid, people: everybodyIn(documents) });
    return {
      mayVoid: directory.filter(({ roles }) => roles.some((role) => documents.mayVoid.includes(role))),
      directory,
    };
  }
  return { mayVoid: documents.mayVoid.length > 0 ? await roster({ roles: documents.mayVoid }) : [] };
}

/** One version of the document, to its end; nothing where a new version takes its place. */
async function takeVersion(desk: Desk, docId: string): Promise<DocumentEnd | undefined> {
  const checked = await validate(desk, docId);
  const { doc_id, hash, subject, authors } = checked;
  desk.moves.isReally(doc_id);
  const kind = subject?.kind ?? 'document';
  const end = async (state: DocumentState, ended: Ended, approvals = 0): Promise<DocumentEnd> => {
    desk.moves.decide();
    await tell(desk, doc_id, state, kind, approvals);
    return { doc_id, hash, ...ended };
  };
  if (!checked.valid || !subject) {
    const { errors, errorCount } = checked;
    return end('invalid', { outcome: 'invalid', why: `${errorCount} errors`, errors });
  }

  const version: ValidVersion = { doc_id, hash, subject, authors };
  return desk.host.agreed(
    async () => desk.moves.interruption ?? (await collectApprovals(desk, version)),
    (said) => conclude(desk, version, said, end),
  );
}

/** What follows from what people said; nothing where a new version takes the place of this one. */
async function conclude(desk: Desk, version: ValidVersion, said: Said, end: EndWith): Promise<DocumentEnd | undefined> {
  if (said.kind === 'changes') return waitForChanges(desk, version, said, end);
  if (said.kind === 'superseded') return undefined;
  if (said.kind === 'approved') return certify(desk, version, said, end);
  if (said.kind === 'expired') return end('void', { outcome: 'void', why: 'Too few people answered in time.' });
  const { by, why } = said;
  return said.kind === 'declined'
    ? end('declined', { outcome: 'declined', by, why })
    : end('void', { outcome: 'void', by, why });
}

/** Where the document is plainly of the other kind, it is held against that one's schema: what it is decides, not the note. */
async function validate({ host, request, policy }: Desk, doc_id: string): Promise<Checked> {
  const note = excerpt(request.note, EXCERPT_BYTES);
  const hold = (schemas: HouseSchema[]) => host.step(validateDocument, { docId: doc_id, note, schemas });
  const checked = await hold(policy.schemas);
  const { valid, looksLike, schema } = checked;
  const other = looksLike !== null && looksLike !== schema && policy.schemas.includes(looksLike);
  return !valid && other ? hold([looksLike]) : checked;
}

type EndWith = (state: DocumentState, ended: Ended, approvals?: number) => Promise<DocumentEnd>;

/** From here on neither a new version nor a void can come between the last yes and the certificate. */
async function certify(
  desk: Desk,
  version: ValidVersion,
  { approvals, yeses }: Approved,
  end: EndWith,
): Promise<DocumentEnd> {
  const { host, request, moves } = desk;
  moves.decide();
  const { doc_id, hash } = version;
  const { certificateId, issuedAt } = await host.step(
    issueCertificate,
    { doc_id, hash, policy: host.release.policy.id, approvals: [...approvals] },
    { leaves: 'a certificate', reference: referenceOf(request.requestId, doc_id), approvals: yeses },
  );
  return end(
    'approved',
    { outcome: 'approved', certificate: { certificateId, issuedAt, approvals } },
    approvals.length,
  );
}

/** Waits for a new version, and so for as long as its authors have. */
async function waitForChanges(
  desk: Desk,
  { doc_id, hash, subject, authors }: ValidVersion,
  { by, why }: Extract<Said, { kind: 'changes' | 'declined' }>,
  end: EndWith,
): Promise<DocumentEnd | undefined> {
  const { host, moves, policy } = desk;
  const last = `${by} asked for changes: ${why}`;
  if (!moves.takesVersions) return end('void', { outcome: 'void', by, why: `No further version is taken. ${last}` });
  await tell(desk, doc_id, 'changes-requested', subject.kind, 0);
  const mayGiveUp = await roster({ roles: policy.mayVoid, people: authors });
  const asked = moves.interruption
    ? undefined
    : await host.requests.ask({
        kind: 'finding',
        step: 'newVersion',
        about: {
          subject: doc_id,
          tier: 'author',
          rule: 'changes-requested',
          why: `${by} asked for changes.`,
          risk: 'low',
          consequence: 'A new version is sent with amend; a reject gives the document up.',
          reversible: false,
        },
        asks: `Changes to ${doc_id} are asked for. Send a new version with amend, or reject to give it up.`,
        call: { doc_id, hash, by, reason: why },
        facts: { hash },
        ladder: [{ role: 'operations', hours: policy.newVersionWithinHours }],
        named: mayGiveUp,
        without: ['go-on'],
      });
  if (moves.interruption?.kind === 'superseded') return undefined;
  if (moves.interruption)
    return end('void', { outcome: 'void', by: moves.interruption.by, why: moves.interruption.why });
  if (asked && 'by' in asked) return end('void', { outcome: 'void', by: asked.by, why: asked.reason ?? last });
  return end('void', { outcome: 'void', why: `No new version came in time. ${last}` });
}

/** Once for each state of a version. A person may let the case go on where nobody can be told. */
async function tell(
  { host, request }: Desk,
  doc_id: string,
  state: DocumentState,
  kind: 'document' | 'invoice' | 'contract',
  approvals: number,
): Promise<void> {
  const reference = `${referenceOf(request.requestId, doc_id)}:${state}`;
  await host.step(
    notifyStakeholders,
    { docId: doc_id, state, kind, approvals },
    { leaves: 'a notification', skippable: true, reference },
  );
}

const referenceOf = (requestId: string, docId: string): string => `${requestId}:v${versionOf(docId)}`;
