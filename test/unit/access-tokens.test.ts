import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTokenVerifier } from '../../client/http/access/tokens.ts';
import { frontDoor } from '../support/access.ts';
import { claimsOf, type Issuer, KID, openIssuer, signed } from '../support/oidc-issuer.ts';

async function doorOfAnIssuer(change: Partial<Issuer['settings']> = {}) {
  const issuer = await openIssuer();
  const door = await frontDoor({ issuer: { ...issuer.settings, ...change } });
  const me = (token: string) => door.send('GET', '/v1/me', { authorization: `Bearer ${token}` });
  return { issuer, ...door, me, claims: claimsOf(issuer, door.clock.at) };
}
type Door = Awaited<ReturnType<typeof doorOfAnIssuer>>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const good = ({ issuer, claims }: Door) => signed(claims, issuer.privateKey);
const saying = (door: Door, change: JWTPayload) => signed({ ...door.claims, ...change }, door.issuer.privateKey);
const headed = (door: Door, header: Record<string, unknown>) => signed(door.claims, door.issuer.privateKey, header);
const without = async (door: Door, name: string) => {
  const { [name]: _, ...rest } = door.claims;
  return signed(rest, door.issuer.privateKey);
};
const now = ({ clock }: Door) => Math.floor(clock.at / 1000);

/** A key of the attacker, and where it could be fetched. */
async function foreignKeys() {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: KID, alg: 'RS256', use: 'sig' };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { ...pair, jwk, asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json` };
}

const ATTACKS: Readonly<Record<string, (door: Door) => Promise<string>>> = {
  'alg none, unsigned': async ({ claims }) => `${encode({ alg: 'none' })}.${encode(claims)}.`,
  'alg None, unsigned': async ({ claims }) => `${encode({ alg: 'None', kid: KID })}.${encode(claims)}.`,
  'alg none over a good signature': async (door) => {
    const [, payload, signature] = (await good(door)).split('.');
    return `${encode({ alg: 'none', kid: KID })}.${payload}.${signature}`;
  },
  'no algorithm': async (door) => {
    const [, payload, signature] = (await good(door)).split('.');
    return `${encode({ kid: KID })}.${payload}.${signature}`;
  },
  'HS256 with the public key as the secret': async ({ issuer, claims }) =>
    signed(claims, new TextEncoder().encode(await exportSPKI(issuer.publicKey)), { alg: 'HS256' }),
  'HS256 with the key set as the secret': async ({ issuer, claims }) =>
    signed(claims, new TextEncoder().encode(JSON.stringify({ keys: issuer.keys })), { alg: 'HS256' }),
  'another algorithm of the same key': async ({ issuer, claims }) => {
    const jwk = await exportJWK(issuer.privateKey);
    const key = await crypto.subtle.importKey('jwk', jwk, { name: 'RSA-PSS', hash: 'SHA-256' }, false, ['sign']);
    return signed(claims, key, { alg: 'PS256' });
  },
  "a stranger's key under the known id": async ({ claims }) => signed(claims, (await foreignKeys()).privateKey),
  "a stranger's key under an unknown id": async ({ claims }) =>
    signed(claims, (await foreignKeys()).privateKey, { kid: 'key-2' }),
  'a key id that is a path': (door) => headed(door, { kid: '../../../../dev/null' }),
  'a key id that is a query': (door) => headed(door, { kid: "x' union select 'key" }),
  'a key id of an object': (door) => headed(door, { kid: '__proto__' }),
  'its own key in the header': async ({ claims }) => {
    const { privateKey, jwk } = await foreignKeys();
    return signed(claims, privateKey, { jwk });
  },
  'the address of its own keys in the header': async ({ claims }) => {
    const { privateKey, url } = await foreignKeys();
    return signed(claims, privateKey, { jku: url });
  },
  'a good signature with an address of keys in the header': async (door) =>
    headed(door, { jku: (await foreignKeys()).url }),
  'a certificate in the header': (door) => headed(door, { x5c: ['MIIB'] }),
  'the address of a certificate in the header': (door) => headed(door, { x5u: 'https://elsewhere.example/c.pem' }),
  'an extension that has to be understood': async (door) => {
    const [header = '', payload, signature] = (await good(door)).split('.');
    const plain = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
    return `${encode({ ...plain, crit: ['b64'], b64: false })}.${payload}.${signature}`;
  },
  'another issuer': (door) => saying(door, { iss: 'https://elsewhere.example' }),
  'the issuer with a slash more': (door) => saying(door, { iss: `${door.issuer.issuer}/` }),
  'the issuer in a list': (door) => saying(door, { iss: [door.issuer.issuer] as unknown as string }),
  'no issuer': (door) => without(door, 'iss'),
  'another audience': (door) => saying(door, { aud: 'billing' }),
  'an audience that only begins like ours': (door) => saying(door, { aud: 'governor-desk' }),
  'no audience': (door) => without(door, 'aud'),
  'an end in the past': (door) => saying(door, { exp: now(door) - 31 }),
  'no end': (door) => without(door, 'exp'),
  'an end that is a word': (door) => saying(door, { exp: 'never' as unknown as number }),
  'a beginning in the future': (door) => saying(door, { nbf: now(door) + 31 }),
  'made in the future': (door) => saying(door, { iat: now(door) + 60 }),
  'made two days ago and good for years': (door) => saying(door, { iat: now(door) - 172_800, exp: now(door) + 1e8 }),
  'no instant of making': (door) => without(door, 'iat'),
  'no subject': (door) => without(door, 'sub'),
  'an empty subject': (door) => saying(door, { sub: '' }),
  'a subject without end': (door) => saying(door, { sub: 'u'.repeat(256) }),
  'no tenant, where tenants are told apart': (door) => without(door, 'org'),
  'a tenant that is a list': (door) => saying(door, { org: ['north', 'south'] }),
  'a tenant with a path in it': (door) => saying(door, { org: '../north' }),
  'a changed payload': async (door) => {
    const [header, , signature] = (await good(door)).split('.');
    return `${header}.${encode({ ...door.claims, roles: ['admin'] })}.${signature}`;
  },
  'no signature': async (door) => (await good(door)).replace(/[^.]+$/, ''),
  'a signature cut short': async (door) => (await good(door)).slice(0, -4),
  'two parts': async (door) => (await good(door)).split('.').slice(0, 2).join('.'),
  'four parts': async (door) => `${await good(door)}.AAAA`,
  'five parts, as if encrypted': async (door) => `${await good(door)}.AAAA.AAAA`,
  'a payload that is no object': async ({ issuer }) => {
    const { CompactSign } = await import('jose');
    return new CompactSign(new TextEncoder().encode('["admin"]'))
      .setProtectedHeader({ alg: 'RS256', kid: KID })
      .sign(issuer.privateKey);
  },
  'more bytes than a token has': (door) => saying(door, { note: 'x'.repeat(9000) }),
};

describe('a token of the issuer', () => {
  it('says who calls, of which tenant, in which roles and as which person', async () => {
    const door = await doorOfAnIssuer();
    expect((await door.me(await good(door))).status).toBe(200);
    const token = await good(door);
    const request = new Request('http://127.0.0.1:7300/v1/me', { headers: { authorization: `Bearer ${token}` } });
    expect(await door.access.authenticate(request)).toEqual({
      sub: 'darius.wren',
      tenant: 'north',
      roles: ['approver'],
      person: 'darius.wren',
      via: 'jwt',
    });
  });

  const identify = async (settings: Partial<Issuer['settings']>, change: JWTPayload) => {
    const issuer = await openIssuer();
    const token = await signed({ ...claimsOf(issuer, Date.now()), ...change }, issuer.privateKey);
    return (await createTokenVerifier({ ...issuer.settings, ...settings })(token))?.principal;
  };

  it('may say its roles in words or inside other claims; what is no role of ours is none', async () => {
    const claims = { roles: 'realm_access.roles', person: 'preferred_username' };
    expect(await identify({ claims }, { realm_access: { roles: ['viewer', 'root', 7, 'viewer'] } })).toMatchObject({
      tenant: 'default',
      roles: ['viewer'],
    });
    expect((await identify({}, { roles: 'openid viewer auditor' }))?.roles).toEqual(['viewer', 'auditor']);
    expect((await identify({}, { roles: { admin: true } }))?.roles).toEqual([]);
    const url = { roles: 'https://governor.example/roles', person: 'preferred_username' };
    expect((await identify({ claims: url }, { 'https://governor.example/roles': ['admin'] }))?.roles).toEqual([
      'admin',
    ]);
  });

  it('names a person only by an address that was confirmed, and by no name that a directory could not have', async () => {
    const claims = { roles: 'roles', person: 'email' };
    expect(await identify({ claims }, { email: 'darius.wren', email_verified: false })).toMatchObject({
      sub: 'oidc:u-17',
    });
    expect(await identify({}, { preferred_username: 'oidc:u-18' })).toMatchObject({ sub: 'oidc:u-17' });
    expect(await identify({}, { preferred_username: ['darius.wren'] })).not.toHaveProperty('person');
  });

  it("can't pass for a person by its subject", async () => {
    expect((await identify({}, { sub: 'ruth.achterberg', preferred_username: undefined }))?.sub).toBe(
      'oidc:ruth.achterberg',
    );
  });

  it.each([-30, 30])('is good while clocks are %s seconds apart', async (apart) => {
    const door = await doorOfAnIssuer();
    const edge = apart < 0 ? { exp: now(door) - 29 } : { nbf: now(door) + 29 };
    expect((await door.me(await saying(door, edge))).status).toBe(200);
  });

  it('means nothing where no issuer is named', async () => {
    const { send } = await frontDoor();
    const issuer = await openIssuer();
    const token = await signed(claimsOf(issuer, Date.now()), issuer.privateKey);
    expect((await send('GET', '/v1/me', { authorization: `Bearer ${token}` })).status).toBe(401);
    expect(issuer.seen).toEqual([]);
  });
});

describe('a token that is forged, meant for others, or over (BA-87)', () => {
  it('there are forty and more', () => expect(Object.keys(ATTACKS).length).toBeGreaterThanOrEqual(40));

  it.each(Object.entries(ATTACKS))('%s lets nobody in', async (_, attack) => {
    const door = await doorOfAnIssuer();
    const token = await attack(door);
    const answer = await door.me(token);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain(token.slice(-20) || 'never');
    expect(JSON.stringify(door.log)).not.toContain('darius');
    expect((await door.me(await good(door))).status).toBe(200);
  });

  it('fetches nothing that a token names', async () => {
    const door = await doorOfAnIssuer();
    const { asked, url, privateKey, jwk } = await foreignKeys();
    for (const header of [{ jku: url }, { x5u: url }, { jwk, jku: url }]) {
      await door.me(await signed(door.claims, privateKey, header));
    }
    expect(asked).toEqual([]);
    expect(door.issuer.seen).toEqual([]);
  });
});

describe('the issuer', () => {
  it('that can not be reached is told as that, and not as a bad token; keys go on', async () => {
    const door = await doorOfAnIssuer();
    door.issuer.state.status = 500;
    const answer = await door.me(await good(door));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    const { key } = await door.key({});
    expect((await door.me(key)).status).toBe(200);
    door.issuer.state.status = 200;
    expect((await door.me(await good(door))).status).toBe(200);
  });

  it.each([
    ['answers with an error', { status: 500 }],
    ['says no keys', { keys: '{"no":"keys"}' }],
    ['says no JSON', { keys: '<html>' }],
  ])('whose address of keys %s is out of reach too', async (_, broken) => {
    const issuer = await openIssuer();
    const door = await frontDoor({ issuer: { ...issuer.settings, jwksUrl: `${issuer.issuer}/keys` } });
    Object.assign(issuer.state, broken);
    const token = await signed(claimsOf(issuer, door.clock.at), issuer.privateKey);
    expect((await door.send('GET', '/v1/me', { authorization: `Bearer ${token}` })).status).toBe(503);
  });

  it('that does not listen at all is out of reach', async () => {
    const issuer = await openIssuer();
    const door = await frontDoor({ issuer: { ...issuer.settings, jwksUrl: 'http://127.0.0.1:1/keys' } });
    const token = await signed(claimsOf(issuer, door.clock.at), issuer.privateKey);
    expect((await door.send('GET', '/v1/me', { authorization: `Bearer ${token}` })).status).toBe(503);
  });

  it.each([
    ['is of another issuer', { issuer: 'https://elsewhere.example' }],
    ['names no keys', { jwks_uri: undefined }],
    ['has keys behind another protocol', { jwks_uri: 'file:///etc/passwd' }],
  ])('whose discovery document %s has no keys for us', async (_, discovered) => {
    const door = await doorOfAnIssuer();
    door.issuer.state.discovered = discovered;
    expect((await door.me(await good(door))).status).toBe(503);
  });

  it('whose keys lie at a named address is not asked where they are', async () => {
    const issuer = await openIssuer();
    const door = await frontDoor({ issuer: { ...issuer.settings, jwksUrl: `${issuer.issuer}/keys` } });
    const token = await signed(claimsOf(issuer, door.clock.at), issuer.privateKey);
    expect((await door.send('GET', '/v1/me', { authorization: `Bearer ${token}` })).status).toBe(200);
    expect(issuer.seen).toEqual(['/keys']);
  });
});
