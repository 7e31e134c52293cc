import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, press, startBrowser, texts, until } from '../support/browser.ts';
import { type HttpRig, startHttpRig, waitingCase } from '../support/http-rig.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'client', 'desk', 'page');
const OWN = 'http://127.0.0.1:7300';

/** Serves the rig to a browser on a port of its own, as a proxy before it does. */
async function serve({ http }: HttpRig): Promise<{ url: string; stop: () => void }> {
  const fetch = (request: Request): Response | Promise<Response> => {
    const headers = new Headers(request.headers);
    headers.set('host', new URL(OWN).host);
    if (headers.get('origin') === url) headers.set('origin', OWN);
    const { pathname, search } = new URL(request.url);
    const body = request.method === 'POST' ? { body: request.body, duplex: 'half' as const } : {};
    return http.app.request(`${OWN}${pathname}${search}`, { method: request.method, headers, ...body });
  };
  const server = createAdaptorServer({ fetch }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url, stop };
}

describe.skipIf(!chromium)('the desk over the real API and real cases', () => {
  let browser: Browser;
  let rig: HttpRig;
  let door: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    [browser, rig] = await Promise.all([startBrowser(), startHttpRig({ deskDir: PAGE })]);
    door = await serve(rig);
  });
  afterAll(async () => {
    await browser?.close();
    door?.stop();
    await rig?.stop();
  });

  async function signIn(name: string, hash = ''): Promise<{ page: Page; errors: string[] }> {
    const page = await (await browser.createBrowserContext()).newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${door.url}/desk/${hash}`);
    await page.waitForSelector('#key');
    await page.type('#key', rig.keys.get(name) ?? '');
    await press(page, 'Enter');
    await until(page, "document.querySelector('#live').innerText === 'live'");
    return { page, errors };
  }

  it('shows a request within two seconds, takes a signed yes by the keyboard, and tells the second person who was faster (BA-87)', async () => {
    const carla = await signIn('carla');
    await until(carla.page, "document.querySelector('.empty') !== null");
    const { id, request } = await waitingCase(rig);
    const seen = await until(carla.page, "document.querySelectorAll('.row').length === 1");
    expect(seen).toBeLessThan(2000);
    console.log(`a new request was on the page ${Math.round(seen)} ms after the case waited`);

    const link = `#/approvals/${encodeURIComponent(id)}/${encodeURIComponent(request.approval)}`;
    const cleo = await signIn('cleo', link);
    await cleo.page.waitForSelector('.decide [data-verdict=approve]');

    await press(carla.page, 'j', 'Enter');
    await carla.page.waitForSelector('.decide');
    expect(await texts(carla.page, 'h1')).toEqual([request.asks]);
    await press(carla.page, 'a');
    await carla.page.waitForSelector('dialog[open]');
    await press(carla.page, 'Tab', 'Enter');
    const gone = until(cleo.page, "document.querySelector('.decide .refusal') !== null");
    await until(carla.page, "document.querySelector('#toast').innerText === 'Sent: Approve'");
    expect(await gone).toBeLessThan(3000);
    expect(await texts(cleo.page, '.decide button')).toEqual([]);

    const result = await (await rig.call('shop', 'GET', `/v1/cases/${id}/result?wait=20`)).json();
    expect(result).toMatchObject({ outcome: 'onboarded' });
    expect([...carla.errors, ...cleo.errors, ...rig.complaints]).toEqual([]);
  });

  it('tells whoever is not asked why, and takes nothing from them', async () => {
    const { id, request } = await waitingCase(rig, { requestId: 'desk-refused' });
    const mia = await signIn('mia', `#/approvals/${encodeURIComponent(id)}/${encodeURIComponent(request.approval)}`);
    await mia.page.waitForSelector('.refusal');
    expect(await texts(mia.page, '.refusal')).toEqual([
      expect.stringMatching(/^You cannot answer this\. Only somebody/),
    ]);
    expect(await texts(mia.page, '.decide .answer')).toEqual([]);
    await rig.call('omar', 'POST', `/v1/cases/${id}/cancel`);
    expect(mia.errors).toEqual([]);
  });

  it('closes the form that one person fills in when another has decided meanwhile', async () => {
    const { id, request } = await waitingCase(rig, { requestId: 'desk-edited' });
    const link = `#/approvals/${encodeURIComponent(id)}/${encodeURIComponent(request.approval)}`;
    const carla = await signIn('carla', link);
    await carla.page.waitForSelector('.decide');
    await press(carla.page, 'e');
    await carla.page.waitForSelector('dialog .field');
    const [name = ''] = request.editable;
    expect(name).not.toBe('');
    await carla.page.waitForSelector(`#field-${name}`);
    const cleo = await signIn('cleo', link);
    await cleo.page.waitForSelector('.decide');
    await press(cleo.page, 'r');
    await cleo.page.waitForSelector('#reason');
    await cleo.page.type('#reason', 'the plan is not theirs');
    await cleo.page.click('dialog button[type=submit]');
    await until(cleo.page, "document.querySelector('#toast').innerText === 'Sent: Reject'");
    // The form of the other person closes: what it was about is decided.
    await until(carla.page, "document.querySelector('dialog[open]') === null");
    expect([...carla.errors, ...cleo.errors]).toEqual([]);
  });
});
