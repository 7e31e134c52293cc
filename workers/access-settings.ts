import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type IssuerSettings, TOKEN_ALGORITHMS } from '../client/http/access/issuer.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A secret, or what secrets are checked by, goes over this line. */
export const safeUrl = z.string().refine(isSafeUrl, 'has to start with https:// unless it is on this machine');

/** What says who may call the API; .env.example tells what they mean. */
export const accessVariables = {
  API_KEYS_FILE: z.string().optional(),
  OIDC_ISSUER: safeUrl.optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_JWKS_URL: safeUrl.optional(),
  OIDC_ALGORITHMS: z
    .string()
    .default('RS256')
    .transform((names) => names.split(/[\s,]+/))
    .pipe(z.array(z.enum(TOKEN_ALGORITHMS, `has to name some of ${TOKEN_ALGORITHMS.join(', ')}`)).min(1)),
  OIDC_TENANT_CLAIM: z.string().optional(),
  OIDC_ROLES_CLAIM: z.string().default('roles'),
  OIDC_PERSON_CLAIM: z.string().default('preferred_username'),
};

const AccessEnvironment = z.object(accessVariables);
type AccessEnvironment = z.output<typeof AccessEnvironment>;

/** Who may call the API, from the environment. */
export interface AccessConfig {
  /** Absolute path of the file that keeps the keys' digests. */
  readonly keysFile: string;
  /** Absolute path of the keys of the people for trying. */
  readonly peopleFile: string;
  /** Somebody has said where the keys are: then nobody gets any for trying. */
  readonly hasOwnKeys: boolean;
  readonly issuer?: IssuerSettings | undefined;
}

export function accessOf(env: AccessEnvironment, stateDir: string): AccessConfig {
  return {
    keysFile: resolve(env.API_KEYS_FILE ?? join(stateDir, 'keys', 'api-keys.json')),
    peopleFile: resolve(stateDir, 'keys', 'people.json'),
    hasOwnKeys: env.API_KEYS_FILE !== undefined,
    issuer: issuerOf(env),
  };
}

/** Of a state folder where nobody has configured anything. */
export const accessIn = (stateDir: string): AccessConfig => accessOf(AccessEnvironment.parse({}), stateDir);

function issuerOf(env: AccessEnvironment): IssuerSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_JWKS_URL: jwksUrl } = env;
  if (!issuer || !audience) return undefined;
  const claims = { tenant: env.OIDC_TENANT_CLAIM, roles: env.OIDC_ROLES_CLAIM, person: env.OIDC_PERSON_CLAIM };
  return { issuer, audience, jwksUrl, algorithms: env.OIDC_ALGORITHMS, claims };
}

type Given = Readonly<Partial<Record<keyof typeof accessVariables, string>>>;

/** An issuer without an audience would let in tokens that were made for somebody else's service. */
export function* accessProblems(given: Given): Generator<string> {
  if (given.OIDC_ISSUER && !given.OIDC_AUDIENCE)
    yield 'OIDC_AUDIENCE: has to be set with OIDC_ISSUER: tokens for other services of that issuer are not for us';
  for (const variable of ['OIDC_AUDIENCE', 'OIDC_JWKS_URL', 'OIDC_TENANT_CLAIM'] as const) {
    if (given[variable] && !given.OIDC_ISSUER) yield `${variable}: means nothing without OIDC_ISSUER`;
  }
}

/** Whether what is sent there can be read by nobody on the way. */
export function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}
