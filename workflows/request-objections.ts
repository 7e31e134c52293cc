import { MOVES, type Move } from '../contracts/decision.ts';
import type { AnswerInput } from '../contracts/messages.ts';
import { showUsd } from '../contracts/money.ts';
import { findPerson, sameAs } from '../contracts/standing.ts';
import { barredFrom, type Convened, movesOf, type Pending, type Setting } from './request.ts';

/** Why an answer cannot be taken, in words for its sender. All of it is known without asking anybody. */

export const isMove = (verdict: string): verdict is Move => MOVES.some((move) => move === verdict);

/** Why not what the answer says, whoever says it. */
export function objectToWords(pending: Pending, answer: AnswerInput): string | undefined {
  const { approval, answers, wholeDigest, question } = pending;
  const { verdict, digest, reason, edit } = answer;
  if (isMove(verdict)) return objectToMove(pending, verdict, answer);
  if (!answers.includes(verdict)) return `${approval} takes ${answers.join(', ')}.`;
  if (!wholeDigest.startsWith(digest)) return OTHER_DIGEST;
  if (verdict === 'reject' && !reason) return 'A rejection needs a reason.';
  if (['decline', 'request-changes'].includes(verdict) && !reason) return 'A no needs a reason.';
  if (verdict === 'edit') return edit ? question.refuseEdit?.(edit) : 'An edit needs the changed arguments in edit.';
  if (edit) return 'Only the verdict edit may change arguments.';
  return objectToAmount(pending, answer);
}

const OTHER_DIGEST = 'The digest is not that of the open request; read its status again.';

const NEEDS_WORDS: Readonly<Partial<Record<Move, string>>> = {
  'ask-info': 'A question needs its words in reason.',
  inform: 'What the requester says goes into reason.',
  escalate: 'An escalation needs a reason.',
};

const NOT_NOW: Readonly<Record<Move, string>> = {
  'ask-info': 'The requester has been asked already, and has not answered.',
  inform: 'The requester was not asked anything.',
  delegate: 'It was delegated once already, or is for certain people alone; they decide.',
  escalate: 'This is the top of the ladder.',
  claim: 'Somebody has claimed it already.',
  release: 'Nobody has claimed it.',
};

function objectToMove(pending: Pending, move: Move, { digest, reason, edit, to }: AnswerInput): string | undefined {
  if (pending.question.party) return `${pending.approval} takes ${pending.answers.join(', ')}.`;
  if (!pending.wholeDigest.startsWith(digest)) return OTHER_DIGEST;
  if (!movesOf(pending).includes(move)) return NOT_NOW[move];
  if (edit) return 'Only the verdict edit may change arguments.';
  if (move === 'delegate' && !to) return 'A delegation needs the name of a person in to.';
  return reason ? undefined : NEEDS_WORDS[move];
}

function objectToAmount({ question: { amount } }: Pending, { amountMicroUsd }: AnswerInput): string | undefined {
  if (!amount || amountMicroUsd === undefined) return undefined;
  if (amountMicroUsd >= amount.leastMicroUsd && amountMicroUsd <= amount.mostMicroUsd) return undefined;
  return `The amount must be from ${amount.leastMicroUsd} (${showUsd(amount.leastMicroUsd)}) to ${amount.mostMicroUsd} micro-dollars.`;
}

/** Why not this person, by what the case knows of people. */
export function objectToPerson(pending: Pending, setting: Setting, answer: AnswerInput): string | undefined {
  if (answer.verdict === 'inform') return objectToInformer(pending, setting, answer.by);
  const person = findPerson(pending.people, answer.by);
  if (!person) return onlyThese(pending);
  if (isBarred(pending, setting, person)) return whyBarred(pending, person);
  return objectToClaim(pending, answer.verdict, person);
}

/** Why not while somebody else has it. */
export function objectToClaim(
  { claimedBy }: Pending,
  verdict: string,
  person: Pick<Convened, 'person' | 'aliases'>,
): string | undefined {
  if (verdict === 'escalate' || !claimedBy || sameAs(person, claimedBy)) return undefined;
  return `${claimedBy} has claimed it: they decide or release it, or somebody escalates it.`;
}

/** Whoever stands in for somebody may do no more than they, by whatever name they asked for the case. */
export function isBarred(
  pending: Pending,
  setting: Setting,
  person: Pick<Convened, 'person' | 'aliases' | 'for'>,
): boolean {
  const { for: principal } = person;
  const holder = principal === undefined ? undefined : findPerson(pending.people, principal);
  const standsIn = principal === undefined ? [] : [holder ?? { person: principal, aliases: [] }];
  return barredFrom(pending, setting).some((name) => [person, ...standsIn].some((one) => sameAs(one, name)));
}

export const whyBarred = ({ edits }: Pending, person: Pick<Convened, 'person' | 'aliases'>): string =>
  edits.some(({ by, for: principal }) => sameAs(person, by) || sameAs(person, principal ?? by))
    ? 'Nobody says yes to their own edit; somebody else has to.'
    : 'Nobody answers about their own request.';

function objectToInformer(pending: Pending, setting: Setting, by: string): string | undefined {
  const own = [...setting.requestedBy, ...(pending.question.barred ?? [])];
  const known = findPerson(pending.people, by) ?? { person: by, aliases: [] };
  return own.some((name) => sameAs(known, name)) ? undefined : 'Only whoever asked for it answers this question.';
}

function onlyThese({ question: { named, ladder } }: Pending): string {
  if (named) return `Only ${named.map(({ person }) => person).join(' or ')} may answer this.`;
  const roles = ladder.map(({ role }) => role).join(' or ');
  return `Only somebody with the role ${roles} may answer this.`;
}
