import { createHash, randomBytes } from 'node:crypto';
import type { Keys } from './keys.ts';
import type { Identity } from './principal.ts';
import { type CookieSettings, createSessionCookie } from './session-cookie.ts';

/** A session ends after so long, however busy it is. */
export const SESSION_MS = 8 * 3600 * 1000;
/** And after so long without a request. */
export const IDLE_MS = 3600 * 1000;
/** One person has a few browsers; of more sessions than this, the oldest ends. */
const MAX_SESSIONS_PER_CALLER = 10;

interface Session {
  readonly identity: Identity;
  readonly end: number;
  lastUsed: number;
}

export interface SessionsSettings extends CookieSettings {
  readonly keys: Keys;
  readonly now?: () => number;
}

/** The desk's sessions: kept by this process, so that one that was ended is over wherever its cookie went. */
export interface Sessions {
  /** A new one, never one that the browser proposed. Gives the `Set-Cookie` to answer with. */
  open(identity: Identity): string;
  /**
   * Who the cookies are of.
   * @param byItself whether the page asked without its person: that keeps no session from ending
   */
  find(cookies: string, byItself?: boolean): Promise<Identity | undefined>;
  /** Ends the session of these cookies, if there is one. Gives the `Set-Cookie` that takes the cookie away. */
  end(cookies: string): string;
}

export function createSessions({ keys, now = Date.now, ...place }: SessionsSettings): Sessions {
  const cookie = createSessionCookie(place);
  const sessions = new Map<string, Session>();
  const isOver = ({ end, lastUsed }: Session): boolean => now() >= end || now() - lastUsed >= IDLE_MS;
  return {
    open: (identity) => {
      for (const [id, session] of sessions) if (isOver(session)) sessions.delete(id);
      makeRoom(sessions, identity);
      const name = randomBytes(32).toString('base64url');
      const end = Math.min(now() + SESSION_MS, identity.until);
      sessions.set(keyOf(name), { identity, end, lastUsed: now() });
      return cookie.give(name, (end - now()) / 1000);
    },
    find: async (cookies, byItself = false) => {
      const id = keyOf(cookie.read(cookies) ?? '');
      const session = sessions.get(id);
      if (!session) return undefined;
      const fresh = isOver(session) ? undefined : await asOfNow(session.identity, keys);
      if (!fresh) sessions.delete(id);
      // It may have been ended while we looked.
      if (!sessions.has(id)) return undefined;
      if (!byItself) session.lastUsed = now();
      return fresh;
    },
    end: (cookies) => {
      sessions.delete(keyOf(cookie.read(cookies) ?? ''));
      return cookie.take();
    },
  };
}

/** A key may have been revoked or given other roles since it was used to sign in; a token says the same until its end. */
async function asOfNow(identity: Identity, keys: Keys): Promise<Identity | undefined> {
  const { keyId } = identity.principal;
  const fresh = keyId === undefined ? identity : await keys.stillGood(keyId);
  return fresh && { until: fresh.until, principal: { ...fresh.principal, via: 'session' } };
}

function makeRoom(sessions: Map<string, Session>, { principal }: Identity): void {
  const theirs = [...sessions].filter(
    ([, { identity }]) => identity.principal.sub === principal.sub && identity.principal.tenant === principal.tenant,
  );
  for (const [id] of theirs.slice(0, Math.max(0, theirs.length - MAX_SESSIONS_PER_CALLER + 1))) sessions.delete(id);
}

/** Under which a session is kept: whoever reads our memory has no cookies. */
const keyOf = (name: string): string => createHash('sha256').update(name).digest('hex');
