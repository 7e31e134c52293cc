import { activityInfo } from '@temporalio/activity';
import type { AnswerClaims } from '../contracts/answer-token.ts';
import type { Answer } from '../contracts/decision.ts';
import { digestOf } from '../contracts/digest.ts';
import type { Person } from '../contracts/directory.ts';
import type { Grant } from '../contracts/grants.ts';
import type { Role } from '../contracts/policy.ts';
import { type Asked, findPerson, sameAs, standingOf } from '../contracts/standing.ts';
import type { AnswerVerifier } from '../keys/answers.ts';
import type { PromptStore } from '../prompts/store.ts';
import type { Meter } from '../telemetry/meter.ts';

export interface AnswerDeps {
  readonly prompts: Pick<PromptStore, 'directory'>;
  /** Without it answers are believed as they come, and decisions say so: for trying on one machine only. */
  readonly answers?: AnswerVerifier | undefined;
  readonly meter?: Meter | undefined;
}

/** An answer to be checked, with all that its token has to be signed over. */
export interface AnswerToCheck {
  readonly step: string;
  readonly approval: string;
  readonly digest: string;
  readonly said: { readonly by: string; readonly verdict: string; readonly answer: string };
  readonly token?: string;
  readonly grant?: Grant;
  readonly asked: Asked;
  /** A customer, who is in nobody's directory and answers about their own wish. */
  readonly party?: string;
  readonly to?: string;
  /** Roles above: nobody delegates upwards. */
  readonly higher?: readonly Role[];
}

type Known = Pick<Person, 'person' | 'aliases'>;

export type CheckedAnswer =
  | ({
      readonly ok: true;
      readonly role: Role;
      readonly for?: string;
      readonly identity: Answer['identity'];
      /** Which signature it was; no other has this name. */
      readonly signature?: string;
      readonly to?: Known & { readonly roles: readonly Role[] };
    } & Known)
  | { readonly ok: false; readonly why: string };

/**
 * Whether an answer is really from whom it names, and whether they may give it now: the token is held against all that
 * it answers, and the directory is read anew. What is wrong comes back in words for the sender.
 * @throws Failed ReleaseBroken where there is no directory
 */
export const createCheckAnswer =
  (deps: AnswerDeps) =>
  async (check: AnswerToCheck): Promise<CheckedAnswer> => {
    const checked = await checkAnswer(deps, check);
    deps.meter?.tell('governor_answer_checks_total', { result: checked.ok ? 'accepted' : 'refused' });
    return checked;
  };

async function checkAnswer({ prompts, answers }: AnswerDeps, check: AnswerToCheck): Promise<CheckedAnswer> {
  const signed = answers && (await signedClaims(answers, check));
  if (typeof signed === 'string') return { ok: false, why: signed };
  const { people } = await prompts.directory();
  const isAboutOwnWish = check.party !== undefined || check.said.verdict === 'inform';
  const checked = isAboutOwnWish ? ofRequester(people, check, signed) : ofColleague(people, check, signed);
  return checked.ok && signed ? { ...checked, signature: signed.jti } : checked;
}

const identityBy = (signed: AnswerClaims | undefined): Answer['identity'] => (signed ? 'signed' : 'asserted');

/** A customer, or whoever asked for the case: they may have no role here, and be in no directory. */
function ofRequester(people: readonly Person[], check: AnswerToCheck, signed: AnswerClaims | undefined): CheckedAnswer {
  const { party, said } = check;
  const { person, aliases } = findPerson(people, said.by) ?? { person: party ?? said.by, aliases: [] };
  if (!sameAs({ person, aliases }, said.by)) return { ok: false, why: `Only ${party} may answer this.` };
  return { ok: true, person, aliases, role: 'customer', identity: identityBy(signed) };
}

function ofColleague(people: readonly Person[], check: AnswerToCheck, signed: AnswerClaims | undefined): CheckedAnswer {
  const { said, to, higher = [] } = check;
  const standing = standingOf(people, firstAs(check.asked, signed), said.by, Date.now());
  if (!standing || (signed && standing.role !== signed.role))
    return { ok: false, why: 'Whoever this is may not answer it now: the directory has changed.' };
  const handedTo = to === undefined ? undefined : delegateOf(people, to, higher);
  if (typeof handedTo === 'string') return { ok: false, why: handedTo };
  const { role, for: principal } = standing;
  const { person, aliases } = standing.person;
  const base = { ok: true, person, aliases, role, identity: identityBy(signed) } as const;
  return { ...base, ...(principal ? { for: principal } : {}), ...(handedTo ? { to: handedTo } : {}) };
}

/** Somebody of several roles answers in the one that they have signed as, while it is theirs. */
function firstAs(asked: Asked, signed: AnswerClaims | undefined): Asked {
  if (!signed || !asked.roles.includes(signed.role)) return asked;
  return { ...asked, roles: [signed.role, ...asked.roles.filter((role) => role !== signed.role)] };
}

/** Somebody of the house, and nobody above: that would be an escalation. */
function delegateOf(people: readonly Person[], to: string, higher: readonly Role[]) {
  const found = findPerson(people, to);
  if (!found) return `Nobody in the directory is called ${to}.`;
  if (found.roles.some((role) => higher.includes(role)))
    return `${found.person} is above: escalate it in place of delegating it.`;
  const { person, roles, aliases } = found;
  return { person, roles, aliases };
}

/** What was signed, or why it does not hold. */
async function signedClaims(answers: AnswerVerifier, check: AnswerToCheck): Promise<AnswerClaims | string> {
  if (!check.token) return 'An answer has to be signed here.';
  const verified = await answers.verify(check.token);
  if (!verified.ok) return `The signature does not hold: ${verified.why}.`;
  const other = whatDiffers(verified.claims, check, activityInfo().workflowExecution?.workflowId ?? '');
  return other ? `The signature is for another ${other}.` : verified.claims;
}

function whatDiffers(claims: AnswerClaims, check: AnswerToCheck, caseId: string): string | undefined {
  const { step, approval, digest, said, grant } = check;
  const isYes = claims.grant !== undefined;
  const same: Record<string, boolean> = {
    person: sameAs({ person: claims.sub, aliases: [] }, said.by),
    case: claims.case === caseId,
    step: claims.step === step,
    request: claims.approval === approval,
    digest: claims.digest === digest,
    verdict: claims.verdict === said.verdict,
    answer: claims.answer === said.answer,
    grant: !isYes || (grant !== undefined && digestOf(claims.grant) === digestOf(grant)),
  };
  return Object.keys(same).find((name) => !same[name]);
}
