import { z } from 'zod';
import { ANSWER_VERDICTS, type AnswerVerdict, type Decision } from './decision.ts';
import type { Role } from './policy.ts';

/** The names under which a running case is spoken to, and the shapes of what is said. */
export const TASK_QUEUE = 'governor';
export const ANSWER = 'answer';
export const AMEND = 'amend';
export const VOID = 'void';
export const STATUS = 'status';

/** An answer as a person sends it, by Signal or Update. */
export const AnswerInput = z.strictObject({
  approval: z.string().min(1).max(120),
  verdict: z.enum(ANSWER_VERDICTS),
  by: z.string().min(1).max(100),
  digest: z.string().regex(/^[0-9a-f]{8,64}$/, 'the first 8 or more hex digits of the digest that you decide on'),
  reason: z.string().min(1).max(500).optional(),
  edit: z.record(z.string(), z.unknown()).optional(),
  amountMicroUsd: z.int().positive().optional(),
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

/** A request as its status shows it. */
export interface OpenRequest {
  readonly approval: string;
  readonly kind: RequestKind;
  readonly role: Role;
  /** Where certain people are asked, and not whoever has the role. */
  readonly named?: readonly string[];
  readonly asks: string;
  readonly call?: Readonly<Record<string, unknown>>;
  readonly answers: readonly AnswerVerdict[];
  readonly digest: string;
  readonly due: string;
  /** Ready to be pasted into a shell. */
  readonly command: string;
}

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
