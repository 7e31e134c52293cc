import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { CaseRow, ShownApproval } from '../../client/http/shapes.ts';
import { rowOf, timelineOf } from './desk-requests.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'client', 'desk', 'page');
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};
/** As strict as that of the API, and no string may become markup or code at all. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

export const KEY = 'a key of this test';

/** Speaks the shapes of the API to the page, from memory, and keeps what it was sent. */
export interface DeskFixture {
  readonly url: string;
  /** The open requests, by case and approval. */
  readonly requests: Map<string, ShownApproval>;
  readonly cases: CaseRow[];
  /** Every answer that was posted: what the page really says. */
  readonly said: { readonly path: string; readonly body: Record<string, unknown> }[];
  /** Who has decided what is no longer open. */
  readonly decided: Map<string, string>;
  person: string;
  /** True forgets every session: who comes next has to sign in again. */
  expired: boolean;
  /** False makes every stream fail, as a proxy does that lets none through. */
  streams: boolean;
  /** True answers every call with an error. */
  broken: boolean;
  open(request: ShownApproval): void;
  change(request: ShownApproval): void;
  close(request: ShownApproval, by: string): void;
  stop(): Promise<void>;
}

export const keyOf = ({ case: caseId, request }: ShownApproval): string => `${caseId}/${request.approval}`;

type Reply = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };

export async function startDesk(requests: readonly ShownApproval[] = []): Promise<DeskFixture> {
  const streams = new Set<ServerResponse>();
  const tell = (event: string, request: ShownApproval): void => {
    for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(rowOf(request))}\n\n`);
  };
  const server = createServer((request, response) => {
    void handle(desk, streams, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const desk: DeskFixture = {
    url: `http://127.0.0.1:${port}/desk/`,
    requests: new Map(requests.map((each) => [keyOf(each), each])),
    cases: [],
    said: [],
    decided: new Map(),
    person: 'darius.wren',
    expired: false,
    streams: true,
    broken: false,
    open: (request) => {
      desk.requests.set(keyOf(request), request);
      tell('opened', request);
    },
    change: (request) => {
      desk.requests.set(keyOf(request), request);
      tell('changed', request);
    },
    close: (request, by) => {
      desk.requests.delete(keyOf(request));
      desk.decided.set(keyOf(request), by);
      tell('closed', request);
    },
    stop: async () => {
      for (const stream of streams) stream.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return desk;
}

async function handle(
  desk: DeskFixture,
  streams: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://desk');
  if (pathname === '/v1/approvals/events') return startStream(desk, streams, response);
  if (pathname.startsWith('/desk/') && pathname !== '/desk/session')
    return await serveFile(pathname.slice(6), response);
  const body: unknown = request.method === 'POST' ? JSON.parse((await text(request)) || '{}') : undefined;
  const isSignedIn = request.headers.cookie?.includes('desk=in') ?? false;
  const reply = desk.broken
    ? problem(503, 'Temporal is out of reach. Try again in a few seconds.')
    : answerTo(desk, { method: request.method ?? 'GET', path: pathname, query: searchParams, body, isSignedIn });
  const type = reply.status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(reply.status, { 'content-type': type, ...reply.headers });
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
}

function startStream({ streams: areUp }: DeskFixture, streams: Set<ServerResponse>, response: ServerResponse): void {
  if (!areUp) return void response.writeHead(502).end();
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 300\n: here\n\n');
  streams.add(response);
  response.on('close', () => streams.delete(response));
}

async function serveFile(name: string, response: ServerResponse): Promise<void> {
  const file = name || 'index.html';
  const type = TYPES[/^[a-z0-9-]+\.(html|js|css|svg)$/.exec(file)?.[1] ?? ''];
  const found = type ? await readFile(join(PAGE, file)).catch(() => undefined) : undefined;
  if (!type || !found) return void response.writeHead(404).end();
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
  });
  response.end(found);
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly isSignedIn: boolean;
}

function answerTo(desk: DeskFixture, call: Call): Reply {
  const { method, path, body, isSignedIn } = call;
  if (path === '/desk/session') return session(desk, method, body);
  if (!isSignedIn || desk.expired) return problem(401, 'Send a key, or sign in again.');
  const [, , what, ...rest] = path.split('/').map(decodeURIComponent);
  if (what === 'me')
    return ok({
      sub: desk.person,
      person: desk.person,
      tenant: 'default',
      roles: ['approver'],
      directoryRoles: ['manager'],
    });
  if (what === 'approvals') return approvals(desk, call, rest);
  if (what === 'cases') return cases(desk, call, rest);
  return problem(404, 'There is no such thing here.');
}

function session(desk: DeskFixture, method: string, body: unknown): Reply {
  if (method === 'DELETE') return { status: 204, headers: { 'set-cookie': 'desk=; Path=/; Max-Age=0' } };
  desk.expired = false;
  if (fieldsOf(body)['key'] !== KEY) return problem(401, 'This key is not known, or has expired.');
  return { status: 204, headers: { 'set-cookie': 'desk=in; Path=/; HttpOnly; SameSite=Strict' } };
}

function approvals(desk: DeskFixture, { method, path, query, body }: Call, rest: readonly string[]): Reply {
  if (method === 'POST') desk.said.push({ path, body: fieldsOf(body) });
  if (rest.length === 0) return listed(desk, query);
  if (rest[0] === 'bulk') return bulk(desk, fieldsOf(body));
  const [caseId = '', approval = '', action] = rest;
  const key = `${caseId}/${approval}`;
  const found = desk.requests.get(key);
  if (action === 'answers') return answered(desk, key, fieldsOf(body));
  return found ? ok(found) : problem(404, 'No such request is open.');
}

function listed(desk: DeskFixture, query: URLSearchParams): Reply {
  const limit = Number(query.get('limit') ?? 100);
  const start = Number(query.get('cursor') ?? 0);
  const mine = query.get('mine') === 'true';
  const rows = [...desk.requests.values()].filter(({ mayAnswer }) => !mine || mayAnswer).map(rowOf);
  const sorted = rows.toSorted((one, other) => one.until.localeCompare(other.until));
  const end = start + limit;
  const next = end < sorted.length ? { next: String(end) } : {};
  return ok({ approvals: sorted.slice(start, end), total: sorted.length, ...next });
}

function answered(desk: DeskFixture, key: string, { verdict, digest }: Record<string, unknown>): Reply {
  const by = desk.decided.get(key);
  if (by) return problem(409, `already decided by ${by}`, { decidedBy: by });
  const found = desk.requests.get(key);
  if (!found) return problem(404, 'No such request is open.');
  if (digest !== found.request.digest)
    return problem(409, 'The request is not the one that you have read. Read it again, and answer that one.');
  if (verdict === 'claim') desk.change({ ...found, request: { ...found.request, claimedBy: desk.person } });
  else if (verdict === 'edit')
    desk.change({ ...found, mayAnswer: false, whyNot: 'Nobody says yes to their own edit.' });
  else if (!['ask-info', 'delegate', 'escalate', 'release', 'inform'].includes(String(verdict)))
    desk.close(found, desk.person);
  return ok({ accepted: true });
}

function bulk(desk: DeskFixture, { items, verdict }: Record<string, unknown>): Reply {
  const results = (Array.isArray(items) ? items : []).map((item) => {
    const { case: caseId, approval, digest } = fieldsOf(item);
    const { status, body } = answered(desk, `${caseId}/${approval}`, { verdict, digest });
    return {
      case: caseId,
      approval,
      accepted: status === 200,
      ...(status === 200 ? {} : { why: fieldsOf(body)['detail'] }),
    };
  });
  return ok({ results });
}

function cases(desk: DeskFixture, { query }: Call, [caseId, what]: readonly string[]): Reply {
  if (!caseId) {
    const start = Number(query.get('cursor') ?? 0);
    const end = start + Number(query.get('limit') ?? 50);
    const wanted = desk.cases.filter(({ process }) => (query.get('process') ?? process) === process);
    return ok({ cases: wanted.slice(start, end), ...(end < wanted.length ? { next: String(end) } : {}) });
  }
  const found = desk.cases.find((each) => each.case === caseId);
  if (!found) return problem(404, 'There is no such case.');
  if (what === 'timeline') return ok(timelineOf());
  if (what === 'decisions') return ok({ decisions: [] });
  const budget = { capMicroUsd: 40_000, spentMicroUsd: found.costMicroUsd, reservedMicroUsd: 0, calls: 3 };
  return ok({ ...found, policy: 'standard-6', budget, steps: [], waiting: [] });
}

const ok = (body: unknown): Reply => ({ status: 200, body });
const problem = (status: number, detail: string, more: Record<string, unknown> = {}): Reply => ({
  status,
  body: { type: 'urn:test', title: 'No', status, detail, instance: '/', ...more },
});
const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
