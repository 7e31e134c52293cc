import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { revokeKey } from '../../client/http/access/keys.ts';
import { DESK, frontDoor, signedIn } from '../support/access.ts';
import { claimsOf, openIssuer, signed } from '../support/oidc-issuer.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

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

  it('is over at once for who sends more than a key', async () => {
    const { send } = await frontDoor();
    const answer = await send('POST', '/desk/session', DESK, JSON.stringify({ key: 'x'.repeat(10_000) }));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([413, 'application/problem+json']);
  });

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

  it('is not put off by a page that was left open and asks for events', async () => {
    const { clock, send, cookie, me } = await signedIn();
    for (const path of ['/v1/approvals/events', '/v1/cases/own-1/events']) {
      clock.at += HOUR_MS / 3;
      expect([path, (await send('GET', path, { cookie })).status]).not.toEqual([path, 401]);
    }
    clock.at += HOUR_MS / 3;
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

  it('of a role comes as soon as the key has it no more, in the midst of a session', async () => {
    const { send, cookie, keysFile, record } = await signedIn();
    const list = async () => (await send('GET', '/v1/decisions', { cookie })).status;
    expect(await list()).toBe(200);
    await writeFile(keysFile, JSON.stringify({ keys: [{ ...record, roles: ['requester'] }] }));
    expect(await list()).toBe(403);
    await writeFile(keysFile, JSON.stringify({ keys: [{ ...record, tenant: 'south' }] }));
    expect((await send('GET', '/v1/cases/own-1', { cookie })).status).toBe(404);
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
