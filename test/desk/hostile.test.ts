import { describe, expect, it } from 'vitest';
import type { CaseRow, ShownApproval } from '../../client/http/shapes.ts';
import { chromium, press, read, texts, until } from '../support/browser.ts';
import { deskRequest } from '../support/desk-requests.ts';
import { deskTests } from '../support/desk-test.ts';
import { HOSTILE } from '../support/hostile-texts.ts';

/** The same text in every field that holds one, however deep; names of verdicts and the like stay what they are. */
const KEPT = new Set(['kind', 'role', 'risk', 'verdict', 'verb', 'answers', 'moves', 'digest', 'run', 'asks']);
const DATES = /^\d{4}-\d\d-\d\dT/;

function poisoned<T>(value: T, text: string, name?: string): T;
function poisoned(value: unknown, text: string, name = ''): unknown {
  if (KEPT.has(name)) return value;
  if (typeof value === 'string') return DATES.test(value) ? value : text;
  if (Array.isArray(value)) return value.map((each) => poisoned(each, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, poisoned(each, text, key)]));
}

/** A request that is the text from end to end, with its own place in the list. */
function hostileRequest(text: string, at: number): ShownApproval {
  const full: ShownApproval = {
    ...deskRequest(at),
    whyNot: 'x',
    document: { id: 'x', url: 'x', differences: [{ path: 'x', before: 'x', after: 'x' }] },
    request: deskRequest(at, {
      call: { note: 'x', list: ['x', { deep: 'x' }], [text]: 'x' },
      before: { note: 'y', other: 'x' },
      editable: ['note'],
      missing: ['other'],
      named: ['x'],
      claimedBy: 'x',
      yeses: ['x'],
      held: { by: 'x', question: 'x' },
      moves: ['ask-info', 'inform', 'claim'],
      remarks: [{ at: new Date().toISOString(), by: 'x', verdict: 'ask-info', words: 'x', to: 'x' }],
      grant: { tool: 'x', args: { x: 'x' } },
      facts: { x: 'x', list: ['x', { [text]: 'x' }] },
    }).request,
  };
  const bad = poisoned(full, text);
  return {
    ...bad,
    mayAnswer: true,
    case: `case ${at} ${text.toWellFormed()}`,
    request: {
      ...bad.request,
      asks: `${text} end of ${at}.`,
      approval: text.toWellFormed(),
      editable: ['note'],
      missing: ['other'],
    },
  };
}

/** What must not be there after texts were shown: scripts that ran, elements that no code of ours makes, odd addresses. */
const DAMAGE = `JSON.stringify({
  ran: globalThis.ran ?? null,
  foreign: [...document.querySelectorAll('main *, dialog *')].map((e) => e.localName).filter((name) =>
    ['script', 'iframe', 'object', 'embed', 'img', 'video', 'audio', 'link', 'style', 'base', 'meta', 'math', 'template', 'frame', 'marquee', 'body', 'foreignObject', 'use', 'animate', 'set', 'image'].includes(name)),
  handlers: [...document.querySelectorAll('main *, dialog *')].flatMap((e) => e.getAttributeNames().filter((name) => /^on|^style$|^srcdoc$/.test(name))),
  addresses: [...document.querySelectorAll('a[href]')].map((a) => a.href).filter((href) => !/^https?:/.test(href)),
  title: document.title,
})`;

describe.skipIf(!chromium)('texts that mean harm', () => {
  const withDesk = deskTests();

  it('are more than sixty', () => {
    expect(new Set(HOSTILE).size).toBeGreaterThan(60);
  });

  it('are shown as texts in every field of the list, the request, its dialogs, the case and the runs: no script, no element', () => {
    const requests = HOSTILE.map(hostileRequest);
    return withDesk(
      requests,
      async ({ page, desk }) => {
        await until(page, `document.querySelectorAll('.row').length === ${HOSTILE.length}`);
        const clean = { ran: null, foreign: [], handlers: [], addresses: [], title: 'Approval desk' };
        const damage = async () => JSON.parse(await read<string>(page, DAMAGE)) as typeof clean;
        expect(await damage()).toEqual(clean);
        for (const [at, { case: caseId, request }] of requests.entries()) {
          const place = `#/approvals/${encodeURIComponent(caseId)}/${encodeURIComponent(request.approval)}`;
          await read(page, `void (location.hash = ${JSON.stringify(place)})`);
          await until(
            page,
            `document.querySelector('.decide') && document.querySelector('h1').textContent.includes('end of ${at}.')`,
          );
          expect(await damage()).toEqual(clean);
          await read(page, "void document.querySelector('[data-verdict=approve]').click()");
          await page.waitForSelector('dialog[open]');
          expect(await damage()).toEqual(clean);
          await press(page, 'Escape');
          await read(page, "void document.querySelector('[data-verdict=edit]').click()");
          await page.waitForSelector('dialog[open] .field');
          expect(await damage()).toEqual(clean);
        }
        await read(page, "void (location.hash = '#/runs')");
        await until(page, `document.querySelectorAll('.runs tbody tr').length === ${desk.cases.length}`);
        expect(await damage()).toEqual(clean);
        await read(
          page,
          "void (location.hash = '#/cases/' + encodeURIComponent(document.querySelector('.runs tbody a').textContent))",
        );
        await page.waitForSelector('.timeline');
        expect(await damage()).toEqual(clean);
        expect(desk.said).toEqual([]);
      },
      {
        prepare: (desk) => {
          desk.cases.push(...requests.map(caseOf));
        },
      },
    );
  }, 180_000);

  it('come back whole: what was sent is what is read, character for character', () =>
    withDesk(
      HOSTILE.map((text, at) => deskRequest(at, { call: { note: text }, editable: [] })),
      async ({ page, desk }) => {
        await page.waitForSelector('.row');
        for (const [at, text] of HOSTILE.entries()) {
          const request = [...desk.requests.values()][at];
          await read(page, `void (location.hash = '#/approvals/${request?.case}/${request?.request.approval}')`);
          await until(
            page,
            `document.querySelector('.decide') && document.querySelector('h1').innerText.endsWith('line ${at}')`,
          );
          expect((await read<string[]>(page, CALL_TEXT)).map(meant).join('')).toBe(text);
        }
        expect(await texts(page, '.problem')).toEqual([]);
      },
    ));
});

/** The parts of the first text of the call: those that are marked, with a sign before them. */
const CALL_TEXT = `[...document.querySelector('.main-column .value.text bdi').childNodes].map((each) => (each.className === 'odd' ? '§' : '') + each.textContent)`;
const meant = (part: string): string =>
  part.startsWith('§⟨U+') ? String.fromCodePoint(Number.parseInt(part.slice(4, -1), 16)) : part;

function caseOf({ case: caseId, run }: ShownApproval, at: number): CaseRow {
  const text = HOSTILE[at] ?? '';
  return {
    case: caseId,
    run,
    process: text,
    stage: text,
    outcome: text,
    release: text,
    waitingFor: text,
    uiUrl: text,
    costMicroUsd: 1000 + at,
    startedAt: new Date().toISOString(),
    closedAt: new Date().toISOString(),
    durationMs: 1000 * at,
  };
}
