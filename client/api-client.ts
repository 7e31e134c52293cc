import type { z } from 'zod';
import type { OpenRequest } from '../contracts/messages.ts';
import type { ProcessInput, StartableProcess } from '../contracts/process-inputs.ts';
import type { PastDecision } from '../contracts/tools/audit.ts';
import { type ApiClientSettings, type CaseEvent, caller, eventsOf } from './api-call.ts';
import type {
  AnswerBody,
  ApprovalQuery,
  BulkBody,
  CaseDecisionsQuery,
  CaseQuery,
  DecisionsQuery,
} from './http/inputs.ts';
import type {
  ApprovalRows,
  BulkResults,
  CaseResult,
  CaseRows,
  Me,
  ReleaseRow,
  ShownApproval,
  ShownCase,
  StartedCase,
  Timeline,
} from './http/shapes.ts';

type Query<Q> = Partial<Record<keyof Q, string | number>>;

export { type ApiClientSettings, ApiProblem, type CaseEvent } from './api-call.ts';

/** Cases over HTTP, typed: what an application needs, and what a desk of its own would. */
export interface ApiClient {
  /**
   * Starts a case. The same key with the same input is the same case, so a caller that does not know whether it was heard
   * simply asks again.
   */
  start<P extends StartableProcess>(
    process: P,
    input: ProcessInput<P>,
    options: { readonly key: string },
  ): Promise<StartedCase>;
  cases(query?: Query<CaseQuery>): Promise<CaseRows>;
  case(caseId: string): Promise<z.output<typeof ShownCase> & { readonly waiting: readonly OpenRequest[] }>;
  /** How it ended, or nothing where it still goes on after so many seconds; without `wait`, it is waited for to the end. */
  result(caseId: string, options?: { readonly wait?: number }): Promise<CaseResult | undefined>;
  events(caseId: string, signal?: AbortSignal): AsyncGenerator<CaseEvent>;
  timeline(caseId: string): Promise<Timeline>;
  cancel(caseId: string): Promise<void>;
  decisions(query?: Query<z.output<typeof DecisionsQuery>>): Promise<readonly PastDecision[]>;
  /** Those of one case, in their order, also when Temporal has forgotten its run. */
  decisionsOf(caseId: string, query?: Query<z.output<typeof CaseDecisionsQuery>>): Promise<readonly PastDecision[]>;
  approvals(query?: Query<ApprovalQuery>): Promise<ApprovalRows>;
  approval(caseId: string, approval: string): Promise<ShownApproval>;
  answer(
    caseId: string,
    approval: string,
    answer: AnswerBody,
  ): Promise<{ readonly accepted: true; readonly why?: string }>;
  /** The same as a token, and as the command that sends it. */
  sign(
    caseId: string,
    approval: string,
    answer: AnswerBody,
  ): Promise<{ readonly token: string; readonly command: string }>;
  answerAll(body: BulkBody): Promise<BulkResults>;
  releases(): Promise<readonly z.output<typeof ReleaseRow>[]>;
  me(): Promise<z.output<typeof Me>>;
}

/** Seconds that one call waits at the API for an end. */
const LONG_POLL_S = 30;

/** @throws ApiProblem from every call that the API refuses */
export function createApiClient(settings: ApiClientSettings): ApiClient {
  const { ask, open } = caller(settings);
  const at = (...words: readonly string[]) => `/v1/${words.map(encodeURIComponent).join('/')}`;
  const poll = async (caseId: string, wait: number): Promise<CaseResult | undefined> => {
    const answer = await open('GET', `${at('cases', caseId, 'result')}?wait=${wait}`);
    return answer.status === 202 ? undefined : ((await answer.json()) as CaseResult);
  };
  return {
    start: (process, input, { key }) =>
      ask('POST', at('processes', process, 'cases'), input, { 'idempotency-key': key }),
    cases: (query = {}) => ask('GET', `${at('cases')}${search(query)}`),
    case: (caseId) => ask('GET', at('cases', caseId)),
    result: async (caseId, { wait } = {}) => {
      if (wait !== undefined) return poll(caseId, wait);
      for (;;) {
        const end = await poll(caseId, LONG_POLL_S);
        if (end) return end;
      }
    },
    events: (caseId, signal) => eventsOf(open, at('cases', caseId, 'events'), signal),
    timeline: (caseId) => ask('GET', at('cases', caseId, 'timeline')),
    cancel: async (caseId) => void (await ask('POST', at('cases', caseId, 'cancel'))),
    decisions: async (query = {}) =>
      (await ask<{ decisions: PastDecision[] }>('GET', `${at('decisions')}${search(query)}`)).decisions,
    decisionsOf: async (caseId, query = {}) =>
      (await ask<{ decisions: PastDecision[] }>('GET', `${at('cases', caseId, 'decisions')}${search(query)}`))
        .decisions,
    approvals: (query = {}) => ask('GET', `${at('approvals')}${search(query)}`),
    approval: (caseId, approval) => ask('GET', at('approvals', caseId, approval)),
    answer: (caseId, approval, answer) => ask('POST', at('approvals', caseId, approval, 'answers'), answer),
    sign: (caseId, approval, answer) => ask('POST', at('approvals', caseId, approval, 'signature'), answer),
    answerAll: (body) => ask('POST', at('approvals', 'bulk'), body),
    releases: async () => (await ask<{ releases: z.output<typeof ReleaseRow>[] }>('GET', at('releases'))).releases,
    me: () => ask('GET', at('me')),
  };
}

const search = (query: Readonly<Record<string, string | number | undefined>>): string => {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
};
