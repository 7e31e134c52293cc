import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import type { ShownApproval } from '../../client/http/shapes.ts';
import { barriers, chromium, press, read, texts, until } from '../support/browser.ts';
import { type DeskFixture, keyOf } from '../support/desk-fixture.ts';
import { deskRequest } from '../support/desk-requests.ts';
import { deskTests } from '../support/desk-test.ts';

/** A request with all that one can have. */
function fullRequest(): ShownApproval {
  const at = new Date().toISOString();
  const { request } = deskRequest(3);
  return {
    ...deskRequest(3),
    document: {
      id: 'doc-17, version 3',
      url: '/v1/documents/17',
      differences: [{ path: '/sum', before: '12000', after: '14500' }],
    },
    request: {
      ...request,
      before: { ...request.call, homeMinor: 100 },
      remarks: [
        { at, by: 'ines.halvorsen', verdict: 'ask-info', words: 'Which trip was it?' },
        { at, by: 'lena.brandt', verdict: 'inform', words: 'The fair in Halifax.' },
      ],
      needed: 2,
      yeses: ['ruth.achterberg'],
      claimedBy: 'darius.wren',
    },
  };
}

const prepare = (desk: DeskFixture): void => {
  for (const [at, { case: caseId, run, process }] of [...desk.requests.values()].entries())
    desk.cases.push({
      case: caseId,
      run,
      process,
      stage: at % 3 ? 'ended' : 'waiting',
      ...(at % 3
        ? { outcome: at % 7 ? 'reimbursed' : 'failed', closedAt: new Date().toISOString() }
        : { waitingFor: 'manager' }),
      release: 'rel-7',
      costMicroUsd: 1_000 + at * 377,
      capMicroUsd: 18_000,
      startedAt: new Date(Date.now() - at * 3_000_000).toISOString(),
      durationMs: 2_000 + at * at * 9_000,
    });
};

/** Every view, and every dialog, as a person comes to it. */
const VIEWS: readonly { readonly name: string; readonly open: (page: Page, desk: DeskFixture) => Promise<void> }[] = [
  {
    name: 'list',
    open: async (page) => {
      await until(page, "document.activeElement.className === 'open'");
    },
  },
  {
    name: 'bulk',
    open: async (page) => {
      await press(page, 'x');
      await page.click('.bulk .answer.yes');
      await page.waitForSelector('dialog[open]');
    },
  },
  {
    name: 'request',
    open: async (page, desk) => {
      await press(page, 'Escape');
      await read(page, `void (location.hash = '#/approvals/${keyOf(full(desk))}')`);
      await page.waitForSelector('.decide');
    },
  },
  { name: 'confirm', open: (page) => pressAndWait(page, 'a') },
  { name: 'reject', open: (page) => pressAndWait(page, 'r') },
  { name: 'edit', open: (page) => pressAndWait(page, 'e') },
  { name: 'help', open: (page) => pressAndWait(page, '?') },
  {
    name: 'runs',
    open: async (page) => {
      await press(page, 'Escape');
      await read(page, "void (location.hash = '#/runs')");
      await page.waitForSelector('.runs tbody tr');
    },
  },
  {
    name: 'case',
    open: async (page) => {
      // Within one turn: the runs are read anew every few seconds, and a link may be gone before a mouse has come to it.
      await read(page, "document.querySelector('.runs tbody tr:nth-child(4) a').click()");
      await page.waitForSelector('.timeline');
    },
  },
];

const full = (desk: DeskFixture): ShownApproval => {
  const found = [...desk.requests.values()].find(({ document }) => document);
  if (!found) throw new Error('no full request');
  return found;
};

async function pressAndWait(page: Page, key: 'a' | 'r' | 'e' | '?'): Promise<void> {
  if (await page.$('dialog[open]')) await press(page, 'Escape');
  await press(page, key);
  await page.waitForSelector('dialog[open]');
}

const forty = () => [fullRequest(), ...Array.from({ length: 39 }, (_, at) => deskRequest(at + 4))];

describe.skipIf(!chromium)('how the desk looks, and to whom', () => {
  const withDesk = deskTests();

  it.each([
    { dark: false, width: 1440 },
    { dark: true, width: 1440 },
    { dark: false, width: 400 },
  ])('nothing keeps anybody out, in any view: %o (BA-87)', async ({ dark, width }) => {
    const folder = await mkdtemp(join(tmpdir(), 'desk-'));
    await withDesk(
      forty(),
      async ({ page, desk }) => {
        const found: Record<string, readonly string[]> = {};
        for (const { name, open } of VIEWS) {
          await open(page, desk);
          await page.screenshot({ path: join(folder, `${name}.png`) as `${string}.png` });
          found[name] = await barriers(page);
        }
        console.log(`screenshots of ${width} pixels, ${dark ? 'dark' : 'light'}: ${folder}`);
        expect(found).toEqual(Object.fromEntries(VIEWS.map(({ name }) => [name, []])));
      },
      { dark, width, prepare },
    );
  });

  it('nothing keeps anybody from signing in', () =>
    withDesk(
      [],
      async ({ page }) => {
        await page.waitForSelector('#key');
        expect(await barriers(page)).toEqual([]);
      },
      { signIn: false },
    ));

  it.each([
    { width: 320, what: 'a narrow screen' },
    { width: 720, what: 'a page at 200 %' },
  ])('needs no scrolling to the side on $what', ({ width }) =>
    withDesk(
      forty(),
      async ({ page, desk }) => {
        for (const { name, open } of VIEWS) {
          await open(page, desk);
          expect([name, await read(page, 'document.documentElement.scrollWidth <= innerWidth')]).toEqual([name, true]);
        }
      },
      { width, prepare },
    ),
  );

  it('is light or dark as the system is, until somebody chooses', () =>
    withDesk(
      forty(),
      async ({ page }) => {
        await page.waitForSelector('.row');
        const ground = 'getComputedStyle(document.body).backgroundColor';
        const dark = await read<string>(page, ground);
        await page.click('#theme');
        const light = await read<string>(page, ground);
        expect([dark, light]).toEqual(['rgb(17, 20, 26)', 'rgb(245, 246, 248)']);
        await page.reload();
        await page.waitForSelector('.row');
        expect(await read(page, ground)).toBe(light);
        expect(await read(page, "document.querySelector('#theme').innerText")).toBe('Light');
      },
      { dark: true },
    ));

  it('moves nothing for people who ask for that', () =>
    withDesk(forty(), async ({ page }) => {
      await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
      await page.waitForSelector('.row');
      const moves =
        "[...document.querySelectorAll('*')].filter((e) => parseFloat(getComputedStyle(e).transitionDuration) > 0).length";
      expect(await read(page, moves)).toBe(0);
    }));

  it('can be entered past the bar by a link, and shows where the focus is', () =>
    withDesk(forty(), async ({ page }) => {
      await until(page, "document.activeElement.className === 'open'");
      await read(page, 'document.activeElement.blur()');
      await read(page, "void document.querySelector('.skip').focus()");
      expect(await read(page, "document.querySelector('.skip').getBoundingClientRect().top >= 0")).toBe(true);
      await press(page, 'Enter');
      expect(await read(page, 'document.activeElement.id')).toBe('main');
      await press(page, 'Tab');
      expect(await read(page, 'getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    }));

  it('lists its keys on ?', () =>
    withDesk(forty(), async ({ page }) => {
      await page.waitForSelector('.row');
      await press(page, '?');
      await page.waitForSelector('dialog[open]');
      const keys = await texts(page, 'dialog dt kbd');
      expect(keys).toEqual(expect.arrayContaining(['j', 'k', '/', 'Enter', 'a', 'r', 'e', 'i', 'd', '?']));
    }));
});
