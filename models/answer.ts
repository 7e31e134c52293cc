import type { ModelRequest, Usage } from './model.ts';
import type { Outcome } from './provider.ts';

/** The name of the answer's schema on the wire. */
export const ANSWER_NAME = 'answer';

/** A call of a tool as a provider reported it. */
export interface WireCall {
  readonly name: string;
  readonly arguments: unknown;
}

/** Providers take letters, digits, `_` and `-` in a tool's name: `crm.lookup_customer` → `crm-lookup_customer`. */
export const wireToolName = (request: ModelRequest): string => request.agent.tool.name.replaceAll('.', '-');

/** Reads an answer that came as text: one JSON object, and no call of anything. */
export function readText(text: string, calls: readonly WireCall[], usage: Usage): Outcome {
  if (calls.length > 0) return { kind: 'invalid', why: 'You called a tool; answer with the JSON object alone.', usage };
  return readJson(text, usage);
}

/** Reads an answer that had to come as exactly one call of the agent's tool. */
export function readCall(calls: readonly WireCall[], expected: string, usage: Usage): Outcome {
  const [call, ...others] = calls;
  if (!call) return { kind: 'invalid', why: `You did not call ${expected}; call it exactly once.`, usage };
  if (others.length > 0)
    return { kind: 'invalid', why: `You made ${calls.length} calls; call ${expected} exactly once.`, usage };
  if (call.name !== expected)
    return { kind: 'invalid', why: `You called another tool; call ${expected} exactly once.`, usage };
  if (typeof call.arguments === 'string') return readJson(call.arguments, usage);
  return { kind: 'answered', value: call.arguments, usage };
}

/** The answer ran into its limit of tokens. */
export const cutOff = (request: ModelRequest, usage: Usage): Outcome => ({
  kind: 'invalid',
  why: `Your answer was cut off; it may have ${request.maxOutputTokens} tokens.`,
  usage,
});

function readJson(text: string, usage: Usage): Outcome {
  const value = parse(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject
    ? { kind: 'answered', value, usage }
    : { kind: 'invalid', why: 'Your answer was not one JSON object.', usage };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
