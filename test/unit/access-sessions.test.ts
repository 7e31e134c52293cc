import { describe, expect, it } from 'vitest';
import { revokeKey } from '../../client/http/access/keys.ts';
import { DESK, frontDoor, ORIGIN } from '../support/access.ts';
import { claimsOf, openIssuer, signed } from '../support/oidc-issuer.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START = '/v1/processes/x/cases';

/** A door, and a person who has signed in at the desk. */
async function signedIn(wanted: Parameters<typeof frontDoor>[0] = {}) {
  const door = await frontDoor(wanted);
  const made = await door.key({ roles: ['requester', 'approver'], person: 'darius.wren' });
  const { answer, cookie } = await door.signIn(made.key);
  const me = async (sent = cookie) => (await door.send('GET', '/v1/me', { cookie: sent })).status;
  const signOut = (sent = cookie) => door.send('DELETE', '/desk/session', { ...DESK, cookie: sent });
  return { ...door, ...made, answer, cookie, me, signOut };
}

describe('signing in at the desk', () => {
  it('gives a cookie that no script reads and no other site sends', async () => {
    const { answer, cookie, me } = await signedIn();
    expect(answer.status).toBe(204);
    const attributes = (answer.headers.get('set-cookie') ?? '').split('; ').slice(1);
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=28800', 'Path=/', 'SameSite=Strict']);
    expect(cookie).toMatch(/^governor-7300=[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/);
    expect(await me()).toBe(200);
  });

  it('over https gives one that belongs to this host alone and never goes in clear', async () => {
    const door = await frontDoor({ publicUrl: 'https://governor.example', host: '0.0.0.0' });
    const { key } = await door.key({});
    const headers = { ...DESK, origin: 'https://governor.example' };
    const answer = await door.send('POST', '/desk/session', headers, JSON.stringify({ key }));
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^__Host-governor=/);
    expect(cookie.split('; ').slice(1).sort()).toEqual([
      'HttpOnly',
      'Max-Age=28800',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ]);
  });

  it('takes a token of the issuer too, and ends with it', async () => {
    const issuer = await openIssuer();
    const door = await frontDoor({ issuer: issuer.settings });
    const token = await signed(claimsOf(issuer, door.clock.at), issuer.privateKey);
    const { answer, cookie } = await door.signIn(token);
    expect(answer.headers.get('set-cookie')).toContain('Max-Age=300');
    const me = async () => (await door.send('GET', '/v1/me', { cookie })).status;
    expect(await me()).toBe(200);
    door.clock.at += 5 * MINUTE_MS;
    expect(await me()).toBe(401);
  });

  it.each(['', '{}', '{"key":""}', '{"key":7}', '{"key":"gov_000000000000_x"}', '{"key":"x","more":1}', 'null', '[]'])(
    'with %j gives nothing',
    async (body) => {
      const { send } = await frontDoor();
      const answer = await send('POST', '/desk/session', DESK, body);
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    },
  );

  it('answers the page alone', async () => {
    const { key, send } = await frontDoor();
    const body = JSON.stringify({ key: (await key({})).key });
    const { origin: _, ...noOrigin } = DESK;
    for (const headers of [
      noOrigin,
      { ...DESK, origin: 'https://evil.example' },
      { ...DESK, 'sec-fetch-site': 'cross-site' },
    ]) {
      expect((await send('POST', '/desk/session', headers, body)).status).toBe(403);
    }
  });
});

describe("a session's end (BA-87)", () => {
  it('comes when the person signs out, and its cookie is good no more, wherever it went', async () => {
    const { me, signOut } = await signedIn();
    const answer = await signOut();
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
      204,
      'governor-7300=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0',
    ]);
    expect(await me()).toBe(401);
    expect(await me()).toBe(401);
  });

  it('comes after an hour without a request', async () => {
    const { clock, me } = await signedIn();
    clock.at += HOUR_MS - 1;
    expect(await me()).toBe(200);
    clock.at += HOUR_MS - 1;
    expect(await me()).toBe(200);
    clock.at += HOUR_MS;
    expect(await me()).toBe(401);
  });

  it('comes after eight hours, however busy', async () => {
    const { clock, me } = await signedIn();
    for (let half = 1; half < 16; half += 1) {
      clock.at += HOUR_MS / 2;
      expect(await me()).toBe(200);
    }
    clock.at += HOUR_MS / 2;
    expect(await me()).toBe(401);
  });

  it('comes with the end of its key, by expiry or by revocation', async () => {
    const { key, signIn, send, clock, keysFile } = await frontDoor();
    const short = await key({ days: 1 });
    clock.at += 24 * HOUR_MS - 10 * MINUTE_MS;
    const { cookie } = await signIn(short.key);
    const me = async (sent: string) => (await send('GET', '/v1/me', { cookie: sent })).status;
    expect(await me(cookie)).toBe(200);
    clock.at += 10 * MINUTE_MS;
    expect(await me(cookie)).toBe(401);

    const other = await key({});
    const session = await signIn(other.key);
    expect(await me(session.cookie)).toBe(200);
    await revokeKey(keysFile, other.record.id);
    expect(await me(session.cookie)).toBe(401);
  });

  it('comes to the oldest of more than ten of one person', async () => {
    const { signIn, key, me } = await signedIn();
    const cookies: string[] = [];
    for (let at = 0; at < 10; at += 1) cookies.push((await signIn(key)).cookie);
    expect(await me()).toBe(401);
    expect(await Promise.all(cookies.map(me))).toEqual(cookies.map(() => 200));
  });

  it('does not end the session of somebody else', async () => {
    const { me, cookie, key, signIn } = await signedIn();
    const other = await frontDoor();
    expect((await other.send('DELETE', '/desk/session', { ...DESK, cookie })).status).toBe(204);
    const second = await signIn(key);
    expect([await me(), await me(second.cookie)]).toEqual([200, 200]);
  });
});

describe('a cookie that the desk has not given (BA-87)', () => {
  it('is not taken over when somebody signs in with it', async () => {
    const { signIn, key, cookie, me } = await signedIn();
    const planted = `governor-7300=${'A'.repeat(43)}.${'A'.repeat(43)}`;
    const { cookie: fresh } = await signIn(key, planted);
    expect(fresh).not.toBe(planted);
    expect(await me(planted)).toBe(401);
    const again = await signIn(key, cookie);
    expect(again.cookie).not.toBe(cookie);
    expect([await me(cookie), await me(again.cookie)]).toEqual([401, 200]);
  });

  const value = (cookie: string) => cookie.slice(cookie.indexOf('=') + 1);
  const half = (cookie: string, at: number) => value(cookie).split('.')[at] ?? '';
  const FORGED: Readonly<Record<string, (cookie: string, other: string) => string>> = {
    'no signature': (cookie) => `governor-7300=${half(cookie, 0)}`,
    'an empty signature': (cookie) => `governor-7300=${half(cookie, 0)}.`,
    "another session's signature": (cookie, other) => `governor-7300=${half(cookie, 0)}.${half(other, 1)}`,
    'a signature cut short': (cookie) => cookie.slice(0, -1),
    'a part more': (cookie) => `${cookie}.x`,
    'another name': (cookie) => `governor=${value(cookie)}`,
    "another house's name": (cookie) => `governor-7301=${value(cookie)}`,
    'the name of https': (cookie) => `__Host-governor=${value(cookie)}`,
    'capital letters in the name': (cookie) => `GOVERNOR-7300=${value(cookie)}`,
    'the cookie twice': (cookie) => `${cookie}; ${cookie}`,
    'one before it that another page has put there': (cookie, other) => `${other}; ${cookie}`,
    'quotes around it': (cookie) => `governor-7300="${value(cookie)}"`,
    'the key itself': () => 'governor-7300=gov_000000000000_x',
    nothing: () => 'governor-7300=',
  };

  it.each(Object.entries(FORGED))('%s is nobody', async (_, forge) => {
    const { signIn, key, cookie, me } = await signedIn();
    const other = await signIn(key);
    expect(await me(forge(cookie, other.cookie))).toBe(401);
    expect(await me()).toBe(200);
  });

  it('does not make up for a header that is no good', async () => {
    const { send, cookie } = await signedIn();
    expect((await send('GET', '/v1/me', { cookie, authorization: 'Bearer gov_none' })).status).toBe(401);
  });
});

describe('what another page makes a browser send (BA-87)', () => {
  const same = { origin: ORIGIN, 'sec-fetch-site': 'same-origin' };
  const NOT_OURS: readonly (readonly [string, string, Record<string, string>])[] = [
    ['a form of another site', 'POST', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a form of another port', 'POST', { origin: 'http://127.0.0.1:8233', 'sec-fetch-site': 'same-site' }],
    ['a script that claims our origin from another site', 'POST', { ...same, 'sec-fetch-site': 'cross-site' }],
    ['a script that claims our origin from a port beside', 'POST', { ...same, 'sec-fetch-site': 'same-site' }],
    ['another origin that claims to be the same', 'POST', { ...same, origin: 'https://evil.example' }],
    ['a sandboxed frame', 'POST', { ...same, origin: 'null' }],
    ['a request without an origin', 'POST', { 'sec-fetch-site': 'same-origin' }],
    ['a request without fetch metadata', 'POST', { origin: ORIGIN }],
    ['a request without either', 'POST', {}],
    ['an address that was typed, without an origin', 'POST', { 'sec-fetch-site': 'none' }],
    ['our name in another domain', 'POST', { ...same, origin: 'http://127.0.0.1:7300.evil.example' }],
    ['our name behind another one', 'POST', { ...same, origin: 'http://evil.example/127.0.0.1:7300' }],
    ['our origin with a path', 'POST', { ...same, origin: `${ORIGIN}/` }],
    ['our origin with a user', 'POST', { ...same, origin: 'http://desk@127.0.0.1:7300' }],
    ['our host over https', 'POST', { ...same, origin: 'https://127.0.0.1:7300' }],
    ['our host on the usual port', 'POST', { ...same, origin: 'http://127.0.0.1' }],
    ['two origins', 'POST', { ...same, origin: `${ORIGIN} https://evil.example` }],
    ['fetch metadata that nobody knows', 'POST', { ...same, 'sec-fetch-site': 'same-originish' }],
    ['fetch metadata in capital letters', 'POST', { ...same, 'sec-fetch-site': 'Same-Origin' }],
    ['a referrer instead of an origin', 'POST', { 'sec-fetch-site': 'same-origin', referer: `${ORIGIN}/desk/` }],
    ['a method override', 'POST', { 'sec-fetch-site': 'cross-site', 'x-http-method-override': 'GET' }],
    ['a read by another site', 'GET', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a read by the page on a port beside', 'GET', { 'sec-fetch-site': 'same-site' }],
    ['a read by an origin of its own', 'GET', { origin: 'null' }],
  ];

  it('there are twenty and more', () => expect(NOT_OURS.length).toBeGreaterThanOrEqual(20));

  it.each(NOT_OURS)('%s does nothing', async (_, method, headers) => {
    const { send, cookie, log } = await signedIn();
    const path = method === 'GET' ? '/v1/approvals' : START;
    const answer = await send(method, path, { ...headers, cookie });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ title: 'This did not come from the desk' });
    expect(log.at(-1)?.fields).toMatchObject({ why: 'cookie from another site' });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each(NOT_OURS.filter(([, method]) => method === 'POST'))('%s signs nobody out', async (_, __, headers) => {
    const { send, cookie, me } = await signedIn();
    expect((await send('DELETE', '/desk/session', { ...headers, cookie })).status).toBe(403);
    expect(await me()).toBe(200);
  });

  it('the page itself reads and acts', async () => {
    const { send, cookie } = await signedIn();
    expect((await send('POST', START, { ...same, cookie })).status).toBe(200);
    expect((await send('GET', '/v1/approvals', { 'sec-fetch-site': 'same-origin', cookie })).status).toBe(200);
    const local = { origin: 'http://localhost:7300', 'sec-fetch-site': 'same-origin', cookie };
    expect((await send('POST', START, local)).status).toBe(200);
  });

  it('a key in the header is not a matter of pages', async () => {
    const { send, key } = await signedIn();
    const headers = { authorization: `Bearer ${key}`, origin: 'https://app.example', 'sec-fetch-site': 'cross-site' };
    expect((await send('POST', START, headers)).status).toBe(200);
  });

  it('asked before, by whatever page, promises nothing', async () => {
    const { send } = await signedIn();
    const asked = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const answer = await send('OPTIONS', START, asked);
    expect(answer.ok).toBe(false);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('a name that somebody else points to this machine', () => {
  it.each(['evil.example', 'evil.example:7300', '127.0.0.1:7301', '127.0.0.1', 'localhost.evil.example:7300', ''])(
    '%s is not ours',
    async (host) => {
      const { send, key } = await signedIn();
      const answer = await send('GET', '/v1/me', { host, authorization: `Bearer ${key}` });
      expect(answer.status).toBe(421);
    },
  );

  it.each(['127.0.0.1:7300', 'localhost:7300', 'LOCALHOST:7300', '[::1]:7300'])('%s is', async (host) => {
    const { send, key } = await signedIn();
    expect((await send('GET', '/v1/me', { host, authorization: `Bearer ${key}` })).status).toBe(200);
  });
});

describe('every answer', () => {
  const POLICY =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  it.each(['/desk/', '/v1/me', '/health', '/none', '/v1/openapi.json'])(
    '%s tells a browser to run, frame and guess nothing',
    async (path) => {
      const { headers } = await (await frontDoor()).send('GET', path);
      expect(headers.get('content-security-policy')).toBe(POLICY);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('strict-transport-security')).toBeNull();
    },
  );

  it('of the API is kept by nobody, and over https comes over https ever after', async () => {
    const { send } = await frontDoor({ publicUrl: 'https://governor.example', host: '0.0.0.0' });
    const { headers } = await send('GET', '/v1/me');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
  });
});
