import type { z } from 'zod';
import type { CaseFacts } from '../contracts/decision.ts';
import type { Failure } from '../contracts/failures.ts';
import type { Tool } from '../contracts/tool.ts';
import type { Heard } from './freshness.ts';

type Call<T extends Tool> = z.output<T['input']>;

/** How one argument comes from the case. A method type, as below, so that a table may hold agents of every shape. */
type Binding<I extends z.ZodObject> = { of(input: z.output<I>, facts: CaseFacts): unknown }['of'];

/** What a rehearsal gives in place of a model: the arguments that are not bound, and how sure it is of them. */
export interface Rehearsal<C> {
  readonly arguments: Partial<C>;
  readonly confidence: number;
  readonly reasoning: string;
}

/**
 * One agent: one job, one tool. Data and pure functions only, so that workflows, workers and tests can all read it.
 * `Bound` are the tool's arguments that come from the case; the model's answer has the others, and no way to reach these.
 * The functions run in activities and validators only: a workflow that branched on one could not be replayed after an edit.
 */
export interface Agent<I extends z.ZodObject = z.ZodObject, T extends Tool = Tool, Bound extends string = string> {
  /** Also the activity's type; its prompts are in prompts/<name in kebab case>/. */
  readonly name: string;
  readonly purpose: string;
  /** Which row of the models' table; `none` where every argument is bound. */
  readonly tier: 'fast' | 'reasoning' | 'code' | 'none';
  /** `high`: no other model stands in when the tier's first is down; a person decides. */
  readonly stakes: 'normal' | 'high';
  readonly input: I;
  /** What of the input the prompt shows; the rest serves the bound arguments alone. */
  readonly shows: readonly (keyof z.output<I> & string)[];
  /** Raised when what it shows changes its meaning; a prompt written for another number is refused. 1 where left out. */
  readonly compatible?: number;
  readonly tool: T;
  readonly bound: { readonly [K in Bound]: Binding<I> };
  /** The whitelist: a reason why this call is not allowed, or nothing. Holds for a person's edits too. */
  forbids?(call: Call<T>, input: z.output<I>): string | undefined;
  /** What must hold of the answer before anyone may use it. */
  distrusts?(answer: z.output<T['output']>, call: Call<T>, heard: Heard): Failure | undefined;
  /** The unbound arguments when no model answers and the step must happen all the same. */
  fallback?(input: z.output<I>): Partial<Call<T>>;
  /** What the embedded model answers, read from the input by rules. */
  rehearse?(input: z.output<I>): Rehearsal<Call<T>>;
  readonly bounds: {
    readonly iterations: number;
    /** Bytes of a request, schema and prompt included. */
    readonly maxInputBytes: number;
    readonly maxOutputTokens: number;
    /** One attempt: one model call and one tool call. */
    readonly timeout: `${number}s`;
    /** The step with all its attempts. What comes after is a person's decision. */
    readonly patience: `${number}s`;
  };
}

type Definition<I extends z.ZodObject, T extends Tool, Bound extends keyof Call<T> & string> = Omit<
  Agent<I, T, Bound>,
  'bound'
> & {
  readonly bound: { readonly [K in Bound]: (input: z.output<I>, facts: CaseFacts) => Call<T>[K] };
};

/** Gives an agent its exact type: a bound name that the tool lacks, or a value of the wrong type, does not compile. */
export const defineAgent = <I extends z.ZodObject, T extends Tool, Bound extends keyof Call<T> & string>(
  agent: Definition<I, T, Bound>,
): Agent<I, T, Bound> => agent;
