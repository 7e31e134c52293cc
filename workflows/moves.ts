import type { CheckedAnswer } from '../activities/check-answer.ts';
import type { Move } from '../contracts/decision.ts';
import type { AnswerInput } from '../contracts/messages.ts';
import type { Pending } from './request.ts';

/** Who answers, as it was found out outside: in what capacity, for whom, and to whom it is handed on. */
export type Checked = Omit<Extract<CheckedAnswer, { ok: true }>, 'ok'>;

/** Does what somebody does with a request short of deciding it. It was found legal. */
export function makeMove(pending: Pending, move: Move, { reason }: AnswerInput, { person, to }: Checked): void {
  const words = reason ? { words: reason } : {};
  const handedTo = to ? { to: to.person } : {};
  pending.remarks.push({ at: new Date().toISOString(), by: person, verdict: move, ...words, ...handedTo });
  if (move === 'claim') pending.claimedBy = person;
  if (move === 'release') pending.claimedBy = undefined;
  if (move === 'ask-info') pending.held = { by: person, question: reason ?? '' };
  if (move === 'inform') pending.held = undefined;
  if (move === 'escalate') pending.escalated = true;
  if (move !== 'delegate' || !to) return;
  pending.delegated = { from: person, to: to.person };
  pending.claimedBy = undefined;
  pending.people = [...pending.people, { ...to, roles: [...to.roles], for: person }];
}
