import type { Context, Handler } from 'hono';
import { z } from 'zod';
import { type Credentials, identifyBearer } from './authenticator.ts';
import { type AccessEnv, type AccessLog, turnAway } from './guard.ts';
import { type Address, isFromElsewhere, isOwnHost } from './origin.ts';
import { CROSS_SITE, FOREIGN_HOST, NOT_SIGNED_IN } from './refusal.ts';

const SignIn = z.strictObject({ key: z.string().trim().min(1).max(8192) });

export interface DeskSessionSettings extends Credentials {
  readonly address: Address;
  readonly log: AccessLog;
}

/**
 * How a browser signs in and out: `POST /desk/session` with `{key}` (a key, or a token of the issuer) gives a cookie,
 * `DELETE` ends the session. Both are for the desk's own page.
 */
export function deskSession(settings: DeskSessionSettings): { open: Handler<AccessEnv>; end: Handler<AccessEnv> } {
  const { sessions, address, log } = settings;
  const isStranger = (c: Context<AccessEnv>): Response | undefined => {
    c.set('accessLog', log);
    if (!isOwnHost(c.req.raw, address)) return turnAway(c, FOREIGN_HOST);
    return isFromElsewhere(c.req.raw, address) ? turnAway(c, CROSS_SITE) : undefined;
  };
  return {
    open: async (c) => {
      const stranger = isStranger(c);
      if (stranger) return stranger;
      const typed = SignIn.safeParse(await c.req.json().catch(() => undefined));
      const identity = typed.success ? await identifyBearer(settings, typed.data.key) : undefined;
      if (!identity) return turnAway(c, NOT_SIGNED_IN, 'session.open');
      sessions.end(c.req.header('cookie') ?? '');
      c.header('set-cookie', sessions.open(identity));
      return c.body(null, 204);
    },
    end: async (c) => {
      const stranger = isStranger(c);
      if (stranger) return stranger;
      c.header('set-cookie', sessions.end(c.req.header('cookie') ?? ''));
      return c.body(null, 204);
    },
  };
}
