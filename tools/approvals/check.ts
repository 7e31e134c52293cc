import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type DocumentSubject, HOUSE_SCHEMAS, type HouseSchema } from '../../contracts/documents.ts';
import { rejected } from '../trouble.ts';
import { layoutFor } from './layouts.ts';
import type { Paper } from './papers.ts';
import { readContent } from './read-content.ts';

export interface Problem {
  readonly path: string;
  readonly problem: string;
}

export interface Checked {
  readonly problems: readonly Problem[];
  /** Set where the document fits a schema of the house. */
  readonly subject?: DocumentSubject;
}

const WAYS = { allErrors: true, strict: true, strictTypes: false, messages: true } as const;
const forJson = new Ajv2020(WAYS);
/** All that an XML document says is text. */
const forXml = new Ajv2020({ ...WAYS, coerceTypes: true });
const compiled = new Map<object, { readonly json: ValidateFunction; readonly xml: ValidateFunction }>();

/** Holds a document against a schema of the house. */
export function checkAgainst(schema: HouseSchema, { format, content }: Pick<Paper, 'format' | 'content'>): Checked {
  const read = readContent({ format, content });
  if (read.kind === 'unreadable') return { problems: [{ path: '$', problem: read.problem }] };
  const layout = layoutFor(schema, read.data);
  const known = compiled.get(layout.schema) ?? {
    json: forJson.compile(layout.schema),
    xml: forXml.compile(layout.schema),
  };
  compiled.set(layout.schema, known);
  // Coercion writes into what it checks.
  const part = structuredClone(layout.part(read.data));
  const problems = problemsOf(known[format], part);
  if (problems.length > 0) return { problems };
  const sums = (layout.sums?.(part) ?? []).map(([path, problem]) => ({ path, problem }));
  return sums.length > 0 ? { problems: sums } : { problems: [], subject: layout.subject(part) };
}

/** The schema of the house that the document fits. */
export const fits = (paper: Pick<Paper, 'format' | 'content'>): HouseSchema | undefined =>
  HOUSE_SCHEMAS.find((schema) => checkAgainst(schema, paper).problems.length === 0);

/**
 * Holds a document against a JSON Schema that somebody brings along.
 * @throws Failed ToolRejected where it is none, points elsewhere, or could take for ever
 */
export function checkAgainstText(schema: string, { format, content }: Pick<Paper, 'format' | 'content'>): Checked {
  const parsed = parseSchema(schema);
  const read = readContent({ format, content });
  if (read.kind === 'unreadable') return { problems: [{ path: '$', problem: read.problem }] };
  return { problems: problemsOf(compileForeign(parsed), structuredClone(read.data)) };
}

function parseSchema(schema: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(schema);
  } catch {
    throw rejected('the schema is neither one of the house nor JSON', { field: 'schema' });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw rejected('the schema is no JSON Schema', { field: 'schema' });
  refuseReach(parsed);
  const { $schema: _dialect, $id: _id, ...rest } = parsed as Record<string, unknown>;
  return rest;
}

const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'];
/** A pattern can be written so that it takes hours; only the house's own are run. */
const PATTERNS = ['pattern', 'patternProperties'];

function refuseReach(value: object): void {
  for (const [name, inner] of Object.entries(value)) {
    if (REFERENCES.includes(name) && typeof inner === 'string' && !inner.startsWith('#'))
      throw rejected('the schema refers to something outside itself', { field: name });
    if (PATTERNS.includes(name) && !Array.isArray(value) && isKeyword(name, inner))
      throw rejected('the schema has a pattern, which only schemas of the house may', { field: name });
    if (typeof inner === 'object' && inner !== null) refuseReach(inner);
  }
}

/** A property may be called `pattern`; then a schema stands there. */
const isKeyword = (name: string, inner: unknown): boolean => name === 'patternProperties' || typeof inner === 'string';

function compileForeign(schema: Record<string, unknown>): ValidateFunction {
  try {
    // One of its own, so that schemas of callers are not kept.
    return new Ajv2020({ ...WAYS, strict: false, validateFormats: false }).compile(schema);
  } catch {
    throw rejected('the schema is no JSON Schema', { field: 'schema' });
  }
}

function problemsOf(validate: ValidateFunction, data: unknown): Problem[] {
  if (validate(data)) return [];
  const problems = (validate.errors ?? []).map((error) => ({
    path: (error.instancePath || '$').slice(0, 200),
    problem: wordsFor(error).slice(0, 300),
  }));
  return problems.length > 0 ? problems : [{ path: '$', problem: 'does not fit the schema' }];
}

/** In words that say what to do; no value of the document is told. */
function wordsFor({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'required') return `lacks ${params['missingProperty']}`;
  if (keyword === 'additionalProperties')
    return `has ${String(params['additionalProperty']).slice(0, 60)}, which is not known`;
  if (keyword === 'type') return `has to be ${[params['type']].flat().join(' or ')}`;
  if (keyword === 'pattern') return `has another form than ${params['pattern']}`;
  if (keyword === 'dependentRequired') return `has ${params['property']}, and so needs ${params['missingProperty']}`;
  return message ?? 'does not fit the schema';
}
