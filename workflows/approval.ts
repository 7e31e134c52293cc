import { condition, log, workflowInfo } from '@temporalio/workflow';
import type { Answer, AnswerVerdict } from '../contracts/decision.ts';
import { digestOf } from '../contracts/digest.ts';
import type { Person } from '../contracts/directory.ts';
import {
  AnswerInput,
  type AnswerReply,
  LEGAL_ANSWERS,
  type OpenRequest,
  type RequestKind,
} from '../contracts/messages.ts';
import { showUsd } from '../contracts/money.ts';
import type { Ladder } from '../contracts/policy.ts';
import { notify, roster } from './activities.ts';

const HOUR_MS = 3_600_000;

/** A question to people, as a step or a process puts it. */
export interface Question {
  readonly kind: RequestKind;
  readonly step: string;
  /** For people; ids, enums and numbers, and no personal data. */
  readonly asks: string;
  readonly ladder: Ladder;
  /** The exact call that a yes will make. */
  readonly call?: Readonly<Record<string, unknown>>;
  /** Everything else that the answer rests on: contract, prompt, policy, what earlier tools answered. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** People who may not answer beside who asked for the case: those who would gain by a yes. */
  readonly barred?: readonly string[];
  /** Answers of the kind that are not legal here. */
  readonly without?: readonly AnswerVerdict[];
  /** Arguments that an edit has to supply, since nobody has proposed them. */
  readonly missing?: readonly string[];
  /** Why an edit is not acceptable, or nothing. */
  readonly refuseEdit?: (edit: Readonly<Record<string, unknown>>) => string | undefined;
  /** Somebody of no role in the house, who alone answers, and about what they asked for themselves: a customer. */
  readonly party?: Person;
  /** People of the house who alone may answer, whatever their roles; the ladder's roles hear of it. */
  readonly named?: readonly Person[];
  /** For a budget: what is asked for, and the most that may be given. */
  readonly amount?: { readonly leastMicroUsd: number; readonly mostMicroUsd: number };
}

export type Reply = Answer | { readonly verdict: 'unanswered' | 'amended' };

interface Pending extends OpenRequest {
  readonly question: Question;
  readonly wholeDigest: string;
  readonly people: readonly Person[];
  rung: number;
  reply?: Reply;
}

/** What the case does when a request opens, climbs or closes. */
export interface RequestWatcher {
  changed(): void;
  /** Runs the wait for people; the clock of the case stands still meanwhile. */
  during<T>(wait: () => Promise<T>): Promise<T>;
}

/**
 * The open requests of a case. The first valid answer wins, later ones hear who decided, and silence at the top of the
 * ladder is a no. Whoever asked for the case is nobody who can approve it.
 */
export class Requests {
  readonly #pending = new Map<string, Pending>();
  readonly #decided = new Map<string, string>();
  readonly #requestedBy: string;
  readonly #watcher: RequestWatcher;
  #asked = 0;

  constructor(requestedBy: string, watcher: RequestWatcher) {
    this.#requestedBy = requestedBy;
    this.#watcher = watcher;
  }

  get waiting(): OpenRequest[] {
    return [...this.#pending.values()].map(
      ({ question: _q, wholeDigest: _d, people: _p, rung: _r, reply: _a, ...shown }) => shown,
    );
  }

  /** Asks, and waits for as long as the ladder is high. */
  async ask(question: Question): Promise<Reply> {
    const { party, named, ladder } = question;
    const known = party ? [party] : named;
    const people = known ?? (await roster({ roles: ladder.map((rung) => rung.role) }));
    const request = this.#open(question, people);
    this.#pending.set(request.approval, request);
    this.#watcher.changed();
    try {
      return await this.#watcher.during(() => this.#climb(request));
    } finally {
      this.#pending.delete(request.approval);
      this.#decided.set(request.approval, request.reply && 'by' in request.reply ? request.reply.by : 'nobody');
      this.#watcher.changed();
    }
  }

  /** Takes every open question back: what it asked about has changed. */
  withdraw(): void {
    for (const request of this.#pending.values()) request.reply ??= { verdict: 'amended' };
  }

  /** Why an answer cannot be taken, in words for its sender; nothing where it can, or came after somebody else's. */
  objection(raw: unknown): string | undefined {
    const parsed = AnswerInput.safeParse(raw);
    if (!parsed.success)
      return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    const answer = parsed.data;
    if (this.#decided.has(answer.approval)) return undefined;
    const request = this.#pending.get(answer.approval);
    if (!request) return `No such request is open; open are: ${[...this.#pending.keys()].join(', ') || 'none'}.`;
    if (request.reply) return undefined;
    return objectToWords(request, answer) ?? this.#objectToPerson(request, answer);
  }

  /** Takes a valid answer. */
  take(raw: unknown, via: Answer['via']): AnswerReply {
    const input = AnswerInput.parse(raw);
    const request = this.#pending.get(input.approval);
    const earlier =
      this.#decided.get(input.approval) ?? (request?.reply && 'by' in request.reply ? request.reply.by : undefined);
    if (request?.reply && !earlier) return { accepted: false, why: 'the question was taken back' };
    if (!request || earlier)
      return { accepted: false, decidedBy: earlier ?? 'nobody', why: `already decided by ${earlier ?? 'nobody'}` };
    const person = findPerson(request.people, input.by);
    if (!person) return { accepted: false, why: 'nobody of that name may answer' };
    const { token: _token, approval, verdict, by: _by, digest: _digest, ...rest } = input;
    request.reply = {
      ...definedOnly(rest),
      approval,
      verdict,
      by: person.person,
      role: request.question.ladder.find(({ role }) => person.roles.includes(role))?.role ?? request.role,
      at: new Date().toISOString(),
      digest: input.edit ? digestOf({ of: request.wholeDigest, edit: input.edit }) : request.wholeDigest,
      identity: 'asserted',
      via,
    };
    return { accepted: true };
  }

  #open(question: Question, people: readonly Person[]): Pending {
    this.#asked += 1;
    const approval = `${question.step}-${this.#asked}`;
    const { workflowId } = workflowInfo();
    const hours = question.ladder.reduce((sum, rung) => sum + rung.hours, 0);
    const due = new Date(Date.now() + hours * HOUR_MS).toISOString();
    const { kind, step, asks, call, facts, ladder, without = [], missing = [] } = question;
    const wholeDigest = digestOf({ case: workflowId, step, approval, kind, call: call ?? null, facts, due });
    const answers = LEGAL_ANSWERS[kind].filter((verdict) => !without.includes(verdict));
    const digest = wholeDigest.slice(0, 12);
    const role = ladder[0]?.role ?? 'operations';
    const others = people.filter((person) => !this.#isInterested(person, question));
    const by = (others.find(({ roles }) => roles.includes(role)) ?? others[0])?.person ?? 'somebody';
    const verdict = answers[0] ?? 'reject';
    const edit = verdict === 'edit' ? { edit: Object.fromEntries(missing.map((name) => [name, `<${name}>`])) } : {};
    const command = commandFor(workflowId, { approval, verdict, by, digest, ...edit });
    return {
      approval,
      kind,
      role,
      ...(question.named ? { named: namesOf(question.named) } : {}),
      asks,
      ...(call ? { call } : {}),
      answers,
      digest,
      due,
      command,
      question,
      wholeDigest,
      people,
      rung: 0,
    };
  }

  async #climb(request: Pending): Promise<Reply> {
    const { ladder } = request.question;
    for (const [rung, { role, hours }] of ladder.entries()) {
      Object.assign(request, { rung, role });
      if (rung > 0) this.#watcher.changed();
      tell(request, rung === 0 ? 'waits' : 'was escalated to you');
      const half = (hours * HOUR_MS) / 2;
      const summary = `${request.approval} waits for ${role}`;
      if (await condition(() => request.reply !== undefined, half, { summary })) break;
      tell(request, 'still waits');
      if (await condition(() => request.reply !== undefined, half, { summary })) break;
    }
    return request.reply ?? { verdict: 'unanswered' };
  }

  #isInterested(person: Person, { party, barred = [] }: Question): boolean {
    return !party && [this.#requestedBy, ...barred].some((name) => sameAs(person, name));
  }

  #objectToPerson(request: Pending, answer: AnswerInput): string | undefined {
    const person = findPerson(request.people, answer.by);
    const roles = request.question.ladder.map((rung) => rung.role).join(' or ');
    const { named } = request.question;
    if (!person && named) return `Only ${namesOf(named).join(' or ')} may answer this.`;
    if (!person) return `Only somebody with the role ${roles} may answer this.`;
    if (this.#isInterested(person, request.question)) return 'Nobody answers about their own request.';
    return undefined;
  }
}

function objectToWords({ question, answers, wholeDigest, approval }: Pending, answer: AnswerInput): string | undefined {
  if (!answers.includes(answer.verdict)) return `${approval} takes ${answers.join(', ')}.`;
  if (!wholeDigest.startsWith(answer.digest))
    return 'The digest is not that of the open request; read its status again.';
  if (answer.verdict === 'reject' && !answer.reason) return 'A rejection needs a reason.';
  if (['decline', 'request-changes'].includes(answer.verdict) && !answer.reason) return 'A no needs a reason.';
  if (answer.verdict === 'edit')
    return answer.edit ? question.refuseEdit?.(answer.edit) : 'An edit needs the changed arguments in edit.';
  if (answer.edit) return 'Only the verdict edit may change arguments.';
  return objectToAmount(question, answer);
}

function objectToAmount({ amount }: Question, { amountMicroUsd }: AnswerInput): string | undefined {
  if (!amount || amountMicroUsd === undefined) return undefined;
  if (amountMicroUsd >= amount.leastMicroUsd && amountMicroUsd <= amount.mostMicroUsd) return undefined;
  return `The amount must be from ${amount.leastMicroUsd} (${showUsd(amount.leastMicroUsd)}) to ${amount.mostMicroUsd} micro-dollars.`;
}

/** Names are compared as people read them: nobody becomes another person by a capital letter. */
const sameAs = ({ person, aliases }: Person, name: string): boolean =>
  [person, ...aliases].some((each) => each.toLowerCase() === name.trim().toLowerCase());
const namesOf = (people: readonly Person[]): string[] => people.map(({ person }) => person);
const findPerson = (people: readonly Person[], name: string): Person | undefined =>
  people.find((person) => sameAs(person, name));

const commandFor = (workflowId: string, answer: Record<string, unknown>): string =>
  `temporal workflow update execute --workflow-id ${inShell(workflowId)} --name answer --input ${inShell(JSON.stringify(answer))}`;

/** As one word of a shell, whatever a caller has put into it. */
const inShell = (text: string): string => (/^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** The absent stay absent: `exactOptionalPropertyTypes`, and a smaller history. */
const definedOnly = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

/** A notice that nobody gets is written down and no more: the request stands all the same. */
function tell(request: Pending, what: string): void {
  const { workflowId, runId } = workflowInfo();
  const { approval, role, kind, rung } = request;
  const message = `${kind} ${approval} of case ${workflowId} ${what}: ${request.asks}`.slice(0, 1000);
  notify({ key: `${runId}:${approval}:${rung}:${what}`, caseId: workflowId, role, message }).catch((error: unknown) =>
    log.warn('a notice could not be sent', { approval, role, error: error instanceof Error ? error.name : 'unknown' }),
  );
}
