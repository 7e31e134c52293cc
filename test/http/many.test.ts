import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RequestSummary } from '../../contracts/messages.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { type HttpRig, startHttpRig } from '../support/http-rig.ts';

const MANY = 1000;
const ABREAST = 50;
/** What it takes on a quiet machine is in docs/performance.md; here only what hangs is a fault. */
const HUNG_MS = 10_000;

let rig: HttpRig;
let tenant: string;
/** Cases that nobody works at: a list is made without asking any worker. */
const started: string[] = [];

beforeAll(async () => {
  rig = await startHttpRig();
  tenant = ((await (await rig.call('viewer', 'GET', '/v1/me')).json()) as { tenant: string }).tenant;
  await abreast(MANY, waitingCase);
});
afterAll(async () => {
  await abreast(started.length, (n) => rig.spine.client.workflow.getHandle(started[n] ?? '').terminate());
  await rig.stop();
});

const list = async (query = '') => {
  const began = performance.now();
  const answer = await rig.call('viewer', 'GET', `/v1/approvals${query}`);
  const body = (await answer.json()) as { approvals: { case: string }[]; total: number };
  return { ...body, ms: performance.now() - began };
};

it('a thousand open requests are listed at once, and so is every change of the filter', async () => {
  await expect.poll(async () => (await list('?limit=1000')).total, { timeout: 20_000 }).toBe(MANY);
  const first = await best(async () => {
    // So long that what was seen before is not fresh any more.
    await pause(500);
    const answer = await list('?limit=1000');
    expect(answer.approvals).toHaveLength(MANY);
    return answer.ms;
  });
  const filtered = await list('?risk=high&sort=-amount&q=report-9&limit=1000');
  expect(filtered.approvals.length).toBeGreaterThan(0);
  console.info(`list of ${MANY}: ${Math.round(first)} ms; filtered: ${Math.round(filtered.ms)} ms`);
  expect(Math.max(first, filtered.ms)).toBeLessThan(HUNG_MS);
});

it('one more among a thousand is heard of soon', async () => {
  const answer = await rig.call('viewer', 'GET', '/v1/approvals/events');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  await pause(1500);
  const ms = await best(async () => {
    await waitingCase(MANY);
    const began = performance.now();
    let text = '';
    while (!text.includes(started.at(-1) ?? '?')) text += (await reader?.read())?.value ?? '';
    return performance.now() - began;
  });
  console.info(`one more of ${MANY}: heard after ${Math.round(ms)} ms`);
  expect(ms).toBeLessThan(HUNG_MS);
  await reader?.cancel();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The best of three: the machine has other things to do. */
async function best(measure: () => Promise<number>): Promise<number> {
  return Math.min(await measure(), await measure(), await measure());
}

async function waitingCase(n: number): Promise<void> {
  const workflowId = `approveExpense-${randomUUID()}`;
  await rig.spine.client.workflow.start('approveExpense', {
    taskQueue: 'nobody-works-here',
    workflowId,
    args: [],
    memo: { tenant, startedBy: 'app:shop', waiting: [summary(n)] },
    typedSearchAttributes: [
      { key: SEARCH_ATTRIBUTES.tenant, value: tenant },
      { key: SEARCH_ATTRIBUTES.stage, value: 'waiting' },
    ],
  });
  started.push(workflowId);
}

/** As long as real ones are. */
function summary(n: number): RequestSummary {
  const asked = Date.UTC(2026, 2, 2) + n * 60_000;
  const instant = (hours: number) => new Date(asked + hours * 3_600_000).toISOString();
  return {
    approval: 'line-course-1',
    kind: 'finding',
    role: 'manager',
    asks: `Reimburse line course, ${n}.00 USD, training? Advised: approve (0.93). TRNG-1 is covered.`,
    subject: `report-${n} line course`,
    amount: { minor: n * 100, currency: 'USD' },
    tier: 'manager',
    rule: 'TRNG-1',
    risk: n % 3 === 0 ? 'high' : 'medium',
    askedAt: instant(0),
    until: instant(4),
    due: instant(12),
    digest: n.toString(16).padStart(64, 'a'),
    confidence: 0.93,
    barred: ['lena.brandt', 'app:application'],
    advice: 'approve',
    process: 'approveExpense',
  };
}

async function abreast(count: number, work: (n: number) => Promise<unknown>): Promise<void> {
  const left = Array.from({ length: count }, (_, n) => n);
  const one = async (): Promise<void> => {
    for (let n = left.pop(); n !== undefined; n = left.pop()) await work(n);
  };
  await Promise.all(Array.from({ length: ABREAST }, one));
}
