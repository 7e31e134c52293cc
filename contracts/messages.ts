import { z } from 'zod';
import { ANSWER_VERDICTS, type AnswerVerdict, type Decision, MOVES, type Move } from './decision.ts';
import type { Grant } from './grants.ts';
import type { Role } from './roles.ts';

/** The names under which a running case is spoken to, and the shapes of what is said. */
export const TASK_QUEUE = 'governor';
export const ANSWER = 'answer';
export const AMEND = 'amend';
export const VOID = 'void';
export const STATUS = 'status';

/** An answer as a person sends it, by Signal or Update. */
export const AnswerInput = z.strictObject({
  approval: z.string().min(1).max(120),
  verdict: z.enum([...ANSWER_VERDICTS, ...MOVES]),
  by: z.string().min(1).max(100),
  digest: z.string().regex(/^[0-9a-f]{8,64}$/, 'the first 8 or more hex digits of the digest that you decide on'),
  reason: z.string().min(1).max(500).optional(),
  edit: z.record(z.string(), z.unknown()).optional(),
  amountMicroUsd: z.int().positive().optional(),
  /** To whom a request is delegated. */
  to: z.string().min(1).max(100).optional(),
  token: z.string().max(4000).optional(),
});
export type AnswerInput = z.output<typeof AnswerInput>;

export interface AnswerReply {
  readonly accepted: boolean;
  readonly decidedBy?: string;
  readonly why?: string;
}

export type RequestKind = 'proposal' | 'finding' | 'exception' | 'budget' | 'confirmation' | 'shortage' | 'approval';

/** The legal answers to each kind of request; `confirmation` and `shortage` are put to a customer, about their own order. */
export const LEGAL_ANSWERS: Record<RequestKind, readonly AnswerVerdict[]> = {
  proposal: ['approve', 'edit', 'reject'],
  finding: ['go-on', 'reject'],
  exception: ['retry', 'skip', 'abort'],
  budget: ['raise', 'stop'],
  confirmation: ['approve', 'reject'],
  shortage: ['split', 'back-order', 'drop', 'reject'],
  approval: ['approve', 'decline', 'request-changes'],
};

/** What a request is about, in the words of the process that asks. Ids, enums and numbers, and no personal data. */
export interface About {
  /** What it is about, as an id: an expense line, a document, an order. */
  readonly subject: string;
  /** In minor units. */
  readonly amount?: { readonly minor: number; readonly currency: string };
  /** The tier that decides, and which rule says so. */
  readonly tier: string;
  readonly rule: string;
  readonly why: string;
  readonly risk: 'low' | 'medium' | 'high';
  /** What an agent advises, with the rules that it cites. Written by a model. */
  readonly recommendation?: Recommendation;
  /** What happens on a yes. */
  readonly consequence: string;
  readonly reversible: boolean;
}

export interface Recommendation {
  readonly verdict: string;
  readonly confidence: number;
  readonly evidence: string;
  /** The rules' ids, with what they say where that is known. */
  readonly clauses: readonly { readonly id: string; readonly says: string }[];
}

/** What somebody has said or done about a request that is still open. */
export interface Remark {
  readonly at: string;
  readonly by: string;
  readonly verdict: AnswerVerdict | Move;
  readonly words?: string;
  /** To whom it was delegated. */
  readonly to?: string;
}

/** A request as its status shows it. */
export interface OpenRequest extends About {
  readonly approval: string;
  readonly kind: RequestKind;
  readonly step: string;
  /** Whose turn it is. */
  readonly role: Role;
  /** Where certain people are asked, and not whoever has the role. */
  readonly named?: readonly string[];
  readonly asks: string;
  /** The exact call that a yes makes, or what the answer is about. */
  readonly call?: Readonly<Record<string, unknown>>;
  /** All else that the answer rests on and its digest covers: what tools have answered, rules, versions. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Arguments of the call that an edit may change: what the model filled in. */
  readonly editable: readonly string[];
  /** Arguments that an edit has to supply, since nobody has proposed them. */
  readonly missing: readonly string[];
  /** The call as the model proposed it, where somebody has edited it since. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly answers: readonly AnswerVerdict[];
  readonly moves: readonly Move[];
  /** How sure the model was of the proposal, from 0 to 1; the versions that made it. */
  readonly confidence?: number;
  readonly prompt?: string;
  readonly model?: string;
  readonly policy: string;
  readonly costMicroUsd: number;
  /** The whole digest; answers may name its first 8 or more digits. */
  readonly digest: string;
  /** What a yes lets through at the tools; the token of the answer carries it. */
  readonly grant?: Grant;
  readonly askedAt: string;
  /** Until when it is this role's turn, and when silence becomes a no. */
  readonly until: string;
  readonly due: string;
  readonly ladder: readonly { readonly role: Role; readonly until: string; readonly needed: number }[];
  /** Yeses that are needed and given. */
  readonly needed: number;
  readonly yeses: readonly string[];
  /** Who may not answer: who asked for the case, who gains by it, who edited it. */
  readonly barred: readonly string[];
  readonly claimedBy?: string;
  /** Set while the clock stands still for the requester's answer. */
  readonly held?: { readonly by: string; readonly question: string };
  readonly remarks: readonly Remark[];
  /** Ready to be pasted into a shell. */
  readonly command: string;
}

/** What the memo of a waiting run shows of a request; a list is made of these without asking any worker. */
export type RequestSummary = Pick<
  OpenRequest,
  | 'approval'
  | 'kind'
  | 'role'
  | 'named'
  | 'asks'
  | 'subject'
  | 'amount'
  | 'tier'
  | 'rule'
  | 'risk'
  | 'askedAt'
  | 'until'
  | 'due'
  | 'digest'
  | 'confidence'
  | 'claimedBy'
  | 'barred'
> & {
  readonly advice?: string;
  readonly delegated?: { readonly from: string; readonly to: string };
  readonly held?: boolean;
  readonly process: string;
};

export interface CaseStatus {
  readonly process: string;
  readonly stage: string;
  readonly outcome?: string;
  /** What a case that did not come to its end could not take back; a cancelled run has no result to say it in. */
  readonly leftBehind?: readonly string[];
  readonly startedAt: string;
  readonly deadline: string;
  readonly release: string;
  readonly policy: string;
  readonly budget: {
    readonly capMicroUsd: number;
    readonly spentMicroUsd: number;
    readonly reservedMicroUsd: number;
    readonly calls: number;
  };
  readonly steps: readonly StepStatus[];
  readonly waiting: readonly OpenRequest[];
}

export type StepStatus = Pick<
  Decision,
  'agent' | 'step' | 'outcome' | 'verdict' | 'rule' | 'confidence' | 'model' | 'simulated' | 'costMicroUsd' | 'ms'
>;
