import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { Authenticator } from './authenticator.ts';
import { type Address, isFromElsewhere, isOwnHost } from './origin.ts';
import { callerName, type Principal } from './principal.ts';
import {
  CANNOT_TELL,
  CROSS_SITE,
  FOREIGN_HOST,
  NOT_A_PERSON,
  NOT_ALLOWED,
  NOT_SIGNED_IN,
  type Refusal,
  refuse,
} from './refusal.ts';
import { type Operation, reachOf, routeOf } from './routes.ts';

/** Where denied calls are written down; pino's loggers are one. */
export interface AccessLog {
  warn(fields: Readonly<Record<string, unknown>>, words: string): void;
}

/** What the middleware puts into a request's context. */
export interface AccessEnv {
  Variables: { principal: Principal | undefined; accessLog: AccessLog | undefined };
}

export interface IdentifySettings {
  readonly authenticate: Authenticator;
  readonly address: Address;
  readonly log: AccessLog;
}

/**
 * Finds out who calls, for all routes below it. It turns away only what no route may let in: a foreign host name, and a
 * cookie that another page made the browser send.
 */
export function identify({ authenticate, address, log }: IdentifySettings): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    c.set('accessLog', log);
    if (!isOwnHost(c.req.raw, address)) return turnAway(c, FOREIGN_HOST);
    try {
      c.set('principal', await authenticate(c.req.raw));
    } catch {
      return turnAway(c, CANNOT_TELL);
    }
    const byCookie = c.var.principal?.via === 'session';
    if (byCookie && isFromElsewhere(c.req.raw, address)) return turnAway(c, CROSS_SITE);
    return next();
  };
}

/** Lets in who may do this by `ROUTES`, and nobody else: not who is unknown, nor where `identify` was forgotten. */
export function guard(operation: Operation): MiddlewareHandler<AccessEnv> {
  const { open, person } = routeOf(operation);
  return async (c, next) => {
    if (open) return next();
    const { principal } = c.var;
    if (!principal) return turnAway(c, NOT_SIGNED_IN, operation);
    if (!reachOf(principal.roles, operation)) return turnAway(c, NOT_ALLOWED, operation);
    if (person && !principal.person) return turnAway(c, NOT_A_PERSON, operation);
    return next();
  };
}

/** The caller, behind a guard. Throws where there is none, which a guard does not let happen. */
export function callerOf(c: Context<AccessEnv>): Principal {
  const { principal } = c.var;
  if (!principal) throw new Error('A route that has a caller is behind a guard.');
  return principal;
}

/** Answers with a problem, and writes down that somebody was denied what: ids and no names, nothing of a credential. */
export function turnAway(c: Context<AccessEnv>, refusal: Refusal, operation?: Operation): Response {
  const { principal, accessLog } = c.var;
  const { status, why } = refusal;
  const who = principal && whoOf(principal);
  accessLog?.warn({ event: 'denied', status, why, operation, method: c.req.method, ...who }, 'denied');
  return refuse(refusal, c.req.path);
}

const whoOf = (principal: Principal) => ({
  tenant: principal.tenant,
  via: principal.via,
  keyId: principal.keyId,
  roles: principal.roles,
  // Whoever has the directory can tell who this was, and the log alone can't.
  caller: createHash('sha256').update(callerName(principal)).digest('hex').slice(0, 12),
});
