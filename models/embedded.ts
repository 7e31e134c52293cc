import { fail } from '../contracts/failures.ts';
import { cutOff } from './answer.ts';
import { byteLength, requestBytes } from './cost.ts';
import type { ModelReply, ModelRequest, Usage } from './model.ts';
import { EMBEDDED_MODEL } from './plan.ts';
import type { Outcome } from './provider.ts';

/** A usual length of a token, in bytes. */
const BYTES_PER_TOKEN = 4;

/**
 * The answer when no key is set: rules in the agent's own file read it from the input. An agent without rules, or an
 * input that they cannot read, gives confidence 0, and a person decides. The usage is what a model would have had.
 */
export function askEmbedded(request: ModelRequest): ModelReply {
  const began = performance.now();
  const outcome = answer(request);
  return { ...outcome, ms: Math.round(performance.now() - began) };
}

function answer(request: ModelRequest): Outcome {
  const { agent, input } = request;
  const nothing = { arguments: {}, confidence: 0, reasoning: 'no rehearsed answer' };
  try {
    const value = agent.rehearse && isRecord(input) ? agent.rehearse(input) : nothing;
    const usage = usageOf(request, value);
    return usage.output > request.maxOutputTokens
      ? cutOff(request, { ...usage, output: request.maxOutputTokens })
      : { kind: 'answered', value, usage };
  } catch (cause) {
    const rule = cause instanceof Error ? cause.name : 'an error';
    const failure = fail('ModelUnavailable', `The rehearsed answer of ${agent.name} ended with ${rule}.`, {
      agent: agent.name,
      model: EMBEDDED_MODEL,
    });
    return { kind: 'failed', failure, charge: 'free' };
  }
}

function usageOf(request: ModelRequest, value: unknown): Usage {
  const tokens = (bytes: number) => Math.ceil(bytes / BYTES_PER_TOKEN);
  return {
    input: tokens(requestBytes(request)),
    cacheRead: 0,
    cacheWrite: 0,
    output: tokens(byteLength(JSON.stringify(value))),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
