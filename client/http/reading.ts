import type { Context } from 'hono';
import type { z } from 'zod';
import type { AccessEnv } from './access/guard.ts';
import { type FieldError, Problem } from './problem.ts';

/** What a call says, checked: nothing behind this is ever of another shape than it was declared. */

/** @throws Problem 415, 400, 422 */
export async function bodyOf<S extends z.ZodType>(c: Context<AccessEnv>, schema: S): Promise<z.output<S>> {
  return checked(schema, await jsonOf(c));
}

/** @throws Problem 415, 400 */
export async function jsonOf(c: Context<AccessEnv>): Promise<unknown> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new Problem('not-a-json-type', 'Send JSON, with the header Content-Type: application/json.');
  return parseJson(await c.req.text());
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem('not-json', `Send one JSON value. ${error instanceof Error ? error.message : ''}`.trim());
  }
}

/** @throws Problem 422 with the fields; a word that is not known is one too */
export const queryOf = <S extends z.ZodType>(c: Context<AccessEnv>, schema: S): z.output<S> =>
  checked(schema, c.req.query());

/** A part of the path; the route sees to it that it is there. */
export const partOf = (c: Context<AccessEnv>, name: string): string => c.req.param(name) ?? '';

/** @throws Problem 422 */
export function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw fieldsProblem(fieldErrors(parsed.error));
  return parsed.data;
}

export const fieldErrors = ({ issues }: z.ZodError): FieldError[] =>
  issues.map(({ path, message }) => ({ field: path.join('.'), message }));

export function fieldsProblem(errors: readonly FieldError[]): Problem {
  const named = errors.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  return new Problem(
    'invalid-fields',
    `Nothing was done. Mend this and send it again. ${named.slice(0, 5).join('; ')}`,
    {
      errors,
    },
  );
}
