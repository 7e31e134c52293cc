import { z } from 'zod';
import { Failed, fail } from '../contracts/failures.ts';

/**
 * The answer's JSON schema in the subset that every provider takes: objects, enums, arrays and nullable values, all
 * of them required, nothing else allowed. Lengths, formats and ranges are not enforced by providers, or are refused by
 * them, so they become words of the description; our own zod holds the answer against them afterwards.
 */
type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The schema of `{arguments, confidence, reasoning}` for the arguments that the model has to fill in.
 * Throws `Failed` ModelMisconfigured where the arguments go beyond the subset.
 */
export function answerSchema(openArguments: z.ZodObject): Record<string, unknown> {
  const problems = portabilityProblems(openArguments);
  if (problems.length > 0) {
    throw new Failed(fail('ModelMisconfigured', `These arguments fit no model: ${problems.join('; ')}`));
  }
  return closedObject({
    arguments: narrow(jsonSchemaOf(openArguments)),
    confidence: { type: 'number', description: 'how sure you are of the arguments, from 0 to 1' },
    reasoning: { type: 'string', description: 'why, in one sentence' },
  });
}

/** What of these arguments some provider would refuse, or drop without a word; empty where all is well. */
export function portabilityProblems(openArguments: z.ZodObject): string[] {
  try {
    return problemsOf(jsonSchemaOf(openArguments), 'arguments');
  } catch (cause) {
    return [`arguments: ${cause instanceof Error ? cause.message : 'not a JSON schema'}`];
  }
}

const jsonSchemaOf = (schema: z.ZodObject): JsonSchema => z.toJSONSchema(schema, { io: 'input', reused: 'inline' });

const LEAVES = new Set(['string', 'number', 'integer', 'boolean']);

function problemsOf(schema: JsonSchema, path: string): string[] {
  const inner = valueOfNullable(schema);
  if (inner) return problemsOf(inner, path);
  if ('enum' in schema || 'const' in schema) return literalProblems(schema, path);
  if (schema.type === 'object') return objectProblems(schema, path);
  if (schema.type === 'array') return arrayProblems(schema, path);
  if (typeof schema.type === 'string' && LEAVES.has(schema.type)) return [];
  return [`${path}: neither object, array, enum, text, number nor boolean (or one of these, or null)`];
}

function literalProblems(schema: JsonSchema, path: string): string[] {
  return literals(schema).every((value) => typeof value === 'string') ? [] : [`${path}: an enum of other than text`];
}

function objectProblems(schema: JsonSchema, path: string): string[] {
  if (isRecord(schema.additionalProperties) || 'propertyNames' in schema) return [`${path}: a record of any keys`];
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  return Object.entries(propertiesOf(schema)).flatMap(([name, property]) => {
    const optional = required.has(name) ? [] : [`${path}.${name}: optional; make it nullable`];
    return [...optional, ...problemsOf(property, `${path}.${name}`)];
  });
}

function arrayProblems(schema: JsonSchema, path: string): string[] {
  if ('prefixItems' in schema || !isRecord(schema.items)) return [`${path}: a tuple, or an array of anything`];
  return problemsOf(schema.items, `${path}[]`);
}

/** Rewrites a schema without problems into the subset. */
function narrow(schema: JsonSchema): JsonSchema {
  const inner = valueOfNullable(schema);
  if (inner) return { anyOf: [narrow(inner), { type: 'null' }] };
  const words = describe(schema);
  const description = words ? { description: words } : {};
  if ('enum' in schema || 'const' in schema) return { type: 'string', enum: literals(schema), ...description };
  if (schema.type === 'array' && isRecord(schema.items)) {
    return { type: 'array', items: narrow(schema.items), ...description };
  }
  if (schema.type !== 'object') return { type: schema.type, ...description };
  const properties = Object.entries(propertiesOf(schema)).map(([name, property]) => [name, narrow(property)]);
  return { ...closedObject(Object.fromEntries(properties)), ...description };
}

function closedObject(properties: Readonly<Record<string, JsonSchema>>): Record<string, unknown> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** What the subset cannot say, in words. A pattern that only spells out a format is left out. */
function describe(schema: JsonSchema): string {
  const { description, format, pattern } = schema;
  const range = (unit: string, least: unknown, most: unknown): string | undefined => {
    const from = isTelling(least) && least !== 0 ? `at least ${least}` : undefined;
    const to = isTelling(most) ? `at most ${most}` : undefined;
    return from || to ? `${[from, to].filter(Boolean).join(', ')}${unit}` : undefined;
  };
  return [
    description,
    format ? `as ISO ${format}`.replace('ISO email', 'an e-mail address') : undefined,
    pattern && !format ? `matching ${pattern}` : undefined,
    range(' characters', schema.minLength, schema.maxLength),
    range(' items', schema.minItems, schema.maxItems),
    range('', schema.minimum, schema.maximum),
  ]
    .filter(Boolean)
    .join('; ');
}

/** An integer's own limits say nothing. */
const isTelling = (limit: unknown): limit is number =>
  typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER;

/** The schema beside null, where that is all there is to choose from. */
function valueOfNullable(schema: JsonSchema): JsonSchema | undefined {
  const { type, anyOf, ...rest } = schema;
  if (Array.isArray(type) && type.length === 2 && type.includes('null')) {
    return { ...rest, type: type.find((one) => one !== 'null') };
  }
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return undefined;
  const value = anyOf.find((one) => isRecord(one) && one.type !== 'null');
  const hasNull = anyOf.some((one) => isRecord(one) && one.type === 'null');
  return hasNull && isRecord(value) ? { ...value, ...rest } : undefined;
}

const literals = (schema: JsonSchema): readonly unknown[] =>
  Array.isArray(schema.enum) ? schema.enum : [schema.const];

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(properties).filter((entry): entry is [string, JsonSchema] => isRecord(entry[1])),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
