import { Hono, type MiddlewareHandler } from 'hono';
import { type AccessEnv, guard } from './access/guard.ts';
import { type Operation, ROUTES, routeOf } from './access/routes.ts';
import { type BoardRow, openBoard } from './approvals/board.ts';
import { createApprovalNews } from './approvals/events.ts';
import { mountDesk } from './desk.ts';
import { handlersFor } from './handlers.ts';
import { atMost, callsPerMinute, streamCounter } from './limits.ts';
import { type HttpParts, LIMITS } from './parts.ts';
import { asProblem, Problem, problemResponse } from './problem.ts';

/** The API, ready to be served, and the way to let go of what it holds. */
export interface Http {
  readonly app: Hono<AccessEnv>;
  /** Every open request, of all tenants. */
  waiting(): Promise<readonly BoardRow[]>;
  close(): void;
}

/** Operations that `access.mount` adds, and the page, which has addresses of its own. */
const ELSEWHERE: readonly Operation[] = ['session.open', 'session.end', 'desk.show'];

/** Every route of the API, each behind its guard. */
export function createHttp(parts: HttpParts): Http {
  const limits = { ...LIMITS, ...parts.limits };
  const board = openBoard(parts);
  const news = createApprovalNews(board);
  const app = new Hono<AccessEnv>();
  app.onError((error, c) => {
    const problem = asProblem(error);
    if (problem.status === 500) parts.log.error({ err: error, path: c.req.routePath }, 'a call broke');
    return problemResponse(problem, c.req.path);
  });
  app.notFound((c) => problemResponse(nothingHere(c.req.method, c.req.path), c.req.path));
  const rate = callsPerMinute(limits.callsPerMinute, parts.now);
  parts.access.mount(app, rate);
  app.use('/v1/*', rate);
  const handlers = handlersFor(parts, board, news, streamCounter(limits.streams));
  for (const operation of Object.keys(ROUTES) as Operation[]) {
    const handle = handlers[operation];
    if (ELSEWHERE.includes(operation) || !handle) continue;
    const { method, path } = routeOf(operation);
    const isLong = operation === 'cases.start' || operation === 'webhooks.receive';
    const size = atMost(isLong ? limits.startBytes : limits.bodyBytes);
    const address = path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(method, address, around(operation, parts), guard(operation), size, handle);
  }
  if (parts.deskDir) mountDesk(app, parts.deskDir);
  return { app, waiting: () => board.rows(), close: () => board.close() };
}

const around =
  (operation: Operation, parts: Pick<HttpParts, 'around'>): MiddlewareHandler<AccessEnv> =>
  async (c, next) => {
    const run = async (): Promise<number> => {
      await next();
      return c.res.status;
    };
    if (parts.around) await parts.around({ operation, traceparent: c.req.header('traceparent') }, run);
    else await next();
  };

/** An address that is known by another method is told so. */
function nothingHere(method: string, path: string): Problem {
  const methods = Object.values(ROUTES)
    .filter((route) => new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path))
    .map((route) => route.method);
  if (methods.length > 0)
    return new Problem('no-such-method', `${method} means nothing here. It takes ${[...new Set(methods)].join(', ')}.`);
  return new Problem('not-found', 'There is nothing at this address. GET /v1/openapi.json lists what there is.');
}
