import type { Decision, ModelCall, Move, Verdict } from './decision.ts';
import { ANSWER_VERDICTS, MOVES } from './decision.ts';
import { FAILURES } from './failures.ts';
import { LEGAL_ANSWERS } from './messages.ts';
import { PROCESSES } from './processes.ts';
import { ROLES } from './roles.ts';
import { tools } from './tools/index.ts';

/**
 * Every decision of this house that is counted: its metric, and the values that each label may have. A value is of a list
 * or, where a price table or a release decides, of a shape; never an id, and never a word that somebody typed.
 * docs/observability.md tells the same in prose, and test/unit/decision-points.test.ts holds the two together.
 */
export interface Point {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  readonly help: string;
  readonly labels: Readonly<Record<string, Domain>>;
  /** Upper bounds; of histograms alone. */
  readonly buckets?: readonly number[];
  /** Which process tells it. */
  readonly by: 'worker' | 'tools' | 'api';
}

export type Domain = readonly string[] | RegExp;

/** All members of a union: one that is new is missing here until somebody says so. */
const all = <U extends string>(members: Readonly<Record<U, true>>): readonly U[] => Object.keys(members) as U[];

const PROCESS = Object.keys(PROCESSES);
/** Agents that only take back what others did. */
const UNDOING = ['closeAccount', 'releaseStock'];
const AGENT = [
  ...new Set([
    ...Object.values(PROCESSES).flatMap(({ cleanRun, endings, besides = [] }) => [...cleanRun, ...endings, ...besides]),
    ...UNDOING,
  ]),
];
const TOOL = Object.keys(tools);
const FAILURE = Object.keys(FAILURES);
/** As the price table names them; `unknown` where a call was lost, `none` where no model was asked. */
const MODEL = /^[A-Za-z][\w.:/-]{0,60}$/;
const PROMPT = /^(v[1-9]\d{0,3}|none)$/;
/** A word of ours, without digits. */
const WORD = /^[a-z]+(-[a-z]+){0,4}$/;
const REQUEST = Object.keys(LEGAL_ANSWERS);
const MOVE = [...MOVES, 'edit', 'one-yes', 'next-rung'] as const satisfies readonly (Move | string)[];
const OUTCOME = all<Decision['outcome']>({
  done: true,
  refused: true,
  rejected: true,
  unanswered: true,
  skipped: true,
  failed: true,
  cancelled: true,
  amended: true,
});
const VERDICT = all<Verdict['kind'] | 'none'>({ allowed: true, 'needs-approval': true, refused: true, none: true });
const CALL_OUTCOME = all<ModelCall['outcome']>({
  answered: true,
  invalid: true,
  refused: true,
  unknown: true,
  free: true,
});
export const PATHS = ['automatic', 'asked', 'refused', 'fallback', 'broken'] as const;
export const BREAKER_STATES = ['closed', 'half-open', 'open', 'out'] as const;

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const LONG_SECONDS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400, 259_200];
const MICRO_USD = [100, 1000, 5000, 10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000];

export const POINTS = {
  governor_cases_started_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Cases that began',
    labels: { process: PROCESS },
  },
  governor_inputs_refused_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Cases that ended at the door, as their input could not be taken',
    labels: { process: PROCESS },
  },
  governor_cases_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Cases that ended, and how',
    labels: { process: PROCESS, outcome: WORD },
  },
  governor_case_seconds: {
    kind: 'histogram',
    by: 'worker',
    help: 'From the start of a case to its end, waits for people included',
    labels: { process: PROCESS },
    buckets: [...SECONDS, ...LONG_SECONDS.filter((bound) => bound > 60)],
  },
  governor_case_cost_micro_usd: {
    kind: 'histogram',
    by: 'worker',
    help: 'What a case has cost, micro-dollars',
    labels: { process: PROCESS },
    buckets: MICRO_USD,
  },
  governor_left_behind_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Effects that a case which broke off could not take back',
    labels: { process: PROCESS },
  },
  governor_steps_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Steps that ended, by the path that their decision took',
    labels: { process: PROCESS, agent: AGENT, path: PATHS, outcome: OUTCOME },
  },
  governor_verdicts_total: {
    kind: 'counter',
    by: 'worker',
    help: 'What judge said of a proposal, and by which rule',
    labels: { agent: AGENT, verdict: VERDICT, rule: WORD },
  },
  governor_confidence: {
    kind: 'histogram',
    by: 'worker',
    help: 'How sure a model was of what it proposed',
    labels: { agent: AGENT },
    buckets: [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99],
  },
  governor_propose_seconds: {
    kind: 'histogram',
    by: 'worker',
    help: 'How long a model took to propose',
    labels: { agent: AGENT, model: MODEL },
    buckets: SECONDS,
  },
  governor_act_seconds: {
    kind: 'histogram',
    by: 'worker',
    help: 'How long a tool took to act',
    labels: { agent: AGENT, tool: TOOL },
    buckets: SECONDS,
  },
  governor_step_failures_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Steps that failed for good, by the type of the failure',
    labels: { agent: AGENT, failure: FAILURE },
  },
  governor_attempt_failures_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Attempts of a step that failed, by the type of the failure',
    labels: { agent: AGENT, failure: FAILURE },
  },
  governor_model_calls_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Calls of models, and what came of them',
    labels: { agent: AGENT, model: MODEL, prompt: PROMPT, outcome: CALL_OUTCOME },
  },
  governor_tokens_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Tokens that models were sent and that they sent',
    labels: { agent: AGENT, model: MODEL, prompt: PROMPT, direction: ['input', 'output'] },
  },
  governor_cost_micro_usd_total: {
    kind: 'counter',
    by: 'worker',
    help: 'What the budgets of cases booked, micro-dollars; worst-case where an answer was lost',
    labels: { process: PROCESS, agent: AGENT, model: MODEL, prompt: PROMPT, charge: ['usage', 'worst-case'] },
  },
  governor_budget_denials_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Model calls that the budget left no room for',
    labels: { process: PROCESS, agent: AGENT, scope: ['cap', 'calls', 'ceiling'] },
  },
  governor_alarms_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Things that must not happen: usage above what was reserved or can have been',
    labels: { alarm: WORD },
  },
  governor_requests_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Requests that were put to people',
    labels: { process: PROCESS, kind: REQUEST, tier: WORD, role: ROLES },
  },
  governor_request_moves_total: {
    kind: 'counter',
    by: 'worker',
    help: 'What happened to a request before it was decided',
    labels: { kind: REQUEST, move: MOVE },
  },
  governor_answers_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Requests that closed, by the path that the approval took',
    labels: {
      process: PROCESS,
      kind: REQUEST,
      tier: WORD,
      rung: ['1', '2', '3', '4'],
      verdict: [...ANSWER_VERDICTS, 'amended', 'unanswered'],
      via: ['signal', 'update', 'none'],
      identity: ['signed', 'asserted', 'none'],
    },
  },
  governor_answer_seconds: {
    kind: 'histogram',
    by: 'worker',
    help: 'From opening a request to its end',
    labels: { kind: REQUEST },
    buckets: LONG_SECONDS,
  },
  governor_answer_checks_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Answers that were held against their signature and the directory',
    labels: { result: ['accepted', 'refused'] },
  },
  governor_breaker_state: {
    kind: 'gauge',
    by: 'worker',
    help: '1 for the state that a model’s breaker is in, 0 for the others',
    labels: { model: MODEL, state: BREAKER_STATES },
  },
  governor_breaker_changes_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Changes of a model’s breaker, by the state it came to',
    labels: { model: MODEL, to: BREAKER_STATES },
  },
  governor_failovers_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Model calls that failed, and who is asked next',
    labels: { agent: AGENT, from: MODEL, to: MODEL, reason: FAILURE },
  },
  governor_effects_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Calls of tools with an effect: done, deduplicated, or nobody knows',
    labels: { tool: TOOL, result: ['done', 'replayed', 'of-another-run', 'unknown', 'in-flight', 'failed'] },
  },
  governor_stale_data_total: {
    kind: 'counter',
    by: 'worker',
    help: 'Answers of tools that were too old to be used',
    labels: { agent: AGENT, tool: TOOL },
  },
  governor_tool_calls_total: {
    kind: 'counter',
    by: 'tools',
    help: 'Calls that reached the tools, and what came of them',
    labels: { tool: TOOL, result: ['done', 'replayed', ...FAILURE] },
  },
  governor_tool_seconds: {
    kind: 'histogram',
    by: 'tools',
    help: 'How long a call took inside the tools',
    labels: { tool: TOOL },
    buckets: SECONDS,
  },
  governor_api_calls_total: {
    kind: 'counter',
    by: 'api',
    help: 'Calls of the API, by operation and status',
    labels: { operation: /^([a-z]+\.[a-z]+|other)$/, status: /^[1-5]\d\d$/ },
  },
  governor_api_seconds: {
    kind: 'histogram',
    by: 'api',
    help: 'How long a call of the API took',
    labels: { operation: /^([a-z]+\.[a-z]+|other)$/ },
    buckets: SECONDS,
  },
  governor_approvals_waiting: {
    kind: 'gauge',
    by: 'api',
    help: 'Open requests',
    labels: { process: PROCESS, kind: REQUEST, role: ROLES },
  },
  governor_approval_age_seconds: {
    kind: 'gauge',
    by: 'api',
    help: 'For how long the oldest open request has waited',
    labels: { process: PROCESS, kind: REQUEST, role: ROLES },
  },
} as const satisfies Record<string, Point>;

export type PointName = keyof typeof POINTS;
export type LabelsOf<P extends PointName> = Readonly<Record<keyof (typeof POINTS)[P]['labels'] & string, string>>;

/** One thing that is counted or measured. */
export type Emission = { [P in PointName]: { point: P; labels: LabelsOf<P>; value: number } }[PointName];

/** Whether a label may have this value. */
export const isListed = (domain: Domain, value: string): boolean =>
  domain instanceof RegExp ? domain.test(value) : domain.includes(value);
