import { type AnswerClaims, answerDigest, YES_VERDICTS } from '../contracts/answer-token.ts';
import type { Person } from '../contracts/directory.ts';
import type { AnswerInput, OpenRequest } from '../contracts/messages.ts';
import type { Role } from '../contracts/roles.ts';
import { findPerson, standingOf } from '../contracts/standing.ts';

/** What a person says; who they are, and what they read, is filled in. */
export type Said = Omit<AnswerInput, 'approval' | 'by' | 'digest' | 'token'>;

/** Whatever makes tokens of claims; `AnswerSigner` of keys/ does. `now` is milliseconds since 1970. */
export interface Signer {
  sign(claims: Omit<AnswerClaims, 'iss' | 'aud' | 'iat' | 'exp' | 'jti'>, now?: number): Promise<string>;
}

/** This person is not asked; the message says who is. */
export class NotAsked extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotAsked';
  }
}

/**
 * The answer as it is sent, with a token over everything that it answers. Whether it is legal, and still in time, the
 * case says.
 * @param person any name of theirs in the directory, or the customer whose own wish the request is about
 * @param now milliseconds since 1970
 * @throws NotAsked where the person has no role that the request asks for, and stands in for nobody who has
 */
export async function signAnswer(
  signer: Signer,
  directory: readonly Person[],
  person: string,
  caseId: string,
  request: OpenRequest,
  said: Said,
  now = Date.now(),
): Promise<AnswerInput> {
  const { by, role } = capacityOf(directory, person, request, said.verdict, now);
  const { approval, step, digest, grant } = request;
  const answer: AnswerInput = { ...said, approval, by, digest };
  const carried = grant && YES_VERDICTS.includes(said.verdict) ? { grant: { ...grant } } : {};
  const claims = { sub: by, role, case: caseId, step, approval, digest, verdict: said.verdict };
  const token = await signer.sign({ ...claims, answer: answerDigest(answer), ...carried }, now);
  return { ...answer, token };
}

/** Under which name and in what capacity somebody answers: that of the rung whose turn it is, where they can. */
function capacityOf(
  directory: readonly Person[],
  person: string,
  request: OpenRequest,
  verdict: Said['verdict'],
  now: number,
): { readonly by: string; readonly role: Role } {
  const { role, ladder, named, remarks, moves } = request;
  const roles = [...new Set([role, ...ladder.map((rung) => rung.role)])];
  const handed = remarks.findLast(({ verdict }) => verdict === 'delegate');
  const delegated = handed?.to === undefined ? undefined : { from: handed.by, to: handed.to };
  const standing = standingOf(directory, { roles, named, delegated }, person, now);
  if (standing) return { by: standing.person.person, role: standing.role };
  const known = findPerson(directory, person);
  // Whoever asked for the case answers what they are asked about it, whatever their roles.
  if (verdict === 'inform') return { by: known?.person ?? person, role: known?.roles[0] ?? 'customer' };
  if (known) throw new NotAsked(`${known.person} is not asked; ${(named ?? roles).join(' or ')} may answer this.`);
  // A customer answers about their own order, and is in no directory.
  if (role === 'customer' && moves.length === 0) return { by: person, role };
  throw new NotAsked(`Nobody called ${person} is in the directory.`);
}
