import { z } from 'zod';
import { PROCESS_INPUTS } from '../../contracts/process-inputs.ts';
import { API_ROLES } from './access/principal.ts';
import { type Operation, ROUTES, routeOf } from './access/routes.ts';
import { type Described, OPERATIONS } from './operations.ts';
import { KINDS, type ProblemKind } from './problem.ts';
import { ProblemBody } from './shapes.ts';

type Json = Readonly<Record<string, unknown>>;

let made: Json | undefined;

/** The API as OpenAPI 3.1, made from the tables that it is itself made of. */
export function openApiDocument(): Json {
  made ??= {
    openapi: '3.1.0',
    info: {
      title: 'Governor',
      version: '1',
      description: 'Start cases of business processes, see how they are, and answer what they ask.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'cases', description: 'Start them and see how they go.' },
      { name: 'approvals', description: 'What waits for a person.' },
      { name: 'review', description: 'What was decided, and under which release.' },
      { name: 'access', description: 'Who the caller is.' },
      { name: 'house', description: 'The API itself.' },
    ],
    paths: paths(),
    components: {
      schemas: { Problem: schemaOf(ProblemBody, 'output') },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key (gov_…) or a token of the configured issuer.',
        },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-governor', description: 'A browser at the desk.' },
      },
    },
    security: [{ bearer: [] }, { session: [] }],
  };
  return made;
}

/** The paths of the table; where cases are started, one path a process, so that each input has its schema. */
function paths(): Json {
  const all = Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[];
  const entries = all.flatMap((operation) => pathsOf(operation));
  const byPath = Map.groupBy(entries, ({ path }) => path);
  return Object.fromEntries(
    [...byPath].map(([path, methods]) => [path, Object.fromEntries(methods.map(({ method, item }) => [method, item]))]),
  );
}

function pathsOf(operation: keyof typeof OPERATIONS): { path: string; method: string; item: Json }[] {
  const route = routeOf(operation);
  const method = route.method.toLowerCase();
  const item = itemOf(operation, OPERATIONS[operation]);
  if (operation !== 'cases.start') return [{ path: route.path, method, item }];
  return Object.entries(PROCESS_INPUTS).map(([process, input]) => ({
    path: route.path.replace('{process}', process),
    method,
    item: {
      ...item,
      operationId: `${operation}.${process}`,
      parameters: parametersOf(operation, OPERATIONS[operation]).filter(({ name }) => name !== 'process'),
      requestBody: bodyOf(input),
    },
  }));
}

function itemOf(operation: keyof typeof OPERATIONS, described: Described): Json {
  const { open = false, roles } = routeOf(operation);
  const { summary, tag, body, answers, problems = [] } = described;
  const parameters = parametersOf(operation, described);
  return {
    operationId: operation,
    summary,
    tags: [tag],
    ...(open ? { security: [] } : {}),
    'x-roles': API_ROLES.filter((role) => Object.hasOwn(roles, role)),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(operation === 'session.open' ? { requestBody: bodyOf(z.object({ key: z.string() })) } : {}),
    ...(operation === 'webhooks.receive' ? { requestBody: bodyOf(z.record(z.string(), z.unknown())) } : {}),
    ...(body ? { requestBody: bodyOf(body) } : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      431: { description: 'The address and the headers together are longer than 16 KB; nobody has read them' },
      ...problemAnswers([...problems, 'too-many-calls', 'our-fault'], open),
    },
  };
}

const bodyOf = (schema: z.ZodType): Json => ({
  required: true,
  content: { 'application/json': { schema: schemaOf(schema, 'input') } },
});

function answerOf({ says, json, type }: Described['answers'][number]): Json {
  if (!json && !type) return { description: says };
  const content = { [type ?? 'application/json']: { schema: json ? schemaOf(json, 'output') : {} } };
  return { description: says, content };
}

/** The problems by status, with what each is called. */
function problemAnswers(kinds: readonly ProblemKind[], open: boolean): Json {
  const access = open
    ? []
    : ([
        [401, 'Nobody is signed in'],
        [403, 'Your roles do not allow this'],
        [503, 'Tokens can not be checked right now'],
      ] as const);
  const all = [...access, [421, 'This is not the address of this API'] as const, ...kinds.map((kind) => KINDS[kind])];
  const byStatus = Map.groupBy(all, ([status]) => status);
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    [...byStatus].map(([status, rows]) => [
      status,
      { description: [...new Set(rows.map(([, title]) => title))].join('; '), content },
    ]),
  );
}

function parametersOf(operation: Operation, { query, headers = {} }: Described): (Json & { name: string })[] {
  const inPath = [...ROUTES[operation].path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1 },
  }));
  const shape = query ? schemaOf(query, 'input') : {};
  const properties = (shape['properties'] ?? {}) as Record<string, Json>;
  const required = (shape['required'] ?? []) as string[];
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
  const inHeader = Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  }));
  return [...inPath, ...inQuery, ...inHeader];
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
