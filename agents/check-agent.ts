import { z } from 'zod';
import type { Tool } from '../contracts/tool.ts';
import { tools } from '../contracts/tools/index.ts';

const callable = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'has to be a function',
);
const seconds = z.string().regex(/^[1-9][0-9]*s$/, 'has to be whole seconds, like 20s');
const strict = z
  .instanceof(z.ZodObject)
  .refine(
    (schema) => schema.def.catchall instanceof z.ZodNever,
    'has to be a strictObject: unknown fields are refused',
  );
const knownTool = z.custom<Tool>(
  (value) => Object.values<unknown>(tools).includes(value),
  'has to be exactly one tool of contracts/tools/index.ts',
);

/** What every agent states. Strict, so that a second tool or a bound that nobody enforces is seen. */
const Declaration = z.strictObject({
  name: z.string().regex(/^[a-z][A-Za-z]+$/, 'has to be in camel case'),
  purpose: z.string().min(10, 'has to be a sentence'),
  tier: z.enum(['fast', 'reasoning', 'code', 'none']),
  stakes: z.enum(['normal', 'high']),
  input: strict,
  shows: z.array(z.string()),
  tool: knownTool,
  bound: z.record(z.string(), callable),
  forbids: callable.optional(),
  distrusts: callable.optional(),
  fallback: callable.optional(),
  rehearse: callable.optional(),
  bounds: z.strictObject({
    iterations: z.int().min(1).max(10),
    maxInputBytes: z.int().min(500).max(100_000),
    maxOutputTokens: z.int().min(50).max(32_000),
    timeout: seconds,
    patience: seconds,
  }),
});
type Declaration = z.output<typeof Declaration>;

/**
 * Why an agent may not run here, in words; empty where it may. A worker asks this of every agent before it takes work,
 * and the catalogue test before anybody ships one.
 * @param candidate unknown, since a rule that only the compiler holds is no rule at registration
 */
export function refuseAgent(candidate: unknown): string[] {
  const parsed = Declaration.safeParse(candidate);
  if (!parsed.success) {
    const { issues } = parsed.error;
    return issues.map(({ path, message }) => `${nameOf(candidate)}: ${path.join('.') || 'the agent'}: ${message}`);
  }
  return [...boundProblems(parsed.data), ...otherProblems(parsed.data)].map(
    (problem) => `${parsed.data.name}: ${problem}`,
  );
}

function* boundProblems({ bound, tier, tool }: Declaration): Generator<string> {
  const known = Object.keys(tool.input.shape);
  const open = known.filter((name) => !Object.hasOwn(bound, name));
  for (const name of Object.keys(bound)) {
    if (!known.includes(name)) yield `binds ${name}, which ${tool.name} does not have`;
  }
  if (tool.kind === 'effect') {
    for (const name of tool.guarded.filter((each) => open.includes(each))) {
      yield `leaves ${name} to the model, and ${tool.name} guards it: it names a person, place, sum or destination`;
    }
  }
  if (tier === 'none' && open.length > 0) yield `has no model, and leaves ${open.join(', ')} open`;
}

function* otherProblems({ input, shows, bounds }: Declaration): Generator<string> {
  for (const name of shows) {
    if (!Object.hasOwn(input.shape, name)) yield `shows ${name}, which its input does not have`;
  }
  if (Number.parseInt(bounds.timeout, 10) > Number.parseInt(bounds.patience, 10)) {
    yield `may take ${bounds.timeout} for one attempt, and only ${bounds.patience} for all of them`;
  }
}

function nameOf(candidate: unknown): string {
  const named = z.object({ name: z.string() }).safeParse(candidate);
  return named.success ? named.data.name : 'an agent without a name';
}
