import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import puppeteer, { type Browser, type KeyInput, type Page } from 'puppeteer-core';
import { type DeskFixture, KEY } from './desk-fixture.ts';

/** What `npm test` has put here: a link to the browser of this machine, or one that an npm package brings along. */
const FOLDER = fileURLToPath(new URL('../../.governor/browser/', import.meta.url));
const LIBRARIES = join(FOLDER, 'al2023', 'lib');

/** The browser, or nothing; CHROMIUM names another one. */
export const chromium = [process.env['CHROMIUM'], join(FOLDER, 'chromium')].find(
  (path) => path !== undefined && existsSync(path),
);

if (!chromium)
  console.warn(
    'There is no browser yet, so the tests of the desk are left out: npm test fetches one, or set CHROMIUM.',
  );

/** The one that a package brings along has libraries and fonts of its own, and no windows to hide. */
const isPackaged = chromium?.startsWith(FOLDER) && existsSync(LIBRARIES);

export const startBrowser = (): Promise<Browser> =>
  puppeteer.launch({
    executablePath: chromium ?? 'chromium',
    headless: isPackaged ? 'shell' : true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--lang=en-GB'],
    ...(isPackaged
      ? { env: { ...process.env, LD_LIBRARY_PATH: LIBRARIES, FONTCONFIG_PATH: join(FOLDER, 'fonts') } }
      : {}),
  });

/** A page at the desk whose errors end the test. */
export interface DeskPage {
  readonly page: Page;
  /** What went wrong on the page: exceptions, errors of the console, refusals of the content policy. */
  readonly errors: string[];
  close(): Promise<void>;
}

export interface PageOptions {
  readonly signIn?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly hash?: string;
}

/** Opens the desk in a fresh profile. */
export async function openPage(browser: Browser, desk: DeskFixture, options: PageOptions = {}): Promise<DeskPage> {
  const { signIn = true, width = 1440, height = 900, dark = false, hash = '' } = options;
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // A refused call is shown to people on the page; the browser also writes it down.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  page.on('dialog', (dialog) => {
    errors.push(`the page opened a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
  if (signIn) await context.setCookie({ name: 'desk', value: 'in', domain: '127.0.0.1' });
  await page.goto(`${desk.url}${hash}`);
  return { page, errors, close: () => context.close() };
}

export const signInByHand = async (page: Page): Promise<void> => {
  await page.waitForSelector('#key');
  await page.type('#key', KEY);
  await page.keyboard.press('Enter');
};

/** What the elements say, as people see it. */
export const texts = (page: Page, selector: string): Promise<string[]> =>
  read(
    page,
    `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => (each.innerText ?? each.textContent).trim())`,
  );

export const count = async (page: Page, selector: string): Promise<number> => (await page.$$(selector)).length;

/** What has the focus: its tag, and its words, label or id. */
export const focused = (page: Page): Promise<string> =>
  read(
    page,
    `((e) => e.tagName.toLowerCase() + ' ' + (e.id || e.innerText || e.getAttribute('aria-label') || '').trim())(document.activeElement)`,
  );

/** Waits until an expression of the page holds; gives how long that took, in milliseconds. */
export async function until(page: Page, expression: string, timeout = 5000): Promise<number> {
  const started = performance.now();
  await page.waitForFunction(expression, { timeout, polling: 20 });
  return performance.now() - started;
}

/** The value of an expression of the page. The page has its own language level, so it is handed over as text. */
export const read = async <T>(page: Page, expression: string): Promise<T> => (await page.evaluate(expression)) as T;

/** Presses keys one after the other. */
export async function press(page: Page, ...keys: KeyInput[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** What has to be mended for people who do not see the page, or use no mouse: rule and place. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const rules = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }";
  const found = await read<{ id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[]>(
    page,
    `axe.run(document, ${rules}).then(({ violations }) => violations)`,
  );
  return found
    .filter(({ impact }) => impact !== 'minor')
    .map(
      ({ id, impact, nodes }) =>
        `${impact} ${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join(' | ')}`,
    );
}
