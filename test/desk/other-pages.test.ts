import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { frontDoor } from '../support/access.ts';
import { chromium, read, startBrowser } from '../support/browser.ts';

const START = '/v1/processes/x/cases';
const HTML = { 'content-type': 'text/html' };

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listening = (server: Server): Promise<Server> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));

/** An API with a page of its own, and whatever came through its door. */
async function startApi() {
  let answer: (request: Request) => Response | Promise<Response> = () => new Response('', { status: 503 });
  const server = (await listening(createAdaptorServer({ fetch: (request) => answer(request) }) as Server)) as Server;
  const url = `http://127.0.0.1:${portOf(server)}`;
  const door = await frontDoor({ publicUrl: url });
  const { key } = await door.key({ roles: ['requester', 'approver'], person: 'darius.wren' });
  const letIn: string[] = [];
  answer = async (request) => {
    if (new URL(request.url).pathname === '/desk/page') return new Response('<title>desk</title>', { headers: HTML });
    const given = await door.app.fetch(request);
    if (given.ok && request.url.includes('/v1/')) letIn.push(`${request.method} ${new URL(request.url).pathname}`);
    return given;
  };
  return { url, key, letIn, stop: () => void server.close() };
}

/** A page of somebody else, on this machine; `host` is the name by which the browser knows it. */
async function startElsewhere(host: string) {
  const server = await listening(
    createServer((_, response) => void response.writeHead(200, HTML).end('<title>elsewhere</title>')),
  );
  return { url: `http://${host}:${portOf(server)}/`, stop: () => void server.close() };
}

type Api = Awaited<ReturnType<typeof startApi>>;

/** What a page may try with the browser of somebody who is signed in at the desk. */
const ATTEMPTS: Readonly<Record<string, (api: Api) => string>> = {
  'a form': ({ url }) => form(`${url}${START}`, 'application/x-www-form-urlencoded'),
  'a form of plain text, which reads as JSON': ({ url }) => form(`${url}${START}`, 'text/plain'),
  'a form of parts': ({ url }) => form(`${url}${START}`, 'multipart/form-data'),
  'a call without leave': ({ url }) =>
    `fetch('${url}${START}', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }).catch(() => 0)`,
  'a call of JSON': ({ url }) =>
    `fetch('${url}${START}', { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' }).catch(() => 0)`,
  'a call that reads': ({ url }) => `fetch('${url}/v1/approvals', { credentials: 'include' }).catch(() => 0)`,
  'a call that reads without leave': ({ url }) =>
    `fetch('${url}/v1/approvals', { mode: 'no-cors', credentials: 'include' }).catch(() => 0)`,
  'a picture': ({ url }) =>
    `new Promise((done) => { const it = new Image(); it.onload = it.onerror = done; it.src = '${url}/v1/approvals'; }).then(() => 0)`,
  'a script': ({ url }) =>
    `new Promise((done) => { const it = document.createElement('script'); it.onload = it.onerror = done; it.src = '${url}/v1/me'; document.head.append(it); }).then(() => 0)`,
  events: ({ url }) =>
    `new Promise((done) => { const it = new EventSource('${url}/v1/approvals/events', { withCredentials: true }); it.onerror = it.onmessage = () => { it.close(); done(0); }; })`,
  'a beacon': ({ url }) =>
    `Promise.resolve(navigator.sendBeacon('${url}${START}', '{}')).then(() => new Promise((done) => setTimeout(done, 300)))`,
  'a sign-out': ({ url }) =>
    `fetch('${url}/desk/session', { method: 'DELETE', credentials: 'include' }).catch(() => 0)`,
};

/** Sends a form into a frame, and waits until something has come of it. */
const form = (action: string, type: string): string => `new Promise((done) => {
  const frame = document.createElement('iframe');
  frame.name = 'f' + Math.random();
  const it = document.createElement('form');
  Object.assign(it, { method: 'post', action: '${action}', enctype: '${type}', target: frame.name });
  it.innerHTML = '<input name=\\'{"a":"\\' value=\\'"}\\'>';
  document.body.append(frame, it);
  it.submit();
  setTimeout(() => done(0), 500);
})`;

const signIn = ({ key }: Api): string =>
  `fetch('/desk/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key: '${key}' }) }).then((answer) => answer.status)`;
const me = `fetch('/v1/me').then((answer) => answer.status)`;
const start = `fetch('${START}', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then((answer) => answer.status)`;

describe.skipIf(!chromium)('in the browser of somebody who is signed in (BA-87)', () => {
  let browser: Browser;
  let api: Api;
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    api = await startApi();
    page = await (await browser.createBrowserContext()).newPage();
    await page.goto(`${api.url}/desk/page`);
    expect(await read(page, signIn(api))).toBe(204);
  });
  afterEach(async () => {
    await page.browserContext().close();
    api.stop();
  });

  it("the desk's own page reads and acts, and no script of it sees the cookie", async () => {
    expect([await read(page, me), await read(page, start)]).toEqual([200, 200]);
    expect(api.letIn).toEqual(['GET /v1/me', `POST ${START}`]);
    expect(await read(page, 'document.cookie')).toBe('');
  });

  it('a page that was reached by a link from elsewhere, as from a mail, is signed in still', async () => {
    const elsewhere = await startElsewhere('localhost');
    await page.goto(elsewhere.url);
    await read(page, `void (document.body.innerHTML = '<a href="${api.url}/desk/page">open</a>')`);
    await Promise.all([page.waitForNavigation(), page.click('a')]);
    expect([await read(page, me), await read(page, start)]).toEqual([200, 200]);
    elsewhere.stop();
  });

  it.each(Object.entries(ATTEMPTS))(
    '%s by a page of another site, or of a port beside, does nothing',
    async (_, attempt) => {
      for (const host of ['localhost', '127.0.0.1']) {
        const elsewhere = await startElsewhere(host);
        await page.goto(elsewhere.url);
        await read(page, attempt(api));
        elsewhere.stop();
      }
      expect(api.letIn).toEqual([]);
      await page.goto(`${api.url}/desk/page`);
      expect(await read(page, me)).toBe(200);
    },
  );

  it("the desk stands in nobody's frame", async () => {
    const elsewhere = await startElsewhere('127.0.0.1');
    await page.goto(elsewhere.url);
    const loaded = `new Promise((done) => { const it = document.createElement('iframe'); it.onload = () => done(0); it.src = '${api.url}/desk/'; document.body.append(it); })`;
    await read(page, loaded);
    const framed = page.frames().filter((frame) => frame.parentFrame());
    expect(framed.map((frame) => frame.url())).not.toContain(`${api.url}/desk/`);
    elsewhere.stop();
  });
});
