import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepTerminated } from '../../workers/sweep.ts';
import { onboarding } from '../support/cases.ts';
import { type HttpRig, problemOf, startHttpRig, waitingCase } from '../support/http-rig.ts';

let rig: HttpRig;
beforeAll(async () => {
  rig = await startHttpRig();
});
afterAll(() => rig.stop());
beforeEach(() => rig.spine.reset());

const bodyOf = async (answer: Response) => (await answer.json()) as Record<string, never>;
const accounts = () => rig.spine.tools.effects.filter(({ tool }) => tool === 'accounts.create').length;

describe('starting a case', () => {
  it('gives one case for one key, however many ask at once', async () => {
    const input = onboarding();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => rig.start('shop', 'onboardCustomer', input, 'race')),
    );
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
    expect(answers.every(({ status }) => status === 200 || status === 201)).toBe(true);
    const runs = await Promise.all(answers.map(bodyOf));
    expect(new Set(runs.map(({ run }) => run)).size).toBe(1);
    await rig.call('shop', 'GET', `/v1/cases/${runs[0]?.['case']}/result?wait=20`);
    expect(accounts()).toBe(1);
  });

  it('gives the same case while it waits for a person, and when it is over', async () => {
    const { id } = await waitingCase(rig, {});
    const input = onboarding();
    rig.spine.reset();
    const first = await bodyOf(await rig.start('shop', 'onboardCustomer', input, 'again'));
    expect((await rig.call('shop', 'GET', `/v1/cases/${first['case']}/result?wait=20`)).status).toBe(200);
    const second = await rig.start('shop', 'onboardCustomer', input, 'again');
    expect(second.status).toBe(200);
    expect(await bodyOf(second)).toEqual(first);
    expect(first['case']).not.toBe(id);
  });

  it('does not mind in which order the body names its fields, and refuses another body under the key', async () => {
    const input = onboarding();
    const reversed = Object.fromEntries(Object.entries(input).reverse());
    expect((await rig.start('shop', 'onboardCustomer', input, 'order')).status).toBe(201);
    expect((await rig.start('shop', 'onboardCustomer', reversed, 'order')).status).toBe(200);
    const other = await problemOf(
      await rig.start('shop', 'onboardCustomer', { ...input, message: 'Another.' }, 'order'),
    );
    expect(other).toMatchObject({ status: 422, contentType: 'application/problem+json' });
    expect(other.detail).toMatch(/with another body. Send that body again, or take a new key/);
  });

  it('keeps the keys of two tenants, and of two processes, apart', async () => {
    const input = onboarding();
    const north = await bodyOf(await rig.start('shop', 'onboardCustomer', input, 'shared'));
    const south = await rig.start('far', 'onboardCustomer', input, 'shared');
    expect(south.status).toBe(201);
    expect((await bodyOf(south))['case']).not.toBe(north['case']);
    expect(String(north['case'])).toMatch(/^onboardCustomer-[0-9a-f]{32}$/);
  });

  it('names every field that the process would not take, and starts nothing', async () => {
    const input = onboarding();
    const wrong = { ...input, requestId: '?', message: '', colour: 'red' };
    const refused = await problemOf(await rig.start('shop', 'onboardCustomer', wrong, 'refused'));
    expect(refused).toMatchObject({ status: 422 });
    expect(refused.errors?.map(({ field }) => field).toSorted()).toEqual(['', 'message', 'requestId']);
    // The key would be taken, and another body under it refused, had it started anything.
    expect((await rig.start('shop', 'onboardCustomer', input, 'refused')).status).toBe(201);
  });

  it.each([
    ['no key', 400, { headers: {}, body: onboarding() }, /Idempotency-Key/],
    ['a key of 256', 400, { headers: { 'idempotency-key': 'k'.repeat(256) }, body: onboarding() }, /1 to 255/],
    ['no JSON', 400, { headers: { 'idempotency-key': 'k' }, body: '{"requestId":' }, /one JSON value/],
    ['a form', 415, { headers: { 'idempotency-key': 'k', 'content-type': 'text/plain' }, body: 'a=b' }, /Content-Type/],
  ])('refuses %s with %i, and says what to send', async (_, status, sent, words) => {
    const answer = await problemOf(await rig.call('shop', 'POST', '/v1/processes/onboardCustomer/cases', sent));
    expect(answer).toMatchObject({ status, instance: '/v1/processes/onboardCustomer/cases' });
    expect(answer.detail).toMatch(words);
  });

  it('refuses what is larger than any input, before it has read all of it', async () => {
    const answer = await rig.start('shop', 'onboardCustomer', { ...onboarding(), message: 'x'.repeat(1_600_000) });
    expect(await problemOf(answer)).toMatchObject({ status: 413, title: 'The body is too large' });
  });

  it.each(['reportTerminated', 'watchTicket', 'nothing', '__proto__', 'constructor'])(
    'starts no %s, which is not for callers',
    async (process) => {
      expect((await rig.start('shop', process, onboarding())).status).toBe(404);
    },
  );
});

describe('a case', () => {
  it('tells where it stands, what it waits for, and where the rest is', async () => {
    const { id, request } = await waitingCase(rig);
    const shown = await bodyOf(await rig.call('shop', 'GET', `/v1/cases/${id}`));
    expect(shown).toMatchObject({
      case: id,
      process: 'onboardCustomer',
      stage: 'waiting',
      waitingFor: 'compliance',
      budget: { capMicroUsd: expect.any(Number) },
      waiting: [{ approval: request.approval, digest: request.digest }],
      links: { result: `/v1/cases/${id}/result` },
      uiUrl: expect.stringContaining(`/namespaces/default/workflows/${id}/`),
    });
  });

  it.each(['', '/result', '/events', '/timeline', '/decisions'])(
    'of another tenant is not there, in the words of one that never was: GET %s (BA-88)',
    async (what) => {
      const { id } = await waitingCase(rig);
      const theirs = await rig.call('far', 'GET', `/v1/cases/${id}${what}`);
      const nobodys = await rig.call('far', 'GET', `/v1/cases/onboardCustomer-${'0'.repeat(32)}${what}`);
      expect(theirs.status).toBe(404);
      const strip = async (answer: Response) => ({ ...(await problemOf(answer)), instance: '' });
      expect(await strip(theirs)).toEqual(await strip(nobodys));
    },
  );

  it('of another tenant is not cancelled, and nor is one that somebody else has started (BA-88)', async () => {
    const { id } = await waitingCase(rig);
    expect((await rig.call('far', 'POST', `/v1/cases/${id}/cancel`)).status).toBe(404);
    expect((await rig.call('other-shop', 'POST', `/v1/cases/${id}/cancel`)).status).toBe(404);
    expect((await rig.call('other-shop', 'GET', `/v1/cases/${id}`)).status).toBe(404);
    expect((await rig.call('shop', 'GET', `/v1/cases/${id}`)).status).toBe(200);
  });

  it('is cancelled by who has started it, and its result says so', async () => {
    const { id } = await waitingCase(rig);
    expect((await rig.call('shop', 'POST', `/v1/cases/${id}/cancel`)).status).toBe(202);
    const result = await rig.call('shop', 'GET', `/v1/cases/${id}/result?wait=20`);
    expect(await bodyOf(result)).toEqual({ outcome: 'cancelled' });
    expect((await rig.call('shop', 'POST', `/v1/cases/${id}/cancel`)).status).toBe(202);
  });

  it('that goes on is told after the wait, with when to ask again; one that ends is told at once', async () => {
    const { id } = await waitingCase(rig);
    const early = await rig.call('shop', 'GET', `/v1/cases/${id}/result?wait=0.2503`);
    expect(early.status).toBe(202);
    expect(early.headers.get('retry-after')).toBe('2');
    expect(await bodyOf(early)).toMatchObject({ case: id, stage: 'waiting' });
    const waiting = rig.call('shop', 'GET', `/v1/cases/${id}/result?wait=30`);
    await rig.call('shop', 'POST', `/v1/cases/${id}/cancel`);
    const began = Date.now();
    expect((await waiting).status).toBe(200);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('shows what happened in the five verbs, with who answered', async () => {
    const { id, request, path } = await waitingCase(rig);
    const body = { verdict: 'approve', digest: request.digest };
    expect((await rig.call('carla', 'POST', `${path}/answers`, { body })).status).toBe(200);
    await rig.call('shop', 'GET', `/v1/cases/${id}/result?wait=20`);
    const { steps } = (await (await rig.call('shop', 'GET', `/v1/cases/${id}/timeline`)).json()) as {
      steps: { step: string; tool: string; outcome: string; verbs: { verb: string; detail: string; at: string }[] }[];
    };
    const account = steps.find(({ step }) => step === 'createAccount');
    expect(account).toMatchObject({ tool: 'tool of createAccount', outcome: 'done' });
    expect(account?.verbs.map(({ verb }) => verb)).toEqual(['propose', 'judge', 'ask', 'act', 'record']);
    expect(account?.verbs[2]?.detail).toBe('proposal: approve by carla');
    const times = account?.verbs.map(({ at }) => Date.parse(at)) ?? [];
    expect(times).toEqual(times.toSorted((left, right) => left - right));
  });
});

it('the report of a case that was terminated belongs to the tenant of that case (BA-88)', async () => {
  const { id } = await waitingCase(rig);
  const handle = rig.spine.client.workflow.getHandle(id);
  const { runId, memo } = await handle.describe();
  await handle.terminate();
  const reported = () => sweepTerminated(rig.spine.client, rig.spine.taskQueue);
  await expect.poll(reported, { timeout: 10_000 }).toBe(1);
  const report = await rig.spine.client.workflow.getHandle(`report-${runId}`).describe();
  expect(report.memo).toMatchObject({ tenant: memo?.['tenant'], startedBy: 'app:shop' });
  expect((await rig.call('viewer', 'GET', `/v1/cases/report-${runId}`)).status).toBe(200);
  expect((await rig.call('far', 'GET', `/v1/cases/report-${runId}`)).status).toBe(404);
});

describe('the list of cases', () => {
  it('shows a caller their own, a reader the tenant’s, and nobody another tenant’s', async () => {
    const { id } = await waitingCase(rig);
    const seen = async (who: string) => {
      const { cases } = (await (await rig.call(who, 'GET', '/v1/cases?limit=200')).json()) as {
        cases: { case: string }[];
      };
      return cases.map((row) => row.case).includes(id);
    };
    await expect.poll(() => seen('shop'), { timeout: 5000 }).toBe(true);
    expect(await seen('viewer')).toBe(true);
    expect(await seen('other-shop')).toBe(false);
    expect(await seen('far')).toBe(false);
  });

  it('comes in pages that meet at their ends, and filters', async () => {
    for (let made = 0; made < 3; made++) await waitingCase(rig);
    const page = async (query: string) =>
      (await (await rig.call('viewer', 'GET', `/v1/cases?stage=waiting&limit=2${query}`)).json()) as {
        cases: { case: string; stage: string }[];
        next?: string;
      };
    await expect.poll(async () => (await page('')).cases.length, { timeout: 5000 }).toBe(2);
    const first = await page('');
    const second = await page(`&cursor=${first.next}`);
    const ids = [...first.cases, ...second.cases].map((row) => row.case);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(2);
    expect([...first.cases, ...second.cases].every(({ stage }) => stage === 'waiting')).toBe(true);
    const [one] = first.cases;
    expect((await page(`&q=${one?.case}`)).cases).toHaveLength(1);
    expect((await page('&process=placeOrder')).cases).toEqual([]);
  });

  it.each(['limit=0', 'limit=1000', 'limit=x', 'process=nothing', "stage=a'b", "q=a' OR 1=1", 'colour=red'])(
    'refuses %s with the field',
    async (query) => {
      const answer = await problemOf(await rig.call('viewer', 'GET', `/v1/cases?${query}`));
      expect(answer).toMatchObject({ status: 422, errors: [{ field: expect.any(String) }] });
    },
  );

  it('refuses a cursor that is none of the server’s', async () => {
    expect((await rig.call('viewer', 'GET', '/v1/cases?cursor=bm90aGluZw')).status).toBe(422);
  });
});
