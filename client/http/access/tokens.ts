import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import type { ClaimNames, IssuerSettings } from './issuer.ts';
import { ApiRole, DEFAULT_TENANT, type Identity, PersonName, type Principal, Tenant } from './principal.ts';

/** Whose token it is, if it is good. Rejects where the issuer's keys can't be had. */
export type TokenVerifier = (token: string) => Promise<Identity | undefined>;

/** How far the issuer's clock may be from ours, seconds. */
const SKEW_S = 30;
/** An access token is a matter of minutes; one that is good for longer than this was not meant as one. */
const MAX_AGE_S = 24 * 3600;
const PATIENCE_MS = 3000;
const MAX_TOKEN_BYTES = 8192;
/** OpenID Connect allows no longer ones. */
const MAX_SUBJECT = 255;

/** What would let a token bring its own key along, or change what its other headers mean. */
const FORBIDDEN_HEADERS = ['jwk', 'jku', 'x5c', 'x5u', 'crit', 'b64', 'zip'];

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** Checks tokens of one issuer: its name, audience and algorithms are pinned, its keys are fetched and kept for minutes. */
export function createTokenVerifier(settings: IssuerSettings): TokenVerifier {
  const { issuer, audience, algorithms, claims, now = Date.now } = settings;
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const keysOnce = (): Promise<JWTVerifyGetKey> => {
    keys ??= openKeySet(settings);
    keys.catch(() => {
      keys = undefined;
    });
    return keys;
  };
  return async (token) => {
    if (!looksSafe(token, algorithms)) return undefined;
    const keySet = await keysOnce();
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: SKEW_S,
        maxTokenAge: MAX_AGE_S,
        requiredClaims: ['exp', 'iat', 'sub'],
        currentDate: new Date(now()),
      });
      return identityOf(payload, claims);
    } catch (error) {
      if (isTheTokensFault(error)) return undefined;
      throw error;
    }
  };
}

/** What can be told without a key: so nothing is fetched for a token that no key could make good. */
function looksSafe(token: string, algorithms: readonly string[]): boolean {
  if (token.length > MAX_TOKEN_BYTES) return false;
  try {
    const header = decodeProtectedHeader(token);
    if (FORBIDDEN_HEADERS.some((name) => name in header)) return false;
    return typeof header.alg === 'string' && algorithms.includes(header.alg);
  } catch {
    return false;
  }
}

async function openKeySet({ issuer, jwksUrl }: IssuerSettings): Promise<JWTVerifyGetKey> {
  const url = new URL(jwksUrl ?? (await discover(issuer)));
  return createRemoteJWKSet(url, { timeoutDuration: PATIENCE_MS, cooldownDuration: 30_000, cacheMaxAge: 600_000 });
}

async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
  if (!answer.ok) throw new Error(`The issuer's discovery document answered ${answer.status}.`);
  const found = Discovery.parse(await answer.json());
  if (found.issuer !== issuer) throw new Error('The discovery document is of another issuer.');
  if (new URL(found.jwks_uri).protocol !== new URL(issuer).protocol)
    throw new Error("The issuer's keys lie elsewhere.");
  return found.jwks_uri;
}

/** What goes wrong with the issuer's keys and not with the token; so does whatever is not of this library. */
const ISSUERS_FAULTS: readonly string[] = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];
const isTheTokensFault = (error: unknown): boolean =>
  error instanceof errors.JOSEError && !ISSUERS_FAULTS.includes(error.code);

function identityOf(payload: JWTPayload, claims: ClaimNames): Identity | undefined {
  const tenant = claims.tenant === undefined ? DEFAULT_TENANT : Tenant.safeParse(claimAt(payload, claims.tenant)).data;
  if (!payload.sub || payload.sub.length > MAX_SUBJECT || tenant === undefined) return undefined;
  const person = personOf(payload, claims.person);
  const roles = rolesOf(claimAt(payload, claims.roles));
  const principal: Principal = {
    sub: person ?? `oidc:${payload.sub}`,
    tenant,
    roles,
    ...(person && { person }),
    via: 'jwt',
  };
  return { principal, until: (payload.exp ?? 0) * 1000 };
}

/** An address that nobody has confirmed could be anybody's. */
function personOf(payload: JWTPayload, claim: string): string | undefined {
  if (claim === 'email' && payload['email_verified'] !== true) return undefined;
  return PersonName.safeParse(claimAt(payload, claim)).data;
}

/** A list, or words with spaces between them as in `scope`; what is no role of ours is left out. */
function rolesOf(claim: unknown): ApiRole[] {
  const named = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return [...new Set(named.flatMap((name) => ApiRole.safeParse(name).data ?? []))];
}

function claimAt(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  return name.split('.').reduce<unknown>((inside, part) => memberOf(inside, part), payload);
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
