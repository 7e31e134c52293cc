import { describe, expect, it } from 'vitest';
import { LEGAL_ANSWERS } from '../../contracts/messages.ts';
import { chromium, press, read, texts, until } from '../support/browser.ts';
import { keyOf } from '../support/desk-fixture.ts';
import { deskRequest } from '../support/desk-requests.ts';
import { deskTests } from '../support/desk-test.ts';

const low = (at: number) => deskRequest(at, { risk: 'low' });

describe.skipIf(!chromium)('one answer to several requests', () => {
  const withDesk = deskTests();

  it('can be given to harmless ones of one kind alone', () =>
    withDesk(
      [
        low(0),
        deskRequest(1, { risk: 'high' }),
        deskRequest(2, { risk: 'medium' }),
        deskRequest(3, { risk: 'low', kind: 'finding' }),
      ],
      async ({ page }) => {
        await until(page, "document.querySelectorAll('.row').length === 4");
        const off = "[...document.querySelectorAll('.row input')].map((box) => box.disabled)";
        expect(await read(page, off)).toEqual([false, true, true, false]);
        await until(page, "document.activeElement.className === 'open'");
        await press(page, 'x');
        expect(await read(page, off)).toEqual([false, true, true, true]);
        expect(await texts(page, '.bulk button')).toEqual(['Approve …', 'Reject …', 'Clear']);
      },
    ));

  it('is answered for each on its own: who was too late is told, and the others are answered', () =>
    withDesk([low(0), low(3), low(6)], async ({ page, desk }) => {
      await until(page, "document.querySelector('#live').innerText === 'live'");
      // Past the reading that makes good what happened before the events came: what is done now is seen by nobody.
      await new Promise((resolve) => setTimeout(resolve, 900));
      await press(page, 'x', 'j', 'x', 'j', 'x');
      const [first, second, third] = [...desk.requests.values()];
      if (!second) throw new Error('no request');
      desk.requests.delete(keyOf(second));
      desk.decided.set(keyOf(second), 'ruth.achterberg');
      await page.click('.bulk .answer.yes');
      await page.waitForSelector('dialog[open]');
      expect(await texts(page, 'dialog .bulk-list li')).toHaveLength(3);
      await press(page, 'Enter');
      expect(desk.said).toEqual([]);
      await page.click('.bulk .answer.yes');
      await page.click('dialog button[type=submit]');
      await until(page, "document.querySelector('dialog h2')?.innerText === '2 of 3 answered'");
      const results = await texts(page, '[data-accepted=false]');
      expect(results).toEqual([expect.stringContaining('already decided by ruth.achterberg')]);
      expect(desk.said[0]?.body).toEqual({
        verdict: 'approve',
        items: [first, second, third].map((each) => ({
          case: each?.case,
          approval: each?.request.approval,
          digest: each?.request.digest,
        })),
      });
    }));

  it('offers only answers that the kind of request has', () =>
    withDesk([low(0)], async ({ page }) => {
      await page.waitForSelector('.row');
      const offered = await read<Record<string, string[]>>(
        page,
        "import('/desk/bulk.js').then((all) => all.BULK_ANSWERS)",
      );
      const known = Object.entries(LEGAL_ANSWERS).map(([kind, legal]) => [kind, legal.map(String)] as const);
      expect(Object.keys(offered).toSorted()).toEqual(known.map(([kind]) => kind).toSorted());
      for (const [kind, legal] of known) expect(legal).toEqual(expect.arrayContaining(offered[kind] ?? []));
    }));
});
