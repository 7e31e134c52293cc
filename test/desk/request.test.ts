import { describe, expect, it } from 'vitest';
import type { ShownApproval } from '../../client/http/shapes.ts';
import { chromium, focused, press, read, texts, until } from '../support/browser.ts';
import { keyOf } from '../support/desk-fixture.ts';
import { deskRequest } from '../support/desk-requests.ts';
import { type AtDesk, deskTests } from '../support/desk-test.ts';

const three = (): ShownApproval[] => [deskRequest(0), deskRequest(1), deskRequest(2)];
const withRequest = (request: ShownApproval['request']): ShownApproval => ({ ...deskRequest(0), request });
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens the first request of the list by the keyboard. */
async function open({ page }: AtDesk): Promise<void> {
  await until(page, "document.activeElement.className === 'open'");
  await press(page, 'Enter');
  await page.waitForSelector('.decide');
}

const dialogIsOpen = "document.querySelector('dialog[open]') !== null";

describe.skipIf(!chromium)('a request on the desk', () => {
  const withDesk = deskTests();

  it('has the focus on its title, and never on a yes (BA-87)', () =>
    withDesk(three(), async (at) => {
      await open(at);
      expect(await focused(at.page)).toMatch(/^h1 Reimburse/);
      await press(at.page, 'Enter', 'Space');
      await press(at.page, 'a');
      await until(at.page, dialogIsOpen);
      expect(await focused(at.page)).toBe('button Cancel');
      await press(at.page, 'Enter');
      await until(at.page, `!(${dialogIsOpen})`);
      expect(at.desk.said).toEqual([]);
    }));

  it('shows in the confirmation what happens, whether it can be undone, and the call; then sends the digest that was read', () =>
    withDesk(three(), async (at) => {
      const [first] = at.desk.requests.values();
      await open(at);
      await press(at.page, 'a');
      await until(at.page, dialogIsOpen);
      const [dialog = ''] = await texts(at.page, 'dialog');
      expect(dialog).toContain('The sum is paid to the employee with the next run of payments.');
      expect(dialog).toContain('It cannot be undone.');
      expect(dialog).toContain('homeMinor');
      await press(at.page, 'Tab', 'Enter');
      await until(at.page, "document.querySelector('#toast').innerText === 'Sent: Approve'");
      expect(at.desk.said).toHaveLength(1);
      expect(at.desk.said[0]?.path).toContain(`/${first?.request.approval}/answers`);
      expect(at.desk.said[0]?.body).toEqual({ verdict: 'approve', digest: first?.request.digest });
      // On to the next one, which is the work that is left.
      await until(at.page, "document.querySelector('h1')?.innerText.includes('line 1')");
    }));

  it('is rejected with a reason alone', () =>
    withDesk(three(), async (at) => {
      await open(at);
      await press(at.page, 'r');
      await until(at.page, dialogIsOpen);
      expect(await focused(at.page)).toBe('textarea reason');
      await at.page.click('dialog .answer.no');
      await wait(100);
      expect(at.desk.said).toEqual([]);
      await at.page.type('#reason', 'the receipt is for another person');
      await at.page.click('dialog .answer.no');
      await expect.poll(() => at.desk.said.length).toBe(1);
      expect(at.desk.said[0]?.body).toMatchObject({ verdict: 'reject', reason: 'the receipt is for another person' });
    }));

  it('is rejected alone where its case has asked about several', () => {
    const [first, second, third] = three();
    if (!first || !second || !third) throw new Error('no requests');
    const oneCase = [first, { ...second, case: first.case }, { ...third, case: first.case }];
    return withDesk(oneCase, async (at) => {
      await open(at);
      await press(at.page, 'r');
      await at.page.waitForSelector('#reason');
      await at.page.type('#reason', 'only this one');
      await at.page.click('dialog .answer.no');
      await expect.poll(() => at.desk.said.length).toBe(1);
      await press(at.page, 'Escape');
      await until(at.page, "document.querySelectorAll('.row').length === 2");
      expect([...at.desk.requests.keys()]).toEqual(oneCase.slice(1).map(keyOf));
    });
  });

  it('can be asked about, delegated, escalated and claimed', () =>
    withDesk(three(), async (at) => {
      await open(at);
      await press(at.page, 'i');
      await at.page.waitForSelector('#reason');
      await at.page.type('#reason', 'Which trip was it?');
      await at.page.click('dialog button[type=submit]');
      await until(at.page, `!(${dialogIsOpen})`);
      await press(at.page, 'd');
      await at.page.waitForSelector('#to');
      expect(await focused(at.page)).toBe('input to');
      await at.page.type('#to', 'ines.halvorsen');
      await at.page.click('dialog button[type=submit]');
      await until(at.page, `!(${dialogIsOpen})`);
      await at.page.click('[data-verdict=escalate]');
      await at.page.type('#reason', 'a director has to see this');
      await at.page.click('dialog button[type=submit]');
      await until(at.page, `!(${dialogIsOpen})`);
      await at.page.click('[data-verdict=claim]');
      await until(at.page, "document.querySelector('.decide').innerText.includes('darius.wren')");
      expect(at.desk.said.map(({ body }) => body)).toMatchObject([
        { verdict: 'ask-info', reason: 'Which trip was it?' },
        { verdict: 'delegate', to: 'ines.halvorsen' },
        { verdict: 'escalate', reason: 'a director has to see this' },
        { verdict: 'claim' },
      ]);
    }));

  it('is edited in its own types, with the difference shown, and only where a model filled it in', () =>
    withDesk(three(), async (at) => {
      await open(at);
      await press(at.page, 'e');
      await at.page.waitForSelector('dialog .fields');
      expect(await texts(at.page, 'dialog .field label')).toEqual(['verdict', 'home minor']);
      await at.page.click('#field-homeMinor', { count: 3 });
      await at.page.type('#field-homeMinor', '12x');
      expect(await texts(at.page, '.live-difference')).toEqual(['homeMinor: has to be a number']);
      await at.page.click('#field-homeMinor', { count: 3 });
      await at.page.type('#field-homeMinor', '4500');
      expect(await texts(at.page, '.live-difference del, .live-difference ins')).toEqual(['4900', '4500']);
      await at.page.click('dialog button[type=submit]');
      await expect.poll(() => at.desk.said.length).toBe(1);
      expect(at.desk.said[0]?.body).toMatchObject({ verdict: 'edit', edit: { homeMinor: 4500 } });
      // Whoever edits does not also say yes.
      await until(at.page, "document.querySelector('.refusal')?.innerText.includes('their own edit')");
      expect(await texts(at.page, '[data-verdict=approve]')).toEqual([]);
    }));

  it('shows all of the call, however long, with every character that shows nothing made visible', () => {
    const { request } = deskRequest(0);
    const long = `${'all of this is paid out. '.repeat(400)}THE END`;
    const call = {
      note: 'pay\u202e tnuocca\u202c to \u0007bell\u200bzero',
      ibаn: 'раypal',
      long,
      list: [1, { deep: true }],
      none: null,
    };
    return withDesk([withRequest({ ...request, call, asks: 'pay \u202egnp.exe' })], async (at) => {
      await until(at.page, "document.activeElement.className === 'open'");
      expect(await texts(at.page, '.row .open')).toEqual(['pay ⟨U+202E⟩gnp.exe']);
      await open(at);
      const [shown = ''] = await texts(at.page, '.main-column .call');
      for (const mark of ['⟨U+202E⟩', '⟨U+202C⟩', '⟨U+0007⟩', '⟨U+200B⟩']) expect(shown).toContain(mark);
      expect(shown).toContain(long);
      expect(shown).toContain('null');
      expect(await texts(at.page, '.mixed')).toContain('раypal');
      const clipped =
        "[...document.querySelectorAll('.main-column .value')].some((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow !== 'visible')";
      expect(await read(at.page, clipped)).toBe(false);
    });
  });

  it('says who was faster where somebody was, and sends nothing a second time', () =>
    withDesk(three(), async (at) => {
      await open(at);
      await press(at.page, 'a');
      await until(at.page, dialogIsOpen);
      const [first] = at.desk.requests.values();
      if (!first) throw new Error('no request');
      // Quietly: as if the news had not come yet.
      at.desk.requests.delete(keyOf(first));
      at.desk.decided.set(keyOf(first), 'ruth.achterberg');
      await press(at.page, 'Tab', 'Enter');
      await until(at.page, "document.querySelector('.notice')?.innerText === 'Already decided by ruth.achterberg.'");
      expect(await texts(at.page, '.decide button')).toEqual([]);
      await press(at.page, 'a');
      await wait(100);
      expect(at.desk.said).toHaveLength(1);
    }));

  it('closes an open confirmation when the request closes or changes under it', () =>
    withDesk(three(), async (at) => {
      await open(at);
      await until(at.page, "document.querySelector('#live').innerText === 'live'");
      await press(at.page, 'a');
      await until(at.page, dialogIsOpen);
      const [first] = at.desk.requests.values();
      if (!first) throw new Error('no request');
      const other = { ...first.request, digest: 'f'.repeat(64), call: { ...first.request.call, homeMinor: 99_000 } };
      at.desk.change({ ...first, request: other });
      await until(at.page, `!(${dialogIsOpen})`);
      expect(await texts(at.page, '.notice')).toEqual(['The request has changed. Read it again before you answer.']);
      await press(at.page, 'a');
      await until(at.page, dialogIsOpen);
      at.desk.close(first, 'ruth.achterberg');
      await until(at.page, `!(${dialogIsOpen})`);
      await until(at.page, "document.querySelector('.notice')?.innerText.includes('no longer open')");
      expect(at.desk.said).toEqual([]);
    }));

  it('refuses the requester in words, without a button to press', () =>
    withDesk(
      [{ ...deskRequest(0), mayAnswer: false, whyNot: 'Nobody answers about their own request.' }],
      async (at) => {
        await open(at);
        const [refusal] = await texts(at.page, '.refusal');
        expect(refusal).toBe('You cannot answer this. Nobody answers about their own request.');
        expect(await texts(at.page, '.decide .answer')).toEqual([]);
        await press(at.page, 'a');
        await until(at.page, "document.querySelector('#toast').innerText.includes('own request')");
        expect(at.desk.said).toEqual([]);
      },
    ));

  it('is opened first where a is pressed in the list: nobody says yes to what is not on screen', () =>
    withDesk(three(), async (at) => {
      await until(at.page, "document.activeElement.className === 'open'");
      await press(at.page, 'j', 'a');
      await until(at.page, dialogIsOpen);
      expect((await texts(at.page, 'h1'))[0]).toContain('line 1');
      expect((await texts(at.page, 'dialog .lead'))[0]).toContain('line 1');
      expect(await focused(at.page)).toBe('button Cancel');
      expect(at.desk.said).toEqual([]);
    }));

  it('forgets an open confirmation when somebody goes elsewhere', () =>
    withDesk(three(), async (at) => {
      await open(at);
      await press(at.page, 'a');
      await until(at.page, dialogIsOpen);
      await read(at.page, "void (location.hash = '#/runs')");
      await until(at.page, `!(${dialogIsOpen})`);
      expect(at.desk.said).toEqual([]);
    }));

  it('answers the request that was read, when the list has moved meanwhile', () =>
    withDesk(three(), async (at) => {
      await open(at);
      const [first, , third] = [...at.desk.requests.values()];
      await until(at.page, "document.querySelector('#live').innerText === 'live'");
      if (third) at.desk.close(third, 'ruth.achterberg');
      const early = deskRequest(77, { until: new Date(Date.now() + 1000).toISOString() });
      at.desk.open(early);
      await until(at.page, "document.querySelector('#count').innerText === '3'");
      await press(at.page, 'a');
      await until(at.page, dialogIsOpen);
      await press(at.page, 'Tab', 'Enter');
      await expect.poll(() => at.desk.said.length).toBe(1);
      expect(at.desk.said[0]?.path).toContain(`/${first?.request.approval}/answers`);
    }));
});
