import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, openPage, press, read, signInByHand, startBrowser, texts, until } from '../support/browser.ts';
import { type DeskFixture, keyOf, startDesk } from '../support/desk-fixture.ts';
import { deskRequest } from '../support/desk-requests.ts';

describe.skipIf(!chromium)('signing in to the desk', () => {
  let browser: Browser;
  let desk: DeskFixture;
  beforeAll(async () => {
    browser = await startBrowser();
    desk = await startDesk([deskRequest(1), deskRequest(2)]);
  });
  afterAll(async () => {
    await browser?.close();
    await desk?.stop();
  });

  it('takes a key, keeps it nowhere on the page, and ends with a click', async () => {
    const { page, errors, close } = await openPage(browser, desk, { signIn: false });
    await page.waitForSelector('#key');
    await page.type('#key', 'no such key');
    await press(page, 'Enter');
    await until(page, "document.querySelector('.problem')?.innerText.includes('not known')");
    await read(page, "document.querySelector('#key').select()");
    await signInByHand(page);
    await page.waitForSelector('.row');
    expect(await texts(page, '#who')).toEqual(['darius.wren']);
    expect(await read(page, 'JSON.stringify({ ...localStorage }) + document.cookie')).toBe('{}');
    await page.click('#sign-out');
    await page.waitForSelector('#key');
    expect(await read(page, "document.querySelectorAll('.row').length")).toBe(0);
    expect(errors).toEqual([]);
    await close();
  });

  it('is asked for again when the session has ended, and then goes on at the same request', async () => {
    const [request] = desk.requests.values();
    if (!request) throw new Error('no request');
    const { page, errors, close } = await openPage(browser, desk, { hash: `#/approvals/${keyOf(request)}` });
    await page.waitForSelector('.decide');
    await press(page, 'r');
    await page.waitForSelector('#reason');
    await page.type('#reason', 'not ours');
    desk.expired = true;
    // Unless what the page reads by itself has heard of the end already, and the dialog is gone.
    await read(page, "document.querySelector('dialog button[type=submit]')?.click()");
    await signInByHand(page);
    await page.waitForSelector('.decide');
    expect(await texts(page, 'h1')).toEqual([request.request.asks]);
    expect(desk.said).toEqual([]);
    expect(errors).toEqual([]);
    await close();
  });

  it('goes on to the request that a link in a mail has named, and decides nothing by it', async () => {
    const [request] = desk.requests.values();
    if (!request) throw new Error('no request');
    const hash = `#/approvals/${keyOf(request)}`;
    const { page, errors, close } = await openPage(browser, desk, { signIn: false, hash });
    await signInByHand(page);
    await page.waitForSelector('.decide');
    expect(await texts(page, 'h1')).toEqual([request.request.asks]);
    expect(desk.said).toEqual([]);
    expect(errors).toEqual([]);
    await close();
  });
});
