import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import type { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { AccessEnv } from '../../client/http/access/guard.ts';
import type { ApiRole, Principal } from '../../client/http/access/principal.ts';
import { ROUTES } from '../../client/http/access/routes.ts';
import { createHttp } from '../../client/http/app.ts';
import { openApiDocument } from '../../client/http/openapi.ts';
import type { HttpParts } from '../../client/http/parts.ts';
import { KINDS } from '../../client/http/problem.ts';
import { PROCESS_INPUTS } from '../../contracts/process-inputs.ts';
import { problemOf } from '../support/http-rig.ts';

/** Lets everybody in as whom the header names, with these roles. */
const letIn = (roles: readonly ApiRole[]) => ({
  mount: (app: Hono<AccessEnv>) =>
    app.use('/v1/*', async (c, next) => {
      const sub = c.req.header('x-caller') ?? 'somebody';
      const principal: Principal = { sub, tenant: 'north', roles, via: 'key' };
      c.set('principal', principal);
      await next();
    }),
});

/** The API with no server of cases behind it: nothing listens at that port. */
function lonelyApi(change: Partial<HttpParts> = {}) {
  const connection = Connection.lazy({ address: '127.0.0.1:9', interceptors: [] });
  const complaints: Readonly<Record<string, unknown>>[] = [];
  const http = createHttp({
    client: new Client({ connection }),
    taskQueue: 'none',
    people: async () => [],
    decisions: { list: async () => ({ decisions: [], more: false }) },
    releases: {
      ids: async () => [],
      currentId: async () => 'r1',
      release: async () => Promise.reject(new Error('hush')),
      caps: async () => ({}),
    },
    access: letIn(['admin', 'operator', 'auditor']),
    toolOf: () => '',
    knowsAttributes: async () => false,
    log: { info: () => undefined, warn: () => undefined, error: (fields) => complaints.push(fields) },
    ...change,
  });
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    http.app.request(`http://127.0.0.1${path}`, { method, headers });
  return { ...http, get, complaints };
}

describe('the document', () => {
  const { paths } = openApiDocument() as { paths: Record<string, Record<string, { operationId: string }>> };
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  /** What starts cases is written down once a process. */
  const startPaths = Object.keys(PROCESS_INPUTS).map((process) => `POST /v1/processes/${process}/cases`);
  const routed = Object.entries(ROUTES)
    .filter(([operation]) => operation !== 'desk.show')
    .flatMap(([operation, { method, path }]) => (operation === 'cases.start' ? startPaths : [`${method} ${path}`]));

  it('has every route, and no other', () => {
    expect(documented.toSorted()).toEqual(routed.toSorted());
  });

  it('has every route that the app really has, and the app every route of the document', () => {
    const { app } = lonelyApi();
    const served = new Set(
      app.routes
        .filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/desk/*') && path !== '/')
        .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
    );
    const table = Object.entries(ROUTES)
      .filter(([operation]) => !['desk.show', 'session.open', 'session.end'].includes(operation))
      .map(([, { method, path }]) => `${method} ${path}`);
    expect([...served].toSorted()).toEqual(table.toSorted());
  });

  it('is OpenAPI 3.1, names each operation once, and describes the input of each process', () => {
    const document = openApiDocument() as { openapi: string };
    expect(document.openapi).toBe('3.1.0');
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
    const claim = JSON.stringify(paths['/v1/processes/approveExpense/cases']);
    expect(claim).toContain('"merchant"');
    expect(claim).toContain('Idempotency-Key');
  });

  it('says the same as docs/http-api.md, which names every route and every problem', () => {
    const page = readFileSync('docs/http-api.md', 'utf8');
    const missing = Object.values(ROUTES).filter(({ method, path }) => !page.includes(`${method} ${path}`));
    expect(missing).toEqual([]);
    expect(Object.keys(KINDS).filter((kind) => !page.includes(`\`${kind}\``))).toEqual([]);
  });

  it('is given to whoever asks, as JSON', async () => {
    const answer = await lonelyApi().get('/v1/openapi.json');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(openApiDocument());
  });
});

describe('an address', () => {
  it('that is not there, and a method that it does not take, are told apart', async () => {
    const { get } = lonelyApi();
    expect(await problemOf(await get('/v1/nothing'))).toMatchObject({ status: 404, instance: '/v1/nothing' });
    const other = await problemOf(await get('/v1/cases/x/cancel', {}, 'DELETE'));
    expect(other).toMatchObject({ status: 405, detail: 'DELETE means nothing here. It takes POST.' });
  });
});

describe('without the server of the cases', () => {
  it.each(['/v1/cases', '/v1/cases/x', '/v1/approvals', '/v1/cases/x/result?wait=1'])(
    'GET %s says in words that it cannot be told now, and when to come back',
    async (path) => {
      const { get, complaints } = lonelyApi();
      const answer = await get(path);
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(await problemOf(answer)).toMatchObject({ status: 503, detail: expect.stringMatching(/Nothing is lost/) });
      expect(complaints).toEqual([]);
    },
  );

  it('the process is healthy all the same, and says what it misses', async () => {
    const { get } = lonelyApi();
    expect(await (await get('/health')).json()).toEqual({ status: 'ok', temporal: 'unreachable' });
    const stopping = lonelyApi({ stopping: AbortSignal.abort() });
    expect((await stopping.get('/health')).status).toBe(503);
  });
});

it('a bug of ours is told as one, is written down whole, and says nothing of itself', async () => {
  const { get, complaints } = lonelyApi();
  const answer = await problemOf(await get('/v1/releases/current'));
  expect(answer).toMatchObject({ status: 500, type: 'urn:governor:problem:our-fault' });
  expect(JSON.stringify(answer)).not.toContain('hush');
  expect(complaints).toMatchObject([{ err: expect.objectContaining({ message: 'hush' }) }]);
});

describe('a caller', () => {
  it('who calls faster than the limit waits, and nobody else does', async () => {
    let now = 0;
    const { get } = lonelyApi({ limits: { callsPerMinute: 60 }, now: () => now });
    const call = (who: string) => get('/v1/me', { 'x-caller': who });
    const first = await Promise.all(Array.from({ length: 16 }, () => call('busy')));
    expect(first.map(({ status }) => status)).toEqual([...Array.from({ length: 15 }, () => 200), 429]);
    expect(first[15]?.headers.get('retry-after')).toBe('1');
    expect(await problemOf(first[15] as Response)).toMatchObject({ title: 'Too many calls' });
    expect((await call('calm')).status).toBe(200);
    now += 1000;
    expect((await call('busy')).status).toBe(200);
    expect((await call('busy')).status).toBe(429);
  });

  it('without a name is held to a limit by address', async () => {
    const nobody = { mount: () => undefined };
    const { get } = lonelyApi({ limits: { callsPerMinute: 10 }, access: nobody, now: () => 0 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => get('/v1/me')));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429]);
  });

  it('holds no more streams open than is good', async () => {
    const { get } = lonelyApi({ limits: { streams: 2 } });
    const open = [await get('/v1/approvals/events'), await get('/v1/approvals/events')];
    expect((await get('/v1/approvals/events')).status).toBe(429);
    expect((await get('/v1/approvals/events', { 'x-caller': 'other' })).status).toBe(200);
    await open[0]?.body?.cancel();
    await expect.poll(async () => (await get('/v1/approvals/events')).status).toBe(200);
  });
});
