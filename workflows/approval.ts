import { condition } from '@temporalio/workflow';
import type { Answer } from '../contracts/decision.ts';
import { AnswerInput, type AnswerReply, type OpenRequest } from '../contracts/messages.ts';
import { findPerson } from '../contracts/standing.ts';
import { checkOf } from './answer-check.ts';
import { checkAnswer } from './asking-activities.ts';
import { answerOf, isNo, MOOT, remarkOf, seatOf, whoDecided } from './given-answer.ts';
import { halfWay, shiftFrom, waitUntil } from './ladder-times.ts';
import { describeIssues } from './listening.ts';
import { type Checked, makeMove } from './moves.ts';
import { convenePeople, tell } from './notices.ts';
import {
  type ClosedRequest,
  closedRequest,
  neededFor,
  openPending,
  type Pending,
  type Question,
  type Reply,
  type Setting,
  showRequest,
  takeEdit,
} from './request.ts';
import { isBarred, isMove, objectToClaim, objectToPerson, objectToWords, whyBarred } from './request-objections.ts';
import { tellClosed, tellMoved, tellOpened } from './request-signals.ts';

export type { Question, Reply } from './request.ts';

/** What the case does when a request opens, is moved, or closes. */
export interface RequestWatcher {
  changed(what: 'opened' | 'moved' | 'closed'): void;
  /** Runs the wait for people; the clock of the case stands still meanwhile. */
  during<T>(wait: () => Promise<T>): Promise<T>;
  costMicroUsd(): number;
}

/**
 * The open requests of a case. The first valid answer wins, later ones hear who decided, and silence at the top of the
 * ladder is a no. Whoever asked for the case is nobody who can approve it.
 */
export class Requests {
  readonly #pending = new Map<string, Pending>();
  readonly #decided = new Map<string, string>();
  readonly #closed: ClosedRequest[] = [];
  readonly #options: Setting;
  readonly #watcher: RequestWatcher;
  #asked = 0;

  constructor(options: Setting, watcher: RequestWatcher) {
    this.#options = options;
    this.#watcher = watcher;
  }

  get waiting(): OpenRequest[] {
    const cost = this.#watcher.costMicroUsd();
    return [...this.#pending.values()].map((pending) => showRequest(pending, this.#options, cost));
  }

  /** What was asked and is over, in the order in which it ended. */
  get closed(): readonly ClosedRequest[] {
    return this.#closed;
  }

  /** Asks, and waits for as long as the ladder is high. */
  async ask(question: Question): Promise<Reply> {
    this.#asked += 1;
    const pending = openPending(question, this.#asked, this.#options);
    const standingStill: Still = (wait) => this.#watcher.during(wait);
    if (!this.#options.steady) return this.#askAndWait(pending, standingStill);
    return standingStill(() => this.#askAndWait(pending, (wait) => wait()));
  }

  async #askAndWait(pending: Pending, standingStill: Still): Promise<Reply> {
    await convenePeople(pending, this.#options.checked, 'waits');
    this.#pending.set(pending.approval, pending);
    tellOpened(pending);
    this.#watcher.changed('opened');
    try {
      return await standingStill(() => this.#climb(pending));
    } finally {
      this.#pending.delete(pending.approval);
      this.#decided.set(pending.approval, whoDecided(pending.reply));
      this.#closed.push(closedRequest(pending));
      tellClosed(pending);
      this.#watcher.changed('closed');
    }
  }

  /** Takes every open question back: what it asked about has changed. */
  withdraw(): void {
    for (const pending of this.#pending.values()) pending.reply ??= { verdict: 'amended' };
  }

  /** Why an answer cannot be taken, in words for its sender; nothing where it can, or came after somebody else's. */
  objection(raw: unknown): string | undefined {
    const parsed = AnswerInput.safeParse(raw);
    if (!parsed.success) return describeIssues(parsed.error);
    const answer = parsed.data;
    if (this.#decided.has(answer.approval)) return undefined;
    const pending = this.#pending.get(answer.approval);
    if (!pending) return `No such request is open; open are: ${[...this.#pending.keys()].join(', ') || 'none'}.`;
    if (pending.reply) return undefined;
    if (pending.signed && !answer.token)
      return 'An answer has to be signed here: use the desk, the API or governor approvals.';
    return objectToWords(pending, answer) ?? objectToPerson(pending, this.#options, answer);
  }

  /** Takes an answer without objection. */
  take(raw: unknown, via: Answer['via']): AnswerReply | Promise<AnswerReply> {
    const input = AnswerInput.parse(raw);
    const pending = this.#pending.get(input.approval);
    if (!pending || pending.reply) return this.#tooLate(input.approval, pending);
    if (this.#options.checked) return this.#check(pending, input, via);
    const person = findPerson(pending.people, input.by);
    if (!person) return { accepted: false, why: 'nobody of that name may answer' };
    const roles = pending.question.ladder.map(({ role }) => role);
    const role = roles.find((each) => person.roles.includes(each)) ?? roles[pending.rung] ?? 'operations';
    return this.#apply(
      pending,
      input,
      { person: person.person, aliases: person.aliases, role, identity: 'asserted' },
      via,
    );
  }

  #tooLate(approval: string, pending: Pending | undefined): AnswerReply {
    const decidedBy = this.#decided.get(approval) ?? whoDecided(pending?.reply);
    if (decidedBy === MOOT) return { accepted: false, why: 'the question was taken back' };
    return { accepted: false, decidedBy, why: `already decided by ${decidedBy}` };
  }

  /**
   * One answer after the other, in the order in which they came: those behind the one that decides cost nothing. Many
   * checks at once, beside as many Updates, have left a worker with a history that it could not replay.
   */
  async #check(pending: Pending, input: AnswerInput, via: Answer['via']): Promise<AnswerReply> {
    pending.checking += 1;
    const turn = pending.turn.then(() => this.#checkAndApply(pending, input, via));
    pending.turn = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      pending.checking -= 1;
    }
  }

  /** Looks outside for who it is and what they may do now; meanwhile the case may have gone on. */
  async #checkAndApply(pending: Pending, input: AnswerInput, via: Answer['via']): Promise<AnswerReply> {
    const before = this.#lateReply(pending, input);
    if (before) return before;
    const checked = await checkAnswer(checkOf(pending, input));
    if (!checked.ok) return { accepted: false, why: checked.why };
    const late = this.#lateReply(pending, input);
    if (late) return late;
    const why = this.#objectToChecked(pending, input, checked);
    if (why) return { accepted: false, why };
    const reply = this.#apply(pending, input, checked, via);
    if (reply.accepted && checked.signature) pending.used.add(checked.signature);
    return reply;
  }

  /** What is to be said to whoever was too late: it was decided, or is another request by now. */
  #lateReply(pending: Pending, input: AnswerInput): AnswerReply | undefined {
    const { approval, reply } = pending;
    if (reply || !this.#pending.has(approval)) return this.#tooLate(approval, pending);
    const why = objectToWords(pending, input);
    return why ? { accepted: false, why } : undefined;
  }

  #objectToChecked(pending: Pending, { verdict }: AnswerInput, checked: Checked): string | undefined {
    if (checked.signature && pending.used.has(checked.signature)) return 'This very answer was taken already.';
    if (verdict === 'inform') return undefined;
    if (isBarred(pending, this.#options, checked)) return whyBarred(pending, checked);
    const claim = objectToClaim(pending, verdict, checked);
    if (claim) return claim;
    const { to } = checked;
    return to && isBarred(pending, this.#options, to) ? `${to.person} may not answer this one.` : undefined;
  }

  #apply(pending: Pending, input: AnswerInput, checked: Checked, via: Answer['via']): AnswerReply {
    const { verdict, edit } = input;
    if (isMove(verdict)) {
      makeMove(pending, verdict, input, checked);
      tellMoved(pending, verdict);
      this.#watcher.changed('moved');
      return { accepted: true };
    }
    const answer = answerOf(pending, verdict, input, checked, via);
    if (this.#options.checked && verdict === 'edit' && edit) return this.#edit(pending, answer, edit);
    if (!isNo(verdict) && neededFor(pending, answer.role) > 1) return this.#count(pending, answer);
    this.#decide(pending, answer, input.edit);
    return { accepted: true };
  }

  /** Counts people, and not messages: nobody sits on two chairs, and nobody on the chair of somebody who sits already. */
  #count(pending: Pending, answer: Answer): AnswerReply {
    const sits = pending.yeses.some((earlier) => seatOf(earlier) === seatOf(answer) || earlier.by === answer.by);
    if (sits) return { accepted: false, why: 'This yes was given already; somebody else has to say it as well.' };
    const other = pending.yeses.find(({ verdict }) => verdict !== answer.verdict);
    if (other) return { accepted: false, why: `${other.by} has said ${other.verdict}: say that as well, or no.` };
    const needed = neededFor(pending, answer.role);
    if (pending.yeses.length + 1 >= needed) {
      this.#decide(pending, answer, undefined);
      return { accepted: true };
    }
    pending.yeses.push(answer);
    pending.remarks.push(remarkOf(answer));
    tellMoved(pending, 'one-yes');
    this.#watcher.changed('moved');
    return { accepted: true, why: `${pending.yeses.length} of ${needed} have said yes` };
  }

  #decide(pending: Pending, answer: Answer, lastEdit: AnswerInput['edit']): void {
    const edit = pending.edit ?? lastEdit;
    const { yeses } = pending;
    pending.reply = { ...answer, ...(edit ? { edit } : {}), ...(yeses.length > 0 ? { with: yeses } : {}) };
  }

  /** An edit is not yet a yes: its author has put another call before the others. */
  #edit(pending: Pending, answer: Answer, edit: Readonly<Record<string, unknown>>): AnswerReply {
    takeEdit(pending, edit, answer.by);
    tellMoved(pending, 'edit');
    pending.edits.push(answer);
    pending.remarks.push(remarkOf(answer));
    pending.claimedBy = undefined;
    this.#watcher.changed('moved');
    tell(pending, this.#options.checked, `was edited by ${answer.by} and waits for somebody else`);
    return { accepted: true, why: 'edited; somebody else has to say yes to it' };
  }

  async #climb(pending: Pending): Promise<Reply> {
    const { checked, calendar } = this.#options;
    const until = (instant: () => number) => waitUntil(pending, instant, this.#options);
    for (let rung = 0; rung < pending.rungs.length; rung++) {
      pending.rung = rung;
      if (rung > 0) await this.#nextRung(pending);
      else if (!checked) tell(pending, checked, 'waits');
      pending.remindAt = halfWay(pending, calendar);
      const half = await until(() => pending.remindAt);
      if (half === 'due') tell(pending, checked, 'still waits');
      const end = half === 'due' ? await until(() => pending.rungs[rung]?.until ?? 0) : half;
      if (end === 'decided') break;
    }
    // An answer that is still being checked came in time.
    await condition(() => pending.checking === 0);
    return pending.reply ?? { verdict: 'unanswered' };
  }

  async #nextRung(pending: Pending): Promise<void> {
    const { checked, calendar } = this.#options;
    pending.claimedBy = undefined;
    if (pending.escalated) shiftFrom(pending, pending.rung, calendar);
    pending.escalated = false;
    tellMoved(pending, 'next-rung');
    this.#watcher.changed('moved');
    if (checked) await convenePeople(pending, checked, 'was escalated to you');
    else tell(pending, checked, 'was escalated to you');
  }
}

/** Runs a wait for people with the clock of the case standing still. */
type Still = (wait: () => Promise<Reply>) => Promise<Reply>;
