import { z } from 'zod';
import { type ToolName, tools } from '../../contracts/tools/index.ts';

/** Steps into a value, joined by dots: `customer.emails.0`. Empty, it is the value itself. */
const Path = z.string().max(200);

/** Where something of theirs comes from: an argument of our call, or a value that is always the same. */
const Source = z.union([
  z.strictObject({ argument: Path.min(1), prefix: z.string().optional(), suffix: z.string().optional() }),
  z.strictObject({ value: z.json() }),
]);
/** Where a field of our answer comes from: besides, a place in theirs. */
const AnswerSource = z.union([Source, z.strictObject({ answer: Path })]);

/** A sign in a successful answer that it is none: something is there, is this, or holds this text. */
const ErrorSign = z.strictObject({
  at: Path,
  is: z.union([z.string(), z.number(), z.boolean()]).optional(),
  contains: z.string().min(1).optional(),
});

const ForeignTool = z.strictObject({
  server: z.string().min(1),
  /** Its name over there. */
  tool: z.string().min(1),
  arguments: z.record(z.string(), Source),
  errors: z.array(ErrorSign).default([]),
  /** The place of a text that is JSON: fields of our answer are then looked for in that. */
  json: Path.optional(),
  answer: z.record(z.string(), AnswerSource),
  /** Done twice it is as done once, so that an effect whose answer was lost may be asked for again. */
  repeatable: z.boolean().default(false),
});

const ForeignServer = z.union([
  z.strictObject({ command: z.string().min(1), args: z.array(z.string()).default([]) }),
  z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    /** A file with the bearer token and nothing else. */
    tokenFile: z.string().min(1).optional(),
  }),
]);

/** Which tools of ours are kept by MCP servers of others, and how their words become ours. */
export const ForeignTools = z
  .strictObject({
    servers: z.record(z.string(), ForeignServer),
    tools: z.partialRecord(z.enum(Object.keys(tools) as [ToolName, ...ToolName[]]), ForeignTool),
  })
  .superRefine((map, context) => {
    for (const problem of problemsOf(map)) context.addIssue({ code: 'custom', ...problem });
  });

export type ForeignServer = z.output<typeof ForeignServer>;
export type ForeignTool = z.output<typeof ForeignTool>;
export type Source = z.output<typeof AnswerSource>;
export type ForeignTools = z.output<typeof ForeignTools>;

interface Problem {
  readonly path: string[];
  readonly message: string;
}

type At = (...path: string[]) => string[];

/** What the contracts ask for, and the map does not keep. */
function* problemsOf(map: {
  servers: Record<string, ForeignServer>;
  tools: ForeignTools['tools'];
}): Generator<Problem> {
  for (const [name, foreign] of Object.entries(map.tools)) {
    const { input, output } = tools[name as ToolName];
    const at: At = (...path) => ['tools', name, ...path];
    if (!Object.hasOwn(map.servers, foreign.server))
      yield { path: at('server'), message: `no server is called ${foreign.server}` };
    yield* wrongFields(Object.keys(output.shape), Object.keys(foreign.answer), at);
    yield* unknownArguments(Object.keys(input.shape), foreign, at);
  }
}

function* wrongFields(promised: readonly string[], given: readonly string[], at: At): Generator<Problem> {
  for (const field of promised.filter((name) => !given.includes(name)))
    yield { path: at('answer'), message: `the contract promises ${field}, which comes from nowhere` };
  for (const field of given.filter((name) => !promised.includes(name)))
    yield { path: at('answer', field), message: 'the contract has no such field' };
}

function* unknownArguments(known: readonly string[], foreign: ForeignTool, at: At): Generator<Problem> {
  for (const part of ['arguments', 'answer'] as const) {
    for (const [field, source] of Object.entries(foreign[part])) {
      if ('argument' in source && !known.includes(source.argument.split('.')[0] ?? ''))
        yield { path: at(part, field), message: `the contract has no argument ${source.argument}` };
    }
  }
}
