import type { AnswerToCheck } from '../activities/check-answer.ts';
import { answerDigest } from '../contracts/answer-token.ts';
import type { AnswerInput } from '../contracts/messages.ts';
import type { Pending } from './request.ts';

/** An answer beside all that its signature has to be for, and all of whom the request asks now. */
export function checkOf(pending: Pending, { token, ...said }: AnswerInput): AnswerToCheck {
  const { question, wholeDigest, delegated, approval, call, rungs, rung } = pending;
  const grant = call && question.grant?.(call);
  return {
    step: question.step,
    approval,
    digest: wholeDigest,
    said: { by: said.by, verdict: said.verdict, answer: answerDigest(said) },
    ...(token ? { token } : {}),
    ...(grant ? { grant } : {}),
    asked: {
      roles: question.ladder.map(({ role }) => role),
      named: question.named?.map(({ person }) => person),
      personally: question.personally,
      delegated,
    },
    ...(question.party ? { party: question.party.person } : {}),
    ...(said.to ? { to: said.to, higher: rungs.slice(rung + 1).map(({ role }) => role) } : {}),
  };
}
