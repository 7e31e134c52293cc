import { z } from 'zod';
import { defineAgent } from '../../agents/define-agent.ts';
import { defineTool } from '../../contracts/tool.ts';
import type { ModelRequest } from '../../models/model.ts';
import { answerSchema } from '../../models/schema.ts';

const findColour = defineTool({
  name: 'paint.find_colour',
  purpose: 'Find a colour by its name.',
  kind: 'read',
  input: z.strictObject({ shop: z.string(), colour: z.enum(['red', 'green']), note: z.string().max(80).nullable() }),
  output: z.strictObject({ code: z.string() }),
  guarded: ['shop'],
  personal: [],
  maxAnswerBytes: 1000,
});

/** An agent of no process, so that tests of models do not hang on what onboarding needs. */
export const nameColour = defineAgent({
  name: 'nameColour',
  purpose: 'Read which colour somebody wants.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({ shop: z.string(), text: z.string() }),
  shows: ['text'],
  tool: findColour,
  bound: { shop: (input) => input.shop },
  rehearse: ({ text }) => ({
    arguments: { colour: text.includes('red') ? ('red' as const) : ('green' as const), note: null },
    confidence: 0.9,
    reasoning: 'the text names it',
  }),
  bounds: { iterations: 3, maxInputBytes: 4000, maxOutputTokens: 200, timeout: '20s', patience: '30s' },
});

/** An answer that fits the request's schema. */
export const ANSWER = { arguments: { colour: 'red', note: null }, confidence: 0.8, reasoning: 'it says red' };

/** A request with everything in order, but for what a test changes. */
export function modelRequest(change: Partial<ModelRequest> = {}): ModelRequest {
  return {
    agent: nameColour,
    input: { shop: 's-1', text: 'something red' },
    system: 'Say which colour is wanted.',
    user: 'something red',
    schema: answerSchema(findColour.input.omit({ shop: true })),
    maxOutputTokens: 200,
    timeoutMs: 2000,
    signal: new AbortController().signal,
    ...change,
  };
}
