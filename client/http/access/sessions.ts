import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Keys } from './keys.ts';
import type { Identity } from './principal.ts';

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

export interface SessionsSettings {
  readonly keys: Keys;
  readonly secure: boolean;
  /** Tells houses on one machine apart: cookies know no ports. */
  readonly port: number;
  readonly now?: () => number;
}

/** The desk's sessions: kept by this process, so that one that was ended is over wherever its cookie went. */
export interface Sessions {
  /** A new one, never one that the browser proposed. Gives the `Set-Cookie` to answer with. */
  open(identity: Identity): string;
  /** Who the cookies are of. */
  find(cookies: string): Promise<Identity | undefined>;
  /** Ends the session of these cookies, if there is one. Gives the `Set-Cookie` that takes the cookie away. */
  end(cookies: string): string;
}

/**
 * The cookie is a random name with a signature by a key that lives and dies with this process: after a restart everybody
 * signs in again.
 */
export function createSessions({ keys, secure, port, now = Date.now }: SessionsSettings): Sessions {
  const secret = randomBytes(32);
  const sessions = new Map<string, Session>();
  const cookie = secure ? '__Host-governor' : `governor-${port}`;
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  const sign = (id: string): string => createHmac('sha256', secret).update(id).digest('base64url');
  const idOf = (cookies: string): string | undefined => {
    const [id, signature, ...more] = (onlyValue(cookies, cookie) ?? '').split('.');
    if (!id || !signature || more.length > 0) return undefined;
    return sameText(signature, sign(id)) ? keyOf(id) : undefined;
  };
  const isOver = ({ end, lastUsed }: Session): boolean => now() >= end || now() - lastUsed >= IDLE_MS;

  const open = (identity: Identity): string => {
    for (const [id, session] of sessions) if (isOver(session)) sessions.delete(id);
    makeRoom(sessions, identity);
    const id = randomBytes(32).toString('base64url');
    const end = Math.min(now() + SESSION_MS, identity.until);
    sessions.set(keyOf(id), { identity, end, lastUsed: now() });
    return `${cookie}=${id}.${sign(id)}; ${attributes}; Max-Age=${Math.floor((end - now()) / 1000)}`;
  };
  const find = async (cookies: string): Promise<Identity | undefined> => {
    const id = idOf(cookies);
    const session = id === undefined ? undefined : sessions.get(id);
    if (id === undefined || !session) return undefined;
    const fresh = isOver(session) ? undefined : await asOfNow(session.identity, keys);
    // It may have been ended while we looked.
    if (fresh && sessions.has(id)) {
      session.lastUsed = now();
      return fresh;
    }
    sessions.delete(id);
    return undefined;
  };
  const end = (cookies: string): string => {
    const id = idOf(cookies);
    if (id !== undefined) sessions.delete(id);
    return `${cookie}=; ${attributes}; Max-Age=0`;
  };
  return { open, find, end };
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

/** The value of a cookie that is there once: of two, another page may have put one there. */
function onlyValue(cookies: string, name: string): string | undefined {
  const values = cookies.split(';').flatMap((pair) => {
    const [key = '', ...value] = pair.split('=');
    return key.trim() === name ? [value.join('=').trim()] : [];
  });
  return values.length === 1 ? values[0] : undefined;
}

/** Under which a session is kept: whoever reads our memory has no cookies. */
const keyOf = (id: string): string => createHash('sha256').update(id).digest('hex');

const sameText = (left: string, right: string): boolean =>
  timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest());
