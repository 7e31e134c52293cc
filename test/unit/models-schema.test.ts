import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { unboundSchema } from '../../activities/proposal.ts';
import { agents } from '../../agents/index.ts';
import { answerSchema, portabilityProblems } from '../../models/schema.ts';

const argumentsOf = (shape: z.ZodRawShape): unknown => {
  const schema = z
    .object({ properties: z.object({ arguments: z.unknown() }) })
    .parse(answerSchema(z.strictObject(shape)));
  return schema.properties.arguments;
};

describe('the schema of an answer', () => {
  it('holds arguments, confidence and reasoning, all required and nothing else', () => {
    expect(answerSchema(z.strictObject({ colour: z.enum(['red', 'green']) }))).toEqual({
      type: 'object',
      properties: {
        arguments: {
          type: 'object',
          properties: { colour: { type: 'string', enum: ['red', 'green'] } },
          required: ['colour'],
          additionalProperties: false,
        },
        confidence: { type: 'number', description: 'how sure you are of the arguments, from 0 to 1' },
        reasoning: { type: 'string', description: 'why, in one sentence' },
      },
      required: ['arguments', 'confidence', 'reasoning'],
      additionalProperties: false,
    });
  });

  it.each([
    ['a length', z.string().min(4).max(40), { type: 'string', description: 'at least 4, at most 40 characters' }],
    ['a date', z.iso.date(), { type: 'string', description: 'as ISO date' }],
    [
      'an instant',
      z.iso.datetime().describe('one of the slots'),
      { type: 'string', description: 'one of the slots; as ISO date-time' },
    ],
    ['an address', z.email(), { type: 'string', description: 'as an e-mail address' }],
    ['a pattern', z.string().regex(/^[0-9]+$/), { type: 'string', description: 'matching ^[0-9]+$' }],
    ['a whole number', z.int(), { type: 'integer' }],
    ['a range', z.int().min(1).max(9), { type: 'integer', description: 'at least 1, at most 9' }],
    ['a literal', z.literal('x'), { type: 'string', enum: ['x'] }],
    ['text or null', z.string().nullable(), { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    ['an enum or null', z.enum(['a']).nullable(), { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] }],
    [
      'a list',
      z.array(z.string().max(9)).min(1).max(5),
      {
        type: 'array',
        items: { type: 'string', description: 'at most 9 characters' },
        description: 'at least 1, at most 5 items',
      },
    ],
  ] as const)('says %s in words that no provider refuses', (_, value, expected) => {
    expect(argumentsOf({ value })).toMatchObject({ properties: { value: expected } });
  });
});

describe('what does not fit every provider', () => {
  it.each([
    ['a record', z.record(z.string(), z.string()), 'arguments.value: a record of any keys'],
    ['an optional value', z.string().optional(), 'arguments.value: optional; make it nullable'],
    ['a value with a default', z.string().default('x'), 'arguments.value: optional; make it nullable'],
    ['a tuple', z.tuple([z.string()]), 'arguments.value: a tuple, or an array of anything'],
    ['anything', z.unknown(), 'arguments.value: neither object'],
    ['a choice of shapes', z.union([z.string(), z.number()]), 'arguments.value: neither object'],
    ['an enum of numbers', z.literal([1, 2]), 'arguments.value: an enum of other than text'],
    [
      'a record deep inside',
      z.array(z.strictObject({ deep: z.record(z.string(), z.string()) })),
      'arguments.value[].deep: a record of any keys',
    ],
    ['a date object', z.date(), 'arguments: '],
  ] as const)('%s is told and refused', (_, value, says) => {
    const shape = z.strictObject({ value });

    expect(portabilityProblems(shape).join()).toContain(says);
    expect(() => answerSchema(shape)).toThrow(expect.objectContaining({ name: 'ModelMisconfigured' }));
  });
});

describe('every agent’s arguments', () => {
  it.each(Object.values(agents).map((agent) => [agent.name, agent] as const))(
    '%s: fit every provider, and Anthropic’s own converter loses none of their names',
    (_, agent) => {
      const open = unboundSchema(agent);

      expect(portabilityProblems(open)).toEqual([]);
      const theirs = zodOutputFormat(open).schema;
      expect(Object.keys(theirs.properties ?? {})).toEqual(Object.keys(open.shape));
    },
  );
});
