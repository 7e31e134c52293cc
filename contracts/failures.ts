/**
 * Everything that can go wrong, and who acts. docs/failures.md tells the same in prose and test/unit/failures.test.ts
 * holds the two together. A business no (refused, unanswered, over budget) is a value in a decision, not a failure.
 */

export const ESCALATION_QUEUES = [
  'identity-ops',
  'platform-ops',
  'finance-ops',
  'support-triage',
  'order-desk',
] as const;
export type EscalationQueue = (typeof ESCALATION_QUEUES)[number];

export interface FailureRule {
  /**
   * Who tries again. `temporal`: the next attempt of the same activity, within the step's schedule-to-close, then a
   * person. `person`: at once somebody's decision (retry, skip, abort). `never`: the case ends here.
   */
  readonly retry: 'temporal' | 'person' | 'never';
  /** Where the escalation goes when the case ends with it. */
  readonly queue: EscalationQueue;
}

const rule = (retry: FailureRule['retry'], queue: EscalationQueue): FailureRule => ({ retry, queue });

export const FAILURES = {
  // The caller's
  InvalidInput: rule('never', 'platform-ops'),
  UnknownWorkflow: rule('never', 'platform-ops'),

  // What a tool answered
  StaleData: rule('never', 'identity-ops'),
  WrongSubject: rule('never', 'identity-ops'),
  BadAnswer: rule('temporal', 'platform-ops'),
  ErrorInAnswer: rule('temporal', 'platform-ops'),
  AnswerTooLarge: rule('person', 'platform-ops'),
  StockFault: rule('never', 'order-desk'),
  PricingFault: rule('never', 'finance-ops'),
  OrderFault: rule('never', 'order-desk'),

  // Whether a tool can be reached, and what it says to a call
  ToolUnavailable: rule('temporal', 'platform-ops'),
  ToolRateLimited: rule('temporal', 'platform-ops'),
  ToolRejected: rule('person', 'platform-ops'),
  ToolMissing: rule('person', 'platform-ops'),

  // One effect
  EffectInFlight: rule('temporal', 'platform-ops'),
  EffectUnknown: rule('person', 'platform-ops'),
  KeyReused: rule('never', 'platform-ops'),

  // Models
  ModelRateLimited: rule('temporal', 'platform-ops'),
  ModelUnavailable: rule('temporal', 'platform-ops'),
  ModelRefused: rule('temporal', 'platform-ops'),
  ModelMisconfigured: rule('temporal', 'platform-ops'),
  NoModelLeft: rule('person', 'platform-ops'),
  IterationCapReached: rule('person', 'platform-ops'),
  AllowanceSpent: rule('person', 'platform-ops'),
  RequestTooLong: rule('person', 'platform-ops'),

  // Bounds
  ProposalRefused: rule('person', 'platform-ops'),
  DeadlineExceeded: rule('never', 'platform-ops'),
  SealBroken: rule('person', 'platform-ops'),
  ApprovalMissing: rule('person', 'platform-ops'),
  ResultTooLarge: rule('person', 'platform-ops'),

  // Releases
  PromptMissing: rule('temporal', 'platform-ops'),
  ReleaseBroken: rule('temporal', 'platform-ops'),

  // A mistake of ours in an activity; one in a workflow fails the task and waits for a fixed deploy
  InternalError: rule('temporal', 'platform-ops'),

  // The end of a run that nobody planned
  Terminated: rule('never', 'platform-ops'),
} as const satisfies Record<string, FailureRule>;

export type FailureType = keyof typeof FAILURES;

/** What went wrong, as a value: the same in an activity, in history and in an MCP answer. */
export interface Failure {
  readonly type: FailureType;
  /** For people; it names no person and holds no secret. */
  readonly message: string;
  /** What an operator needs to find the cause: ids, instants, names of fields. */
  readonly details: Readonly<Record<string, unknown>>;
}

export const fail = (type: FailureType, message: string, details: Failure['details'] = {}): Failure => ({
  type,
  message,
  details,
});

export const isFailureType = (type: unknown): type is FailureType =>
  typeof type === 'string' && Object.hasOwn(FAILURES, type);

/** A failure on its way up through Node code; activities turn it into Temporal's own kind at their door. */
export class Failed extends Error {
  readonly failure: Failure;
  /** How long the other side asked us to wait, milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(failure: Failure, options: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(failure.message, { cause: options.cause });
    this.name = failure.type;
    this.failure = failure;
    this.retryAfterMs = options.retryAfterMs;
  }
}
