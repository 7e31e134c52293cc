import { Liquid } from 'liquidjs';
import { VFile } from 'vfile';
import { matter } from 'vfile-matter';
import { z } from 'zod';
import { Failed, fail } from '../contracts/failures.ts';
import { fence } from './fence.ts';

/**
 * A prompt file is Markdown. Its YAML front matter says whose it is, which variables it uses and which shape of them it
 * was written for. Above the line `---input---` is what the model is told, below it what it is asked; values appear only
 * below, inside fences, so that what a customer wrote is never part of what we tell the model.
 */
const FrontMatter = z.strictObject({
  agent: z.string().min(1).max(60),
  variables: z.array(z.string().regex(/^[a-zA-Z][a-zA-Z0-9]*$/)).max(20),
  /** Raised in the agent's file when its variables change their meaning; a prompt of another number is refused. */
  compatible: z.int().min(1).max(1000),
});

const SEPARATOR = /^---input---[ \t]*$/m;

/** What Liquid may do here: choose, repeat and list. Nothing that reads files, defines values or skips the fences. */
const TAGS = ['if', 'unless', 'case', 'for', 'comment'];
const FILTERS = ['size', 'first', 'last', 'join', 'strip'];
const LIMITS = { parseLimit: 60_000, renderLimit: 200, memoryLimit: 2_000_000 };

export interface PromptText {
  readonly system: string;
  readonly user: string;
}

export interface Prompt extends Readonly<z.output<typeof FrontMatter>> {
  /** Fills the values in. Throws `Failed` ReleaseBroken where one is missing, and says which. */
  render(values: Readonly<Record<string, unknown>>): PromptText;
}

/**
 * Reads a prompt file. `name` is how errors call it, such as `verifyIdentity v2`.
 * @throws Failed ReleaseBroken, with the problem in words
 */
export function parsePrompt(name: string, text: string): Prompt {
  const refuse = (problem: string) =>
    new Failed(fail('ReleaseBroken', `The prompt ${name} cannot be used: ${problem}.`));
  const { front, body } = readFrontMatter(text, refuse);
  const [system, user, ...more] = body.split(SEPARATOR);
  if (system === undefined || user === undefined || more.length > 0)
    throw refuse('it needs the line ---input--- exactly once');

  const engine = boundedLiquid();
  const told = compile(engine, system, refuse);
  const asked = compile(engine, user, refuse);
  if (told.variables.length > 0) throw refuse(`${told.variables.join(', ')} may appear below ---input--- only`);
  const undeclared = asked.variables.filter((variable) => !front.variables.includes(variable));
  const unused = front.variables.filter((variable) => !asked.variables.includes(variable));
  if (undeclared.length > 0) throw refuse(`it uses ${undeclared.join(', ')} without declaring that`);
  if (unused.length > 0) throw refuse(`it declares ${unused.join(', ')} and does not use that`);

  const systemText = told.render({}).trim();
  return {
    ...front,
    render: (values) => {
      const missing = front.variables.filter((variable) => values[variable] === undefined);
      if (missing.length > 0) throw refuse(`the agent gave no ${missing.join(', ')}`);
      return { system: systemText, user: asked.render(values).trim() };
    },
  };
}

type Refuse = (problem: string) => Failed;

function readFrontMatter(text: string, refuse: Refuse): { front: z.output<typeof FrontMatter>; body: string } {
  const file = new VFile(text);
  try {
    matter(file, { strip: true });
  } catch {
    throw refuse('its front matter is not YAML');
  }
  const front = FrontMatter.safeParse(file.data['matter']);
  if (!front.success) throw refuse(`its front matter: ${wordsOf(front.error)}`);
  return { front: front.data, body: String(file) };
}

const wordsOf = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.join('.') || 'all of it'}: ${message}`).join('; ');

interface Compiled {
  readonly variables: readonly string[];
  render(values: Readonly<Record<string, unknown>>): string;
}

function compile(engine: Liquid, source: string, refuse: Refuse): Compiled {
  try {
    const template = engine.parse(source);
    const variables = engine.globalVariablesSync(template);
    return { variables, render: (values) => fill(() => engine.renderSync(template, values), refuse) };
  } catch (error) {
    throw refuse(`its template: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

/** Liquid's own message could repeat a value, so it is left out. */
function fill(render: () => string, refuse: Refuse): string {
  try {
    return render();
  } catch {
    throw refuse('its template does not fit the values that the agent gave');
  }
}

function boundedLiquid(): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    outputEscape: fence,
    ...LIMITS,
  });
  keepOnly(engine.tags, TAGS);
  keepOnly(engine.filters, FILTERS);
  return engine;
}

function keepOnly(table: Record<string, unknown>, names: readonly string[]): void {
  for (const name of Object.keys(table)) if (!names.includes(name)) delete table[name];
}
