import type { z } from 'zod';
import type { Operation } from './access/routes.ts';
import {
  AnswerBody,
  ApprovalQuery,
  BulkBody,
  CaseDecisionsQuery,
  CaseQuery,
  DecisionsQuery,
  ResultQuery,
} from './inputs.ts';
import type { ProblemKind } from './problem.ts';
import {
  Accepted,
  ApprovalRows,
  BulkResults,
  CaseResult,
  CaseRows,
  Health,
  Me,
  PastDecisions,
  Pending,
  ReleaseRows,
  ShownApproval,
  ShownCase,
  ShownRelease,
  Signature,
  StartedCase,
  Timeline,
} from './shapes.ts';

/** What an operation takes and gives, for the document; who may call it is in access/routes.ts. */
export interface Described {
  readonly summary: string;
  readonly tag: 'cases' | 'approvals' | 'review' | 'access' | 'house';
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
  /** By status: what is in the answer, or which type of content it has where that is no JSON. */
  readonly answers: Readonly<
    Record<number, { readonly says: string; readonly json?: z.ZodType; readonly type?: string }>
  >;
  readonly problems?: readonly ProblemKind[];
}

const CASE_PROBLEMS = ['not-found', 'not-now'] as const;
const ANSWER_PROBLEMS = [
  'not-json',
  'not-a-json-type',
  'too-large',
  'not-yours',
  'not-found',
  'already-decided',
  'invalid-fields',
  'not-now',
] as const;

export const OPERATIONS: Readonly<Record<Exclude<Operation, 'desk.show'>, Described>> = {
  'cases.start': {
    summary: 'Start a case, once for each Idempotency-Key',
    tag: 'cases',
    headers: {
      'Idempotency-Key': 'Names the wish: the same key with the same body is the same case, also days later.',
    },
    answers: {
      200: { says: 'The case that this key has started before', json: StartedCase },
      201: { says: 'A new case', json: StartedCase },
    },
    problems: ['key-missing', 'not-json', 'not-a-json-type', 'too-large', 'not-found', 'invalid-fields', 'not-now'],
  },
  'cases.list': {
    summary: 'Cases, the newest first',
    tag: 'cases',
    query: CaseQuery,
    answers: { 200: { says: 'A page of them', json: CaseRows } },
    problems: ['invalid-fields', 'not-now'],
  },
  'cases.show': {
    summary: 'Where a case stands: stage, steps, budget, open requests',
    tag: 'cases',
    answers: { 200: { says: 'The case', json: ShownCase } },
    problems: CASE_PROBLEMS,
  },
  'cases.result': {
    summary: 'How a case ended; waits for it where the caller does',
    tag: 'cases',
    query: ResultQuery,
    answers: {
      200: { says: 'It has ended', json: CaseResult },
      202: { says: 'It goes on; ask again after Retry-After', json: Pending },
    },
    problems: ['invalid-fields', ...CASE_PROBLEMS],
  },
  'cases.events': {
    summary: 'What happens in a case, as it happens: stage, request, end',
    tag: 'cases',
    answers: { 200: { says: 'A stream of server-sent events', type: 'text/event-stream' } },
    problems: ['too-many-calls', ...CASE_PROBLEMS],
  },
  'cases.timeline': {
    summary: 'What happened in a case, in the five verbs, with its costs',
    tag: 'cases',
    answers: { 200: { says: 'The steps in order', json: Timeline } },
    problems: CASE_PROBLEMS,
  },
  'cases.decisions': {
    summary: 'The decisions of a case, also when the server has forgotten its history',
    tag: 'cases',
    query: CaseDecisionsQuery,
    answers: { 200: { says: 'From the audit', json: PastDecisions } },
    problems: ['invalid-fields', ...CASE_PROBLEMS],
  },
  'cases.cancel': {
    summary: 'Stop a case: what it has done is undone as far as it can be, and recorded',
    tag: 'cases',
    answers: { 202: { says: 'It was told; how it ends is its result', json: Pending } },
    problems: CASE_PROBLEMS,
  },
  'approvals.list': {
    summary: 'Open requests',
    tag: 'approvals',
    query: ApprovalQuery,
    answers: { 200: { says: 'A page of them', json: ApprovalRows } },
    problems: ['invalid-fields', 'not-now'],
  },
  'approvals.events': {
    summary:
      'What happens to open requests, as it happens: opened, changed, closed, and reset where something was missed',
    tag: 'approvals',
    answers: { 200: { says: 'A stream of server-sent events', type: 'text/event-stream' } },
    problems: ['too-many-calls'],
  },
  'approvals.show': {
    summary: 'A request with all that an answer rests on',
    tag: 'approvals',
    answers: { 200: { says: 'The request', json: ShownApproval } },
    problems: ['already-decided', ...CASE_PROBLEMS],
  },
  'approvals.answer': {
    summary: 'Answer a request in the caller’s name',
    tag: 'approvals',
    body: AnswerBody,
    answers: { 200: { says: 'The case took it', json: Accepted } },
    problems: ANSWER_PROBLEMS,
  },
  'approvals.sign': {
    summary: 'The answer as a signed token, and the command that sends it; nothing is sent',
    tag: 'approvals',
    body: AnswerBody,
    answers: { 200: { says: 'Token and command', json: Signature } },
    problems: ANSWER_PROBLEMS,
  },
  'approvals.bulk': {
    summary: 'One verdict for several requests of one kind that risk little',
    tag: 'approvals',
    body: BulkBody,
    answers: { 200: { says: 'What each came to', json: BulkResults } },
    problems: ['not-json', 'not-a-json-type', 'too-large', 'invalid-fields'],
  },
  'decisions.list': {
    summary: 'Past decisions',
    tag: 'review',
    query: DecisionsQuery,
    answers: { 200: { says: 'The newest first', json: PastDecisions } },
    problems: ['invalid-fields', 'not-now'],
  },
  'releases.list': {
    summary: 'Releases, the newest first',
    tag: 'review',
    answers: { 200: { says: 'All of them', json: ReleaseRows } },
  },
  'releases.current': {
    summary: 'The release that new cases take',
    tag: 'review',
    answers: { 200: { says: 'All of it', json: ShownRelease } },
  },
  me: {
    summary: 'Who the caller is here',
    tag: 'access',
    answers: { 200: { says: 'Name, tenant and roles', json: Me } },
  },
  'webhooks.receive': {
    summary: 'A delivery that starts a case (Standard Webhooks)',
    tag: 'cases',
    headers: {
      'webhook-id': 'Names the delivery.',
      'webhook-timestamp': 'Seconds since 1970, within five minutes of now.',
      'webhook-signature': 'Over id, timestamp and the raw body.',
    },
    answers: {
      200: { says: 'This delivery has come before', json: StartedCase },
      202: { says: 'A new case', json: StartedCase },
    },
    problems: ['not-json', 'bad-signature', 'not-found', 'too-large', 'invalid-fields', 'not-now'],
  },
  'session.open': {
    summary: 'Sign a browser in',
    tag: 'access',
    answers: { 204: { says: 'A cookie' } },
  },
  'session.end': { summary: 'Sign a browser out', tag: 'access', answers: { 204: { says: 'The cookie is gone' } } },
  'openapi.show': {
    summary: 'This document',
    tag: 'house',
    answers: { 200: { says: 'OpenAPI 3.1', type: 'application/json' } },
  },
  'health.show': {
    summary: 'Whether this process takes calls',
    tag: 'house',
    answers: {
      200: { says: 'It does', json: Health },
      503: { says: 'It is stopping', json: Health },
    },
  },
};
