import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';
import type { IssuerSettings } from '../../client/http/access/issuer.ts';

export const AUDIENCE = 'governor';
export const KID = 'key-1';

/** An OpenID Connect issuer on this machine, as far as a service that checks its tokens sees it. */
export async function openIssuer() {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const keys = [{ ...(await exportJWK(pair.publicKey)), kid: KID, alg: 'RS256', use: 'sig' }];
  const seen: string[] = [];
  const state = { status: 200, discovered: {} as Record<string, unknown>, keys: JSON.stringify({ keys }) };
  const server = createServer((request, response) => {
    seen.push(request.url ?? '');
    const isKeys = request.url === '/keys';
    response.writeHead(state.status, { 'content-type': 'application/json' });
    response.end(isKeys ? state.keys : JSON.stringify({ issuer, jwks_uri: `${issuer}/keys`, ...state.discovered }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings: IssuerSettings = {
    issuer,
    audience: AUDIENCE,
    algorithms: ['RS256'],
    claims: { tenant: 'org', roles: 'roles', person: 'preferred_username' },
  };
  return { issuer, settings, keys, seen, state, server, ...pair };
}
export type Issuer = Awaited<ReturnType<typeof openIssuer>>;

/** What a token of this issuer says unless something else is wanted; `at` is now, milliseconds. */
export const claimsOf = ({ issuer }: Pick<Issuer, 'issuer'>, at: number): JWTPayload => {
  const now = Math.floor(at / 1000);
  return {
    iss: issuer,
    aud: AUDIENCE,
    sub: 'u-17',
    iat: now,
    exp: now + 300,
    org: 'north',
    roles: ['approver'],
    preferred_username: 'darius.wren',
  };
};

export const signed = (
  payload: JWTPayload,
  key: CryptoKey | Uint8Array,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> => new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: KID, ...header }).sign(key);
