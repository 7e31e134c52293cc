import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiProblem, createApiClient } from '../../client/api-client.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { onboarding } from '../support/cases.ts';
import { type Caller, type HttpRig, startHttpRig, unsure, waitingCase } from '../support/http-rig.ts';

let rig: HttpRig;
beforeAll(async () => {
  rig = await startHttpRig();
});
afterAll(() => rig.stop());
beforeEach(() => rig.spine.reset());

const clientOf = (who: Caller, change: Partial<Parameters<typeof createApiClient>[0]> = {}) =>
  createApiClient({
    url: 'http://127.0.0.1:7300/',
    key: rig.keys.get(who) ?? '',
    fetch: async (url, init) => rig.http.app.request(String(url), init),
    ...change,
  });

describe('an application', () => {
  it('starts a case, follows it, and hears how it ended', async () => {
    const client = clientOf('shop');
    unsure(rig.spine);
    const input = onboarding();
    const started = await client.start('onboardCustomer', input, { key: 'one' });
    expect(await client.start('onboardCustomer', input, { key: 'one' })).toEqual(started);
    const heard: string[] = [];
    const events = (async () => {
      for await (const { event } of client.events(started.case)) heard.push(event);
    })();
    await expect.poll(() => heard, { timeout: 5000 }).toContain('request');
    expect(await client.result(started.case, { wait: 0 })).toBeUndefined();
    const [request] = (await client.case(started.case)).waiting;
    const { approval = '', digest = '' } = request ?? {};
    const carla = clientOf('carla');
    expect((await carla.approval(started.case, approval)).mayAnswer).toBe(true);
    expect((await carla.sign(started.case, approval, { verdict: 'approve', digest })).token).toMatch(/\./);
    await carla.answer(started.case, approval, { verdict: 'approve', digest });
    expect(await client.result(started.case)).toMatchObject({ outcome: 'onboarded' });
    await events;
    expect(heard.at(-1)).toBe('end');
    expect((await client.timeline(started.case)).steps.length).toBeGreaterThan(4);
    expect((await client.cases({ limit: 5 })).cases.length).toBeGreaterThan(0);
    expect((await carla.me()).directoryRoles).toEqual(['compliance']);
    expect((await clientOf('viewer').releases()).map(({ id, current }) => [id, current])).toEqual([
      ['r2', true],
      ['r1', false],
    ]);
  });

  it('is held to what a process takes before anything runs', () => {
    const client = clientOf('shop');
    // @ts-expect-error a claim without lines is none
    const untyped = () => client.start('approveExpense', { requestId: 'x-1' }, { key: 'k' });
    expect(untyped).toBeTypeOf('function');
  });

  it('hears a refusal as the problem that it is', async () => {
    const refused = clientOf('shop').start('onboardCustomer', onboarding({ message: '' }), { key: 'bad' });
    await expect(refused).rejects.toThrow(ApiProblem);
    await expect(refused).rejects.toMatchObject({ problem: { status: 422, errors: [{ field: 'message' }] } });
  });

  it('asks again where the API can not answer just now, and only so often', async () => {
    let calls = 0;
    const busy = async (): Promise<Response> => {
      calls += 1;
      return calls < 3
        ? new Response('busy', { status: 503, headers: { 'retry-after': '0' } })
        : Response.json({ sub: 'x' });
    };
    expect(await clientOf('shop', { fetch: busy }).me()).toEqual({ sub: 'x' });
    expect(calls).toBe(3);
    calls = -10;
    await expect(clientOf('shop', { fetch: busy, retries: 1 }).me()).rejects.toMatchObject({
      problem: { status: 503 },
    });
    expect(calls).toBe(-8);
  });

  it('cancels, and reads what was decided', async () => {
    const { id } = await waitingCase(rig);
    const client = clientOf('shop');
    await client.cancel(id);
    expect(await client.result(id)).toEqual({ outcome: 'cancelled' });
    expect(await clientOf('carla').decisions({ process: 'onboardCustomer', limit: 3 })).toEqual([]);
    expect(
      (
        await clientOf('carla').answerAll({
          verdict: 'approve',
          items: [{ case: id, approval: 'x-1', digest: 'abcdef01' }],
        })
      ).results,
    ).toMatchObject([{ accepted: false }]);
  });
});

describe('a schedule of Temporal', () => {
  it('starts a case that belongs to a tenant, as docs/http-api.md shows', async () => {
    const { client, taskQueue } = rig.spine;
    const tenant = (await clientOf('viewer').me()).tenant;
    const schedule = await client.schedule.create({
      scheduleId: `monthly-${crypto.randomUUID()}`,
      spec: { calendars: [{ dayOfMonth: 1, hour: 6 }] },
      policies: { overlap: 'SKIP' },
      action: {
        type: 'startWorkflow',
        workflowType: 'onboardCustomer',
        workflowId: 'monthly-onboarding',
        taskQueue,
        args: [onboarding()],
        memo: { tenant, startedBy: 'scheduler' },
        typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.tenant, value: tenant }],
      },
    });
    await schedule.trigger();
    const mine = async () => (await clientOf('viewer').cases({ q: 'monthly-onboarding' })).cases;
    await expect.poll(async () => (await mine()).length, { timeout: 10_000 }).toBe(1);
    const [row] = await mine();
    expect(await clientOf('viewer').result(row?.case ?? '')).toMatchObject({ outcome: 'onboarded' });
    expect((await clientOf('far').cases({ q: 'monthly-onboarding' })).cases).toEqual([]);
    await schedule.delete();
  });
});
