import { workflowInfo } from '@temporalio/workflow';
import type { BusinessClock } from '../contracts/business-clock.ts';
import { type Answer, type AnswerVerdict, MOVES, type Move } from '../contracts/decision.ts';
import { digestOf } from '../contracts/digest.ts';
import type { Person } from '../contracts/directory.ts';
import type { Grant } from '../contracts/grants.ts';
import { type About, LEGAL_ANSWERS, type OpenRequest, type Remark, type RequestKind } from '../contracts/messages.ts';
import type { Ladder } from '../contracts/policy.ts';
import { sameAs } from '../contracts/standing.ts';
import { rungsOf } from './ladder-times.ts';

type Call = Readonly<Record<string, unknown>>;

/** A question to people, as a step or a process puts it. */
export interface Question {
  readonly kind: RequestKind;
  readonly step: string;
  /** For people; ids, enums and numbers, and no personal data. */
  readonly asks: string;
  readonly about: About;
  readonly ladder: Ladder;
  /** The exact call that a yes will make. */
  readonly call?: Call;
  /** Everything else that the answer rests on: contract, prompt, policy, what earlier tools answered. */
  readonly facts: Call;
  /** People who may not answer beside who asked for the case: those who would gain by a yes. */
  readonly barred?: readonly string[];
  /** Answers of the kind that are not legal here. */
  readonly without?: readonly AnswerVerdict[];
  /** Arguments that an edit may change. */
  readonly editable?: readonly string[];
  /** Arguments that an edit has to supply, since nobody has proposed them. */
  readonly missing?: readonly string[];
  /** Why an edit is not acceptable, or nothing. */
  readonly refuseEdit?: (edit: Call) => string | undefined;
  /** Somebody of no role in the house, who alone answers, and about what they asked for themselves: a customer. */
  readonly party?: Person;
  /** People of the house who alone may answer, whatever their roles; the ladder's roles hear of it. */
  readonly named?: readonly Person[];
  /** Nobody stands in for the named ones, and they hand it on to nobody. */
  readonly personally?: boolean;
  /** For a budget: what is asked for, and the most that may be given. */
  readonly amount?: { readonly leastMicroUsd: number; readonly mostMicroUsd: number };
  /** What a yes to this call lets through at the tools. */
  readonly grant?: (call: Call) => Grant | undefined;
  /** How sure the model was, and what it was asked with. */
  readonly made?: { readonly confidence: number; readonly prompt: string; readonly model: string };
}

/** Somebody who may answer, and for whom where that is not for themselves. */
export type Convened = Pick<Person, 'person' | 'roles' | 'aliases'> & { readonly for?: string };

/** A request while it is open. */
export interface Pending {
  readonly approval: string;
  readonly question: Question;
  readonly askedAt: string;
  /** Which run of the case asks: office hours end at the same instant for a later one. Of old it was not said. */
  readonly run?: string | undefined;
  readonly answers: AnswerVerdict[];
  readonly rungs: { readonly role: Ladder[number]['role']; until: number; readonly needed: number }[];
  readonly remarks: Remark[];
  readonly editors: string[];
  readonly edits: Answer[];
  people: readonly Convened[];
  signed: boolean;
  rung: number;
  /** When those whose turn it is are reminded, milliseconds since 1970. */
  remindAt: number;
  wholeDigest: string;
  call: Call | undefined;
  edit: Call | undefined;
  yeses: Answer[];
  claimedBy?: string | undefined;
  delegated?: { readonly from: string; readonly to: string } | undefined;
  held?: { readonly by: string; readonly question: string } | undefined;
  escalated: boolean;
  /** Signatures that were taken: each says what it says once. */
  readonly used: Set<string>;
  /** Answers that are being checked now, or wait for their turn; and when the last of them is done. */
  checking: number;
  turn: Promise<unknown>;
  reply?: Reply;
}

/** A question that is no longer open, for the audit. */
export interface ClosedRequest extends Pick<Question, 'kind' | 'step'>, Pick<About, 'subject' | 'rule' | 'why'> {
  readonly at: string;
  /** Answers that made another call of it; what was said to the call before is void. */
  readonly edits: readonly Answer[];
  /** Yeses that were given before the last answer, or in vain. */
  readonly yeses: readonly Answer[];
  /** All that was said and done about it meanwhile. */
  readonly remarks: readonly Remark[];
  /** Nothing where the case was stopped meanwhile. */
  readonly reply?: Reply | undefined;
}

/** How a question ended: with an answer, and the yeses before it; in silence; or moot. */
export type Reply = Answer | { readonly verdict: 'unanswered' | 'amended' };

export interface Setting {
  readonly requestedBy: readonly string[];
  readonly policy: string;
  readonly calendar: BusinessClock | undefined;
  /**
   * True where an activity checks who answers, by a token and by the directory as it is then. Cases that began before
   * there was such a thing go on as they began.
   */
  readonly checked: boolean;
  /** True where timers do nothing while an answer is being checked, and none is called off. */
  readonly steady: boolean;
}

export function openPending(question: Question, number: number, setting: Setting): Pending {
  const { kind, call, ladder, without = [] } = question;
  const pending: Pending = {
    approval: `${question.step}-${number}`,
    question,
    askedAt: new Date().toISOString(),
    run: setting.checked ? workflowInfo().firstExecutionRunId : undefined,
    answers: LEGAL_ANSWERS[kind].filter((verdict) => !without.includes(verdict)),
    rungs: rungsOf(ladder, Date.now(), setting.calendar),
    remarks: [],
    editors: [],
    edits: [],
    people: [],
    signed: false,
    rung: 0,
    remindAt: 0,
    wholeDigest: '',
    call,
    edit: undefined,
    yeses: [],
    escalated: false,
    used: new Set(),
    checking: 0,
    turn: Promise.resolve(),
  };
  pending.wholeDigest = digestOfPending(pending);
  return pending;
}

/** Over everything that an answer rests on; an edit makes it another request. */
function digestOfPending({ approval, question, call, rungs, editors, run }: Pending): string {
  const { kind, step, facts } = question;
  const due = new Date(rungs.at(-1)?.until ?? 0).toISOString();
  const base = { case: workflowInfo().workflowId, step, approval, kind, call: call ?? null, facts, due };
  return digestOf({ ...base, ...(run ? { run } : {}), ...(editors.length > 0 ? { edits: editors.length } : {}) });
}

/** What is left of a question when it closes. */
export function closedRequest({ question, edits, yeses, remarks, reply }: Pending): ClosedRequest {
  const { kind, step, about } = question;
  const { subject, rule, why } = about;
  return { kind, step, subject, rule, why, at: new Date().toISOString(), edits, yeses, remarks, reply };
}

/** Puts an edited call in the place of the one that was asked about: every yes until now was to something else. */
export function takeEdit(pending: Pending, edit: Call, by: string): void {
  pending.edit = { ...pending.edit, ...edit };
  pending.call = { ...pending.call, ...edit };
  pending.editors.push(by);
  pending.yeses = [];
  if (!pending.answers.includes('approve')) pending.answers.unshift('approve');
  pending.wholeDigest = digestOfPending(pending);
}

/** Where a person is asked about their own wish, nobody else has an interest. */
export const barredFrom = ({ question: { party, barred = [] }, editors, edits }: Pending, { requestedBy }: Setting) =>
  party ? [] : [...new Set([...requestedBy, ...barred, ...editors, ...edits.flatMap((edit) => edit.for ?? [])])];

/**
 * How many different people have to say yes at this rung. Whoever answers in the role of another rung needs as many as
 * that one as well: nobody gets around four eyes by escalating.
 */
export const neededFor = ({ rungs, rung }: Pending, role?: string): number =>
  Math.max(rungs[rung]?.needed ?? 1, ...rungs.filter((one) => one.role === role).map(({ needed }) => needed));

/** What may be done with a request short of deciding it. */
export function movesOf({ question, rung, rungs, claimedBy, delegated, held }: Pending): Move[] {
  if (question.party) return [];
  const legal: Record<Move, boolean> = {
    'ask-info': held === undefined,
    inform: held !== undefined,
    delegate: delegated === undefined && !question.personally,
    escalate: rung < rungs.length - 1,
    claim: claimedBy === undefined,
    release: claimedBy !== undefined,
  };
  return MOVES.filter((move) => legal[move]);
}

/** The request as the status shows it. */
export function showRequest(pending: Pending, setting: Setting, costMicroUsd: number): OpenRequest {
  const { approval, question, call, rungs, rung, yeses, claimedBy, held, remarks, edit } = pending;
  const { kind, step, asks, about, named, facts, editable = [], missing = [], made } = question;
  const grant = call && question.grant?.(call);
  const instant = (ms: number | undefined) => new Date(ms ?? 0).toISOString();
  const now = rungs[rung];
  return {
    ...about,
    approval,
    kind,
    step,
    role: now?.role ?? 'operations',
    ...(named ? { named: named.map(({ person }) => person) } : {}),
    asks,
    ...(call ? { call } : {}),
    facts,
    editable,
    missing: missing.filter((name) => !Object.hasOwn(call ?? {}, name)),
    ...(edit && question.call ? { before: question.call } : {}),
    answers: pending.answers,
    moves: movesOf(pending),
    ...(made ?? {}),
    policy: setting.policy,
    costMicroUsd,
    digest: pending.wholeDigest,
    ...(grant ? { grant } : {}),
    askedAt: pending.askedAt,
    until: instant(now?.until),
    due: instant(rungs.at(-1)?.until),
    ladder: rungs.map(({ role, until, needed }) => ({ role, until: instant(until), needed })),
    needed: neededFor(pending),
    yeses: yeses.map(({ by }) => by),
    barred: barredFrom(pending, setting),
    ...(claimedBy ? { claimedBy } : {}),
    ...(held ? { held } : {}),
    remarks,
    command: commandFor(pending, setting),
  };
}

/** Ready to be pasted into a shell: with keys, what makes and sends a signed answer; without, what Temporal takes. */
function commandFor(pending: Pending, setting: Setting): string {
  const { approval, answers, question, wholeDigest, signed, people, rungs, rung } = pending;
  const { workflowId } = workflowInfo();
  const verdict = answers[0] ?? 'reject';
  const digest = wholeDigest.slice(0, 12);
  if (signed)
    return `npm run -s governor -- approvals answer ${inShell(workflowId)} ${inShell(approval)} ${verdict} --digest ${digest}`;
  const barred = barredFrom(pending, setting);
  const others = people.filter((person) => !barred.some((name) => sameAs(person, name)));
  const role = rungs[rung]?.role;
  const by = (others.find(({ roles }) => roles.some((one) => one === role)) ?? others[0])?.person ?? 'somebody';
  const edit = Object.fromEntries((question.missing ?? []).map((name) => [name, `<${name}>`]));
  const input = { approval, verdict, by, digest, ...(verdict === 'edit' ? { edit } : {}) };
  return `temporal workflow update execute --workflow-id ${inShell(workflowId)} --name answer --input ${inShell(JSON.stringify(input))}`;
}

/** As one word of a shell, whatever a caller has put into it. */
const inShell = (text: string): string => (/^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
