import type { Agent } from '../agents/define-agent.ts';
import type { Failure } from '../contracts/failures.ts';

/** One question to a model. The only possible answer is a call of the agent's one tool. */
export interface ModelRequest {
  readonly agent: Agent;
  /** The agent's parsed input; the embedded model reads it, the others see only the prompt. */
  readonly input: unknown;
  readonly system: string;
  readonly user: string;
  /** JSON schema of `{arguments, confidence, reasoning}`, in the subset that every provider takes. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maxOutputTokens: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Tokens as they are billed: `input` leaves out what was read from or written to a cache. */
export interface Usage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

/** What came back. Nothing here throws: each kind is booked, and the caller decides what comes next. */
export type ModelReply =
  /** Parsed JSON, not yet held against the schema. */
  | { readonly kind: 'answered'; readonly value: unknown; readonly usage: Usage; readonly ms: number }
  /** No JSON, truncated, or a call of something that is not the agent's tool. `why` may be shown to the model. */
  | { readonly kind: 'invalid'; readonly why: string; readonly usage: Usage; readonly ms: number }
  | { readonly kind: 'refused'; readonly why: string; readonly usage: Usage; readonly ms: number }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      /** `unknown`: the call may have been billed, and stays charged at its worst case. */
      readonly charge: 'free' | 'unknown';
      readonly retryAfterMs?: number;
      readonly ms: number;
    };

/** A row of the table that may be asked now. */
export interface Candidate {
  readonly model: string;
  readonly provider: 'anthropic' | 'openai' | 'compatible' | 'embedded';
  readonly simulated: boolean;
  readonly prices: Prices;
}

/** Micro-dollars per million tokens, which is US dollars per million tokens × 1,000,000; integers. */
export interface Prices {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

/** Who may be asked, in order, and why the others may not. */
export interface Plan {
  readonly candidates: readonly Candidate[];
  /** `retryInMs`: after so long the model may be asked again. */
  readonly rejections: readonly { readonly model: string; readonly why: string; readonly retryInMs?: number }[];
}

export interface PlanRequest {
  readonly tier: 'fast' | 'reasoning' | 'code';
  readonly stakes: 'normal' | 'high';
  /** Models that have failed in this step already; they come last, and for high stakes nothing comes instead. */
  readonly failed: readonly string[];
  /** The release's figure; a model that could cost more is rejected. */
  readonly worstCaseMicroUsd: number;
  readonly maxInputBytes: number;
  readonly maxOutputTokens: number;
}

export interface Models {
  plan(request: PlanRequest): Plan;
  call(candidate: Candidate, request: ModelRequest): Promise<ModelReply>;
  /** Takes a model out for good in this process: it reported more usage than it can have had. */
  takeOut(model: string, why: string): void;
}
