import type { Answer, AnswerVerdict } from '../contracts/decision.ts';
import { digestOf } from '../contracts/digest.ts';
import type { AnswerInput, Remark } from '../contracts/messages.ts';
import type { Checked } from './moves.ts';
import type { Pending, Reply } from './request.ts';

export const MOOT = 'nobody: it was taken back';
const SILENCE = 'nobody in time, which is a no';
const NO: ReadonlySet<string> = new Set(['reject', 'decline', 'request-changes', 'stop', 'abort', 'edit']);
/** One of these is enough, also where several have to say yes. */
export const isNo = (verdict: string): boolean => NO.has(verdict);

/** As the ones who come later are told. */
export const whoDecided = (reply: Reply | undefined): string => {
  if (reply && 'by' in reply) return reply.by;
  return reply?.verdict === 'amended' ? MOOT : SILENCE;
};

/** Whoever acts for somebody sits on that one's chair. */
export const seatOf = ({ by, for: principal }: Answer): string => principal ?? by;

export const remarkOf = ({ at, by, verdict, reason }: Answer): Remark => ({
  at,
  by,
  verdict,
  ...(reason ? { words: reason } : {}),
});

/** The answer as the decision keeps it: who gave it, in whose place, and to exactly what. */
export function answerOf(
  pending: Pending,
  verdict: AnswerVerdict,
  { reason, amountMicroUsd, token, edit }: AnswerInput,
  { person, role, identity, for: principal }: Checked,
  via: Answer['via'],
): Answer {
  return {
    approval: pending.approval,
    verdict,
    by: person,
    role,
    ...(principal ? { for: principal } : {}),
    at: new Date().toISOString(),
    digest: edit ? digestOf({ of: pending.wholeDigest, edit }) : pending.wholeDigest,
    identity,
    via,
    ...(reason ? { reason } : {}),
    ...(amountMicroUsd ? { amountMicroUsd } : {}),
    ...(token ? { token } : {}),
  };
}
