import type { Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type Authenticator, createAuthenticator } from './authenticator.ts';
import { deskSession } from './desk-session.ts';
import { type AccessEnv, type AccessLog, guard, identify } from './guard.ts';
import { securityHeaders } from './headers.ts';
import type { IssuerSettings } from './issuer.ts';
import { openKeys } from './keys.ts';
import { type Address, isHttps } from './origin.ts';
import { refuse, TOO_LONG } from './refusal.ts';
import { createSessions } from './sessions.ts';
import { createTokenVerifier } from './tokens.ts';

export interface AccessSettings {
  readonly keysFile: string;
  readonly issuer?: IssuerSettings | undefined;
  readonly address: Address;
  /** Whether keys for trying are good here; see `takesEmbedded`. */
  readonly takesEmbedded: boolean;
  readonly log: AccessLog;
  readonly now?: () => number;
}

/** A key or a token, and a few bytes around it. */
const SIGN_IN_BYTES = 10_000;
const signInLimit = bodyLimit({ maxSize: SIGN_IN_BYTES, onError: (c) => refuse(TOO_LONG, c.req.path) });

/** Who may come in, ready to be put before the routes. */
export interface Access {
  readonly authenticate: Authenticator;
  /**
   * To be called before any route is added: headers for all, callers for `/v1`, and the desk's session.
   * @param beforeSession what a sign-in has to get past first, such as a limit of calls
   */
  mount(app: Hono<AccessEnv>, ...beforeSession: MiddlewareHandler<AccessEnv>[]): void;
}

export function openAccess({ keysFile, issuer, address, takesEmbedded, log, now }: AccessSettings): Access {
  const clock = now && { now };
  const tell = (why: string): void => log.warn({ event: 'keys unreadable' }, why);
  const keys = openKeys({ file: keysFile, takesEmbedded, tell, ...clock });
  const port = Number(new URL(address.origins[0] ?? 'http://localhost').port || 80);
  const sessions = createSessions({ keys, secure: isHttps(address), port, ...clock });
  const tokens = issuer && createTokenVerifier({ ...issuer, ...clock });
  const credentials = { keys, sessions, tokens };
  const authenticate = createAuthenticator(credentials);
  const desk = deskSession({ ...credentials, address, log });
  return {
    authenticate,
    mount: (app, ...beforeSession) => {
      app.use('*', securityHeaders(address));
      app.use('/v1/*', identify({ authenticate, address, log }));
      app.use('/desk/session', ...beforeSession, signInLimit);
      app.post('/desk/session', guard('session.open'), desk.open);
      app.delete('/desk/session', guard('session.end'), desk.end);
    },
  };
}
