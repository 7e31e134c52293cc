import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import type { CaseRow } from '../../client/http/shapes.ts';
import { chromium, count, focused, read, texts, until } from '../support/browser.ts';
import type { DeskFixture } from '../support/desk-fixture.ts';
import { deskTests } from '../support/desk-test.ts';

const STARTED = Date.now() - 3_600_000;

/** So many runs: every third waits, and of the others every seventh has failed. */
const runs =
  (number: number) =>
  ({ cases }: DeskFixture): void => {
    for (let at = 0; at < number; at++)
      cases.push({ ...runAt(at), ...(at % 3 ? endOf(at) : { waitingFor: 'manager' }) });
  };

const runAt = (at: number): CaseRow => ({
  case: `approveExpense-${at}`,
  run: `run-${at}`,
  process: at % 2 ? 'approveExpense' : 'placeOrder',
  stage: at % 3 ? 'ended' : 'waiting',
  release: 'r7',
  costMicroUsd: 1_000 * (at + 1),
  capMicroUsd: 12_500,
  startedAt: new Date(STARTED - at * 60_000).toISOString(),
  durationMs: 1_500 * (at + 1),
  uiUrl: `http://127.0.0.1:8233/namespaces/default/workflows/approveExpense-${at}`,
});
const endOf = (at: number) => ({ outcome: at % 7 ? 'reimbursed' : 'failed', closedAt: new Date().toISOString() });

/** How many runs the bars of a plot stand for, and how many of these in the colour of alarm; and what it says of itself. */
const drawn = (page: Page, plot: number): Promise<{ bars: number; much: number; label: string }> =>
  read(
    page,
    `(() => {
      const drawing = document.querySelector('.plot:nth-of-type(${plot}) svg');
      const runsOf = (bars) => [...bars].reduce((sum, bar) => sum + Number.parseInt(bar.textContent, 10), 0);
      const [bars, much] = ['.bar', '.bar.much'].map((bar) => runsOf(drawing.querySelectorAll(bar)));
      return { bars, much, label: drawing.getAttribute('aria-label') };
    })()`,
  );

describe.skipIf(!chromium)('the runs', () => {
  const withDesk = deskTests();
  const at = (number: number) => ({ hash: '#/runs', prepare: runs(number) });

  it('say of each case where it stands, what it cost, how long it took and how it ended', () =>
    withDesk(
      [],
      async ({ page }) => {
        await until(page, "document.querySelectorAll('.runs tbody tr').length === 12");
        expect(await texts(page, '.runs tbody tr:first-child > *')).toEqual([
          'approveExpense-0\nplace order · Temporal',
          'waiting\nfor manager',
          'still runs',
          '$0.001\n of $0.0125',
          '1.5 s',
          expect.stringMatching(/\d/),
          'r7',
        ]);
        expect((await texts(page, '.runs tbody tr:nth-child(8) > *')).slice(1, 5)).toEqual([
          'ended',
          'failed',
          '$0.008\n of $0.0125',
          '12 s',
        ]);
      },
      at(12),
    ));

  it('are drawn together: by stage and outcome, what they cost, how near the cap that is, and how long they took', () =>
    withDesk(
      [],
      async ({ page }) => {
        await until(page, "document.querySelectorAll('.runs tbody tr').length === 12");
        const plots =
          "[...document.querySelectorAll('.plot')].map((plot) => plot.querySelector('figcaption').firstChild.data)";
        expect(await read(page, plots)).toEqual(['Stages', 'Outcomes', 'Cost', 'Cost against the cap', 'Duration']);
        expect(await texts(page, '.plot:nth-of-type(1) li')).toEqual(['4\nwaiting for manager']);
        expect(await texts(page, '.plot:nth-of-type(2) li')).toEqual(['7\nreimbursed', '1\nfailed']);
        expect(await drawn(page, 3)).toEqual({ bars: 12, much: 0, label: expect.stringContaining('most $0.012') });
        // Eleven and twelve thousand of 12,500 are above four fifths of it, ten thousand is four fifths.
        expect(await drawn(page, 4)).toEqual({
          bars: 12,
          much: 2,
          label: 'Cost against the cap: half of 12 up to 56 %, most 96 %, 2 above 80 %',
        });
        expect(await drawn(page, 5)).toEqual({ bars: 8, much: 0, label: expect.stringContaining('half of 8') });
        expect(await texts(page, '.runs tbody tr:nth-child(12) .against')).toHaveLength(1);
        expect(await count(page, '.runs .bar.much')).toBe(2);
      },
      at(12),
    ));

  it('are not drawn where there is nothing to draw', () =>
    withDesk(
      [],
      async ({ page }) => {
        await until(page, "document.querySelectorAll('.runs tbody tr').length === 1");
        expect(await texts(page, '.plot')).toEqual([
          expect.stringContaining('1\nwaiting for manager'),
          'Outcomes\nnone',
          'Cost\nnot enough runs yet',
          'Cost against the cap\nnot enough runs yet',
          'Duration\nnot enough runs yet',
        ]);
      },
      at(1),
    ));

  it('are filtered by process, come in pages, and lead to the case with its budget and timeline', () =>
    withDesk(
      [],
      async ({ page }) => {
        await until(page, "document.querySelectorAll('.runs tbody tr').length === 100");
        expect(await texts(page, '.filters p')).toEqual(['100 newest runs']);
        await read(page, "void [...document.querySelectorAll('.view > button')].at(-1).click()");
        await until(page, "document.querySelectorAll('.runs tbody tr').length === 130");
        await page.select('select[aria-label="Show by process"]', 'placeOrder');
        await until(page, "document.querySelector('.filters p').innerText === '65 runs'");
        await read(page, "document.querySelector('.runs tbody tr:first-child a').click()");
        await page.waitForSelector('.timeline');
        expect(await texts(page, '.budget')).toEqual([
          expect.stringContaining('$0.001 of $0.04 spent, 3 calls of a model'),
        ]);
        expect(await texts(page, '.timeline .verb')).toHaveLength(6);
      },
      at(130),
    ));

  it('keep the focus where it is while they are read anew', () =>
    withDesk(
      [],
      async ({ page, desk }) => {
        await until(page, "document.querySelectorAll('.runs tbody tr').length === 12");
        await page.focus('.runs tbody tr:nth-child(3) a');
        const before = await focused(page);
        const [first] = desk.cases;
        if (first) desk.cases[0] = { ...first, durationMs: 7_200_000 };
        await until(page, "document.querySelector('.runs tbody tr').innerText.includes('2 h 0 min')", 8000);
        expect(await focused(page)).toBe(before);
      },
      at(12),
    ));
});
