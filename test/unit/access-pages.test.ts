import { describe, expect, it } from 'vitest';
import { frontDoor, ORIGIN, signedIn } from '../support/access.ts';

const START = '/v1/processes/x/cases';

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
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

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
