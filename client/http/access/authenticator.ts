import type { Keys } from './keys.ts';
import type { Identity, Principal } from './principal.ts';
import type { Sessions } from './sessions.ts';
import type { TokenVerifier } from './tokens.ts';

/**
 * Who sent a request; nobody where it carries no credential, or one that is not good. Rejects only where that can't be
 * told now.
 */
export type Authenticator = (request: Request) => Promise<Principal | undefined>;

export interface Credentials {
  readonly keys: Keys;
  /** Without an issuer, tokens are nobody's. */
  readonly tokens?: TokenVerifier | undefined;
  readonly sessions: Sessions;
}

const BEARER = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * A key or a token in the header, else the cookie of a desk's session. A header that is no good is not made up for by a
 * cookie: the caller meant the header.
 */
export function createAuthenticator(credentials: Credentials): Authenticator {
  return async (request) => {
    const header = request.headers.get('authorization');
    if (header === null) return (await bySession(credentials.sessions, request))?.principal;
    const bearer = BEARER.exec(header)?.[1];
    return bearer === undefined ? undefined : (await identifyBearer(credentials, bearer))?.principal;
  };
}

/** A page that was left open asks for events on and on, and its person may be far away. */
function bySession(sessions: Sessions, { headers, url }: Request): Promise<Identity | undefined> {
  return sessions.find(headers.get('cookie') ?? '', new URL(url).pathname.endsWith('/events'));
}

/** Whose key or token this is, and how long it is good for. */
export async function identifyBearer(
  { keys, tokens }: Pick<Credentials, 'keys' | 'tokens'>,
  bearer: string,
): Promise<Identity | undefined> {
  return bearer.startsWith('gov_') ? keys.identify(bearer) : tokens?.(bearer);
}
