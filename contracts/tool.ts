import type { z } from 'zod';
import type { Need } from './grants.ts';

/**
 * A tool as its callers know it: a promise about arguments, answer and effect. The function that keeps the promise is
 * in tools/, and nothing outside tools/ may know it.
 */
export interface Tool<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  /** `<system>.<verb_object>`, as MCP clients see it. */
  readonly name: `${string}.${string}`;
  readonly purpose: string;
  /** A read changes nothing. An effect happens at most once for each idempotency key, however often it is asked for. */
  readonly kind: 'read' | 'effect';
  readonly input: I;
  readonly output: O;
  /** Arguments that name a person, place, sum or destination: an agent with an effect must bind them. */
  readonly guarded: readonly (keyof z.output<I> & string)[];
  /** Arguments whose text leaves the house, and so may carry no link or address outside the policy's list. */
  readonly outgoing?: readonly (keyof z.output<I> & string)[];
  /** Arguments and answers that are personal or secret: logs and metrics show their length instead. */
  readonly personal: readonly string[];
  /** What this call needs people's signed yeses for; contracts/automatic-limits.ts says from which sum on. */
  needs?(call: z.output<I>): Need;
  /** For how many seconds after its signing a yes counts, where people are asked over days; else to the token's end. */
  readonly yesLastsS?: number;
  /** An answer of more bytes than this is refused before it is parsed. */
  readonly maxAnswerBytes: number;
}

export type ToolInput<T extends Tool> = z.output<T['input']>;
export type ToolOutput<T extends Tool> = z.output<T['output']>;

/** Gives a tool its exact type. */
export const defineTool = <I extends z.ZodObject, O extends z.ZodObject>(tool: Tool<I, O>): Tool<I, O> => tool;

/** The `_meta` names that carry what is not an argument. */
export const IDEMPOTENCY_KEY = 'dev.governor/idempotency-key';
export const ERROR = 'dev.governor/error';
/** `_meta` of an answer: true when an earlier call with this key did it, and this is that call's result. */
export const REPLAYED = 'dev.governor/replayed';
/** `_meta` of an answer: the call as it was really made, where an earlier one with this key was made in other words. */
export const CALL = 'dev.governor/call';
/** Of a call, the run that makes it; of an answer, true when it was another run that did it. */
export const RUN = 'dev.governor/run';
export const OF_ANOTHER_RUN = 'dev.governor/of-another-run';
/** Of a call, the signed answers that it rests on. */
export const APPROVALS = 'dev.governor/approvals';
