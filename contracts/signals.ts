import type { AnswerVerdict, Decision, ModelCall, Move } from './decision.ts';
import type { RequestKind } from './messages.ts';

/** What a model call of a step was, and what of its cost the budget booked. */
export type BookedCall = Pick<ModelCall, 'model' | 'outcome' | 'inputTokens' | 'outputTokens' | 'ms'> & {
  readonly bookedMicroUsd: number;
};

/** What a decision's record leaves out and its metrics and spans need. */
export interface StepSignal {
  readonly kind: 'step';
  readonly process: string;
  readonly decision: Decision;
  /** False for an agent of tier none: no model has a part in it. */
  readonly asksModel: boolean;
  /** The prompt's version, `none` where there is none. */
  readonly prompt: string;
  readonly calls: readonly BookedCall[];
}

/** Which request: its kind, who decides it, and whose turn it was. */
interface Asked {
  readonly process: string;
  readonly request: RequestKind;
  readonly tier: string;
  readonly role: string;
  /** The first is 1. */
  readonly rung: number;
}

/**
 * What a case tells as it decides: no ids, no text of anybody's, and nothing that history has to keep. Every kind has its
 * metrics in telemetry/emissions.ts.
 */
export type Signal =
  | { readonly kind: 'case-began'; readonly process: string }
  | { readonly kind: 'input-refused'; readonly process: string }
  | {
      readonly kind: 'case-ended';
      readonly process: string;
      readonly outcome: string;
      readonly ms: number;
      readonly costMicroUsd: number;
      readonly leftBehind: number;
    }
  | StepSignal
  | (Asked & { readonly kind: 'request-opened' })
  | (Asked & { readonly kind: 'request-moved'; readonly move: Move | 'edit' | 'one-yes' | 'next-rung' })
  | (Asked & {
      readonly kind: 'request-closed';
      readonly step: string;
      readonly verdict: AnswerVerdict | 'amended' | 'unanswered';
      readonly via: 'signal' | 'update' | 'none';
      readonly identity: 'signed' | 'asserted' | 'none';
      /** ISO instant at which it was opened. */
      readonly askedAt: string;
      readonly ms: number;
    })
  | {
      readonly kind: 'budget-denied';
      readonly process: string;
      readonly agent: string;
      /** What there was too little of: money under the cap, calls, or money that people may still add. */
      readonly scope: 'cap' | 'calls' | 'ceiling';
    }
  | { readonly kind: 'alarm'; readonly process: string; readonly alarm: string };
