import type { AnswerReply, OpenRequest, RequestSummary } from '../../contracts/messages.ts';
import type { Said } from '../answering.ts';
import { Refused } from './words.ts';

/** A request as a list shows it. */
export type Waiting = RequestSummary & { readonly case: string };

/** A request whole, with the case that it belongs to. */
export interface ShownRequest {
  readonly case: string;
  readonly process: string;
  readonly request: OpenRequest;
  /** Where the way there knows it: whether whoever asks may answer, and why not. */
  readonly mayAnswer?: boolean;
  readonly whyNot?: string;
}

/** What somebody decides about one request. */
export interface Decided {
  readonly case: string;
  readonly request: OpenRequest;
  readonly said: Said;
}

/** The case waits for no answer of that name. */
export class NotOpen extends Refused {}

/**
 * What is sent to hear who decided: a no with a digest that no request has, so that it is one to nothing that is open.
 */
export const TO_NOTHING = { verdict: 'reject', reason: 'asks who decided', digest: '0'.repeat(64) } as const;

/** What the commands about approvals ask for; each throws with a sentence that people can read. */
export interface ApprovalDesk {
  /** Everything that waits for somebody, most urgent first. */
  list(): Promise<readonly Waiting[]>;
  /** @throws NotOpen where the case has no such request, or none any more */
  show(caseId: string, approval: string): Promise<ShownRequest>;
  /** Why somebody comes too late, as the case says it; nothing where it says nothing of the kind. */
  tooLate(caseId: string, approval: string): Promise<string | undefined>;
  /** Signs, and sends. */
  answer(decided: Decided): Promise<AnswerReply>;
  /** Signs, sends nothing, and gives the command that does. */
  sign(decided: Decided): Promise<string>;
}

/** Opens the desk as somebody; without a name as whoever the credential at hand is of, or nobody yet. */
export type WithApprovals = <T>(as: string | undefined, use: (desk: ApprovalDesk) => Promise<T>) => Promise<T>;
