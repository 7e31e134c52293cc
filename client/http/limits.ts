import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AccessEnv } from './access/guard.ts';
import { Problem, problemResponse } from './problem.ts';

/** Turns away what says more than so many bytes, before all of it has come. */
export const atMost = (maxSize: number): MiddlewareHandler<AccessEnv> =>
  bodyLimit({
    maxSize,
    onError: (c) => problemResponse(new Problem('too-large', `At most ${maxSize} bytes are taken here.`), c.req.path),
  });

interface Bucket {
  left: number;
  at: number;
}

/** So many callers are remembered; those that have been quiet for longest are forgotten. */
const MOST_CALLERS = 10_000;

/**
 * How fast one caller may call: a steady rate, and a quarter of a minute's at once. Callers without a credential are told
 * apart by their address.
 * @param callsPerMinute for each caller
 */
export function callsPerMinute(callsPerMinute: number, now: () => number = Date.now): MiddlewareHandler<AccessEnv> {
  const most = Math.max(1, Math.ceil(callsPerMinute / 4));
  const perMs = callsPerMinute / 60_000;
  const buckets = new Map<string, Bucket>();
  return async (c, next) => {
    const caller = callerKey(c);
    const time = now();
    const before = buckets.get(caller) ?? { left: most, at: time };
    const left = Math.min(most, before.left + (time - before.at) * perMs);
    buckets.delete(caller);
    buckets.set(caller, { left: left < 1 ? left : left - 1, at: time });
    if (buckets.size > MOST_CALLERS) buckets.delete(buckets.keys().next().value ?? '');
    if (left >= 1) return next();
    const retryAfterS = Math.max(1, (1 - left) / perMs / 1000);
    return problemResponse(
      new Problem(
        'too-many-calls',
        `${callsPerMinute} calls a minute are taken from each caller. Wait as Retry-After says.`,
        {
          retryAfterS,
        },
      ),
      c.req.path,
    );
  };
}

function callerKey(c: Context<AccessEnv>): string {
  const { principal } = c.var;
  if (principal) return `${principal.tenant}/${principal.sub}`;
  // Absent where no socket is: in tests that call the app itself.
  const bindings = c.env as Partial<HttpBindings> | undefined;
  return `address ${bindings?.incoming?.socket.remoteAddress ?? 'unknown'}`;
}

/** How many streams each caller holds open. */
export function streamCounter(most: number): (caller: string) => () => void {
  const open = new Map<string, number>();
  return (caller) => {
    const count = open.get(caller) ?? 0;
    if (count >= most)
      throw new Problem('too-many-calls', `${most} streams are open for you already. Close one.`, { retryAfterS: 10 });
    open.set(caller, count + 1);
    return () => {
      const left = (open.get(caller) ?? 1) - 1;
      if (left > 0) open.set(caller, left);
      else open.delete(caller);
    };
  };
}
