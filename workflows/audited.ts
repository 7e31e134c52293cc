import { type AuditLine, lineOf } from '../contracts/audit-lines.ts';
import type { Answer, Decision } from '../contracts/decision.ts';
import type { Remark, RequestKind } from '../contracts/messages.ts';
import {
  type AuditedAnswer,
  type AuditedDecision,
  type AuditedRemark,
  MOST_AUDITED,
} from '../contracts/tools/audit.ts';
import type { ClosedRequest } from './request.ts';

/** Questions that belong to the step which asked them; the others are decisions of their own. */
const OF_A_STEP: readonly RequestKind[] = ['proposal', 'exception', 'budget'];
const NOES: readonly string[] = ['reject', 'decline', 'request-changes', 'stop', 'abort'];
const MOST_ANSWERS = 60;
const MOST_REMARKS = 40;

/**
 * What the audit keeps of a case: each decision with who said what, in the order in which they were made. No call, no
 * reasoning and no text of a customer; those are in the case's history for as long as that is kept.
 * @param startedAt ISO instant at which the case began
 */
export function auditLines(
  decisions: readonly Decision[],
  requests: readonly ClosedRequest[],
  startedAt: string,
): AuditLine[] {
  const steps = new Set(decisions.map(({ step }) => step));
  const ofAStep = ({ kind, step }: ClosedRequest): boolean => OF_A_STEP.includes(kind) && steps.has(step);
  const made = decisions.map((decision) =>
    ofStep(
      decision,
      requests.filter((request) => ofAStep(request) && request.step === decision.step),
    ),
  );
  const asked = requests.filter((request) => !ofAStep(request)).map(ofQuestion);
  const inOrder = [...made, ...asked].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return inOrder.slice(-MOST_AUDITED).map((decision) => lineOf(decision, startedAt));
}

function ofStep(decision: Decision, requests: readonly ClosedRequest[]): AuditedDecision {
  const { at, step, agent, tool, outcome, verdict, rule, why, confidence, model, prompt, costMicroUsd } = decision;
  const request = requests.findLast(({ kind }) => kind === 'proposal') ?? requests.at(-1);
  return {
    at,
    step: cut(step, 200),
    agent,
    tool,
    outcome,
    verdict,
    ...ifAny('rule', rule, 120),
    ...ifAny('why', why, 500),
    ...(confidence === undefined ? {} : { confidence }),
    ...ifAny('model', model, 120),
    ...ifAny('prompt', prompt, 120),
    costMicroUsd,
    ...aboutOf(request),
    ...saidAbout(requests),
  };
}

/** A question that a process put to people by itself. */
function ofQuestion(request: ClosedRequest): AuditedDecision {
  return {
    at: request.at,
    step: cut(request.step, 200),
    agent: 'people',
    tool: 'none',
    outcome: outcomeOf(request),
    verdict: 'needs-approval',
    ...ifAny('rule', request.rule, 120),
    ...ifAny('why', request.why, 500),
    costMicroUsd: 0,
    ...aboutOf(request),
    ...saidAbout([request]),
  };
}

function outcomeOf({ reply }: ClosedRequest): string {
  if (!reply) return 'cancelled';
  if (!('by' in reply)) return reply.verdict;
  return NOES.includes(reply.verdict) ? 'rejected' : 'done';
}

const aboutOf = (request: ClosedRequest | undefined) =>
  request ? { kind: request.kind, ...ifAny('subject', request.subject, 300) } : {};

function saidAbout(requests: readonly ClosedRequest[]): Pick<AuditedDecision, 'answers' | 'remarks'> {
  const answers = requests.flatMap(answersOf);
  const known = new Set(answers.map(({ at, by, verdict }) => `${at} ${by} ${verdict}`));
  const remarks = requests
    .flatMap((request) => request.remarks)
    .filter(({ at, by, verdict }) => !known.has(`${at} ${by} ${verdict}`))
    .map(remarkOf);
  return {
    answers: answers.slice(-MOST_ANSWERS),
    ...(remarks.length > 0 ? { remarks: remarks.slice(-MOST_REMARKS) } : {}),
  };
}

const remarkOf = ({ at, by, verdict, words, to }: Remark): AuditedRemark => ({
  at,
  by: cut(by, 120),
  verdict,
  ...ifAny('words', words, 500),
  ...ifAny('to', to, 120),
});

/** Edits and yeses came before the answer that decided. */
function answersOf({ kind, edits, yeses, reply }: ClosedRequest): AuditedAnswer[] {
  const last = reply && 'by' in reply ? [reply] : [];
  return [...edits, ...yeses, ...last].map((answer) => ({ kind, ...answerOf(answer) }));
}

const answerOf = ({ approval, verdict, by, role, at, reason, identity, for: principal }: Answer): AuditedAnswer => ({
  approval: cut(approval, 200),
  verdict,
  by: cut(by, 120),
  role,
  at,
  ...ifAny('reason', reason, 500),
  identity,
  ...ifAny('for', principal, 120),
});

const cut = (text: string, most: number): string => text.slice(0, most);

const ifAny = <K extends string>(name: K, text: string | undefined, most: number): { readonly [N in K]?: string } =>
  (text ? { [name]: cut(text, most) } : {}) as { readonly [N in K]?: string };
