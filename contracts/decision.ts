import type { Failure } from './failures.ts';
import type { StepPolicy } from './policy.ts';
import type { StepPin } from './release.ts';

/** What a case knows that no model may choose. */
export interface CaseFacts {
  readonly caseId: string;
  readonly process: string;
  /** ISO instant at which the case began. */
  readonly startedAt: string;
}

/** One call of a model, whether or not it was of use. */
export interface ModelCall {
  readonly model: string;
  readonly simulated: boolean;
  /** `unknown`: the answer was lost, so the call stays charged at its worst case. `free`: certainly not charged. */
  readonly outcome: 'answered' | 'invalid' | 'refused' | 'unknown' | 'free';
  readonly costMicroUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly ms: number;
}

/** What the model wants to be done: one call of the agent's one tool, bound arguments included. */
export interface Proposal {
  readonly tool: string;
  readonly call: Readonly<Record<string, unknown>>;
  /** False where the model knew no answer; a person has to supply the rest. */
  readonly complete: boolean;
  readonly confidence: number;
  readonly reasoning: string;
  /** `none` where every argument was bound, or where a way out had to work without a model. */
  readonly model: string;
  readonly simulated: boolean;
  readonly prompt: { readonly version: string; readonly sha256: string };
}

export interface Verdict {
  readonly kind: 'allowed' | 'needs-approval' | 'refused';
  /** Which rule said so, as docs/failures.md and the policy name it. */
  readonly rule: string;
  readonly why: string;
}

/** A person's answer to a request, as it was accepted. */
export interface Answer {
  readonly approval: string;
  readonly verdict: AnswerVerdict;
  readonly by: string;
  readonly role: string;
  readonly at: string;
  readonly digest: string;
  /** `signed`: by a token that was made outside Temporal. `asserted`: somebody said so, where no keys are set up. */
  readonly identity: 'asserted' | 'signed';
  readonly via: 'signal' | 'update';
  /** For whom, where that is somebody else: a colleague out of office, or who delegated. */
  readonly for?: string;
  /** The token itself, for the tools; in no record. */
  readonly token?: string;
  /** The yeses before it, where several people had to say it. */
  readonly with?: readonly Answer[];
  readonly reason?: string;
  readonly edit?: Readonly<Record<string, unknown>>;
  readonly amountMicroUsd?: number;
}
export const ANSWER_VERDICTS = [
  'approve',
  'edit',
  'reject',
  'go-on',
  'retry',
  'skip',
  'abort',
  'raise',
  'stop',
  'split',
  'back-order',
  'drop',
  'decline',
  'request-changes',
] as const;
export type AnswerVerdict = (typeof ANSWER_VERDICTS)[number];

/** What people do with a request before it is decided; none of them is a yes or a no. */
export const MOVES = ['ask-info', 'inform', 'delegate', 'escalate', 'claim', 'release'] as const;
export type Move = (typeof MOVES)[number];

/** A proposal that waits for a person, with the digest of the contract it was made against. */
export interface Sealed {
  readonly proposal: Proposal;
  readonly verdict: Verdict;
  readonly contract: string;
}

/** What the activity's checkpoint holds: all that a next attempt needs, so that nothing is paid for twice. */
export interface Checkpoint {
  /** The attempt that wrote it. */
  readonly attempt: number;
  /** True where the attempt came to its end; false where it was still at work, and may have died. */
  readonly ended: boolean;
  readonly calls: readonly ModelCall[];
  readonly proposal?: Proposal;
  /** Why the last proposal was not accepted, to be shown to the model. */
  readonly complaint?: string;
  /** What the last attempt that ended failed with: a step that runs out of time has no better answer. */
  readonly failure?: Failure;
}

/** What the workflow hands to an agent's activity, and history keeps. The run that it belongs to tells the rest of the facts. */
export type AgentOrder = Omit<AgentTask, 'facts' | 'callsBefore'> &
  Pick<CaseFacts, 'startedAt'> &
  Partial<Pick<AgentTask, 'callsBefore'>>;

/** What an agent's activity works from. */
export interface AgentTask {
  readonly step: string;
  readonly facts: CaseFacts;
  /** Unique for the business reference and step; for a read, for the run and round. */
  readonly key: string;
  readonly input: unknown;
  readonly pin: StepPin;
  readonly policy: StepPolicy;
  /** Model calls this activity may still pay for. */
  readonly allowance: number;
  /** Calls that earlier activities of the step have paid for; they count against the iterations. */
  readonly callsBefore: number;
  /** Set where the model has already proposed: a person's yes, or a retry after the tool failed. */
  readonly seal?: Seal;
  /** People's yeses to what this effect rests on, where they were not asked about the call itself. */
  readonly approvals?: readonly Answer[];
  /** Why an earlier activity of the step got no usable answer, for the model to read. */
  readonly complaint?: string;
}

export interface Seal extends Sealed {
  /** Set where a person said yes, with the whole digest that they answered to. */
  readonly answer?: Answer;
}

/** What a decision keeps of a proposal: nothing personal. */
export interface Made {
  readonly confidence: number;
  readonly reasoning: string;
  readonly model: string;
  /** The call as it was really made, with personal values left out. */
  readonly call: Readonly<Record<string, unknown>>;
  /** SHA-256 of the whole canonical call. */
  readonly callDigest: string;
}

/** What an agent's activity returns; history keeps this, and nothing of prompts or raw completions. */
export type AgentResult = ActedResult | StoppedResult;

/** The tool has answered. Of the proposal only what the decision keeps goes into history. */
export interface ActedResult {
  readonly outcome: 'done';
  readonly calls: readonly ModelCall[];
  /** Without `why` where there is nothing to say. */
  readonly verdict: Pick<Verdict, 'kind' | 'rule'> & Partial<Verdict>;
  readonly made: Made;
  readonly answer: Readonly<Record<string, unknown>>;
  /** True where an earlier call under the same key had done it already. */
  readonly replayed?: boolean;
  /** Set where that call was another run's: this one does not undo it. */
  readonly ofAnotherRun?: true;
  readonly actMs: number;
}

/** Judge has stopped the proposal, which waits whole for a person, or is refused. */
export interface StoppedResult {
  readonly outcome: 'sealed' | 'refused';
  readonly calls: readonly ModelCall[];
  readonly sealed: Sealed;
  /** Nothing was called. */
  readonly answer?: undefined;
}

/** The record of one step: what was proposed, judged, answered, done, at what cost, under which release. */
export interface Decision {
  readonly step: string;
  /** ISO instant at which the step ended. */
  readonly at: string;
  readonly agent: string;
  readonly tool: string;
  readonly outcome: 'done' | 'refused' | 'rejected' | 'unanswered' | 'skipped' | 'failed' | 'cancelled' | 'amended';
  readonly verdict: Verdict['kind'] | 'none';
  readonly rule?: string;
  readonly why?: string;
  readonly confidence?: number;
  readonly reasoning?: string;
  readonly model?: string;
  readonly simulated: boolean;
  readonly prompt?: string;
  /** SHA-256 of the canonical call, and the call itself with personal values left out. */
  readonly call?: Readonly<Record<string, unknown>>;
  readonly callDigest?: string;
  readonly answers: readonly Answer[];
  readonly failure?: Pick<Failure, 'type' | 'message'>;
  readonly modelCalls: number;
  readonly costMicroUsd: number;
  readonly proposeMs: number;
  readonly actMs: number;
  /** From the start of the step to its end, waits for people included. */
  readonly ms: number;
  readonly replayed: boolean;
}
