import { describe, expect, it } from 'vitest';
import type { ShownApproval } from '../../client/http/shapes.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import { chromium, read, texts, until } from '../support/browser.ts';
import { deskRequest } from '../support/desk-requests.ts';
import { type AtDesk, deskTests } from '../support/desk-test.ts';

const detail = (over: Partial<OpenRequest>, more: Partial<ShownApproval> = {}): ShownApproval => ({
  ...deskRequest(1, over),
  ...more,
});

describe.skipIf(!chromium)('what a request rests on', () => {
  const withDesk = deskTests();
  const withDetail = (one: ShownApproval, test: (at: AtDesk) => Promise<void>) =>
    withDesk(
      [one],
      async (at) => {
        await at.page.waitForSelector('.decide');
        await test(at);
      },
      { hash: `#/approvals/${encodeURIComponent(one.case)}/${encodeURIComponent(one.request.approval)}` },
    );

  it("is the policy's clause, and apart from it what a model says, under its own mark (BA-87)", () =>
    withDetail(detail({}), async ({ page }) => {
      const [policy = ''] = await texts(page, '[aria-label="The policy"]');
      for (const words of [
        'standard-6',
        'EXP-4',
        'From 500.00 USD a manager decides.',
        'Sums from 500.00 USD need a person',
      ])
        expect(policy).toContain(words);
      const [model = ''] = await texts(page, '.by-machine');
      expect(model).toMatch(/^model advises: Approve\n/);
      expect(model).toContain('68 % sure');
      expect(model).toContain('The receipt names Hotel Alder');
      expect(model).toContain('Written by small-model-2026, prompt recommend-expense@3.');
      expect(policy).not.toContain('The receipt names');
    }));

  it('says what speaks against a yes: the facts, and no opinion', () =>
    withDetail(detail({ risk: 'high', before: { homeMinor: 1 }, missing: ['payee'] }), async ({ page }) => {
      expect(await texts(page, '.contrary li')).toEqual([
        'The risk is high.',
        'It cannot be undone.',
        'The model is only 68 % sure.',
        'Nobody has proposed: payee.',
        'The call was edited after the model proposed it; the difference is below.',
        '1 of 3 answers to similar requests were a no.',
      ]);
    }));

  it('says where no model advises', () => {
    const { recommendation: _advice, confidence: _sure, model: _model, ...rest } = deskRequest(1).request;
    const request = { ...rest, editable: [] };
    return withDetail({ ...deskRequest(1), request }, async ({ page }) => {
      expect(await texts(page, '[aria-label="What a model says"]')).toEqual(['No model advises here.']);
    });
  });

  it('shows what a yes lets through at the tools, with sums in money beside the smallest unit', () => {
    const args = { requestId: 'exp-1', lineId: 'line-1', homeMinor: 520_000, currency: 'USD' };
    return withDetail(detail({ kind: 'finding', grant: { tool: 'expenses.reimburse', args } }), async ({ page }) => {
      const [asked = ''] = await texts(page, '.main-column .asked-for');
      expect(asked).toContain('What it is about');
      expect(asked).toContain('What a yes lets through: expenses.reimburse');
      expect(asked.replaceAll('\u2009', ' ')).toContain('520000 = 5 200.00 USD');
    });
  });

  it('shows all else that the digest covers: open where it is what the question is about, folded behind a call', async () => {
    const { call: _call, recommendation: _advice, ...bare } = deskRequest(1).request;
    const facts = { match: 'possible-watch-list', lines: [{ sku: 'CLOCK-07', lineMinor: 1250 }], currency: 'EUR' };
    await withDetail(
      detail({}, { request: { ...bare, kind: 'finding', editable: [], facts } }),
      async ({ page, desk }) => {
        const [rests = ''] = await texts(page, '.rests-on[open]');
        expect(rests).toMatch(/^What the answer rests on\nmatch\npossible-watch-list\n/);
        expect(rests).toContain('1250 = 12.50 EUR');
        const [one] = desk.requests.values();
        await read(page, "void document.querySelector('.rests-on summary').click()");
        if (one) desk.change({ ...one, request: { ...one.request, claimedBy: 'ines.halvorsen' } });
        await until(page, "document.body.innerText.includes('Claimed by')");
        expect(await texts(page, '.rests-on[open]')).toEqual([]);
      },
    );
    await withDetail(detail({ facts: { capMicroUsd: 500_000, contract: 'a1' } }), async ({ page }) => {
      expect(await texts(page, '.rests-on[open]')).toEqual([]);
      await read(page, "void document.querySelector('.rests-on summary').click()");
      const [rests = ''] = await texts(page, '.rests-on[open]');
      expect(rests).toContain('500000 = $0.50');
      expect(rests).toContain('a1');
    });
  });

  it('marks what a model has written in what a finding is about', () => {
    const { request } = deskRequest(1);
    const call = { lineId: 'line-1', recommendation: { evidence: 'The receipt fits.' } };
    return withDetail(detail({ kind: 'finding', call, editable: [] }), async ({ page }) => {
      expect(request.recommendation).toBeDefined();
      expect(await texts(page, '.asked-for > .call > dt')).toEqual(['lineId', 'recommendation model']);
    });
  });

  it('marks what a document says as from outside, with what is different from the version before', () => {
    const differences = ['total: 75.2 → 95.2', 'lines: one more'];
    const call = {
      doc_id: 'INV-7@2',
      hash: 'sha256-1',
      document: '{"total": 95.2}',
      comparedWith: 'INV-7@1',
      differences,
    };
    return withDetail(detail({ kind: 'approval', call, editable: [] }), async ({ page }) => {
      expect(await texts(page, '.call > dt')).toEqual(
        expect.arrayContaining(['document from outside', 'differences from outside', 'hash']),
      );
      expect(await texts(page, '.told li')).toEqual(differences);
      expect(await read(page, "document.body.innerText.includes('2 differences from INV-7@1')")).toBe(true);
    });
  });

  it('draws a verb that a step came to several times as one bar, and lists each', () => {
    const at = (second: number) => new Date(Date.UTC(2026, 10, 1, 10, 0, second)).toISOString();
    const ask = (from: number, ms: number) => ({ verb: 'ask' as const, at: at(from), ms, detail: `from ${from}` });
    const step = { step: 'approval', agent: '', tool: '', outcome: 'waiting', costMicroUsd: 0 };
    // Two at once for ten seconds, and a third that begins when half of that is over.
    const timeline = { steps: [{ ...step, verbs: [ask(0, 10_000), ask(0, 10_000), ask(5, 25_000)] }], costMicroUsd: 0 };
    return withDetail(detail({}, { timeline }), async ({ page }) => {
      expect(await texts(page, '.timeline .ms')).toEqual(['30 s ×3']);
      await page.click('.timeline-box summary');
      expect(await texts(page, '.timeline-box tbody td:last-child')).toEqual(['from 0', 'from 0', 'from 5']);
    });
  });

  it('draws the five verbs of each step with times and costs, and says the same in words', () =>
    withDetail(detail({}), async ({ page, desk }) => {
      expect(await texts(page, '.timeline .verb')).toEqual(['propose', 'judge', 'ask', 'act', 'record', 'cost']);
      const verbs = "[...document.querySelectorAll('.timeline rect')].map((bar) => bar.dataset.verb)";
      const [one] = desk.requests.values();
      const drawn = one?.timeline.steps.flatMap(({ verbs: done }) => done.map(({ verb }) => verb));
      expect(await read(page, verbs)).toEqual(drawn);
      const widths = "[...document.querySelectorAll('.timeline rect')].map((bar) => Number(bar.getAttribute('width')))";
      expect(Math.max(...(await read<number[]>(page, widths)))).toBeLessThanOrEqual(92);
      await page.click('.timeline-box summary');
      await until(page, "document.querySelectorAll('.timeline-box tbody tr').length === 10");
    }));
});
