import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../contracts/directory.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import type { Policy } from '../../contracts/policy.ts';
import { onboarding, PLAN, says, until } from '../support/cases.ts';
import { fakeRelease, POLICY } from '../support/fake-release.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';

const EVERYBODY: Person[] = [
  { person: 'carla', roles: ['compliance'], aliases: ['carla.rossi'] },
  { person: 'cleo', roles: ['compliance'], aliases: [] },
  { person: 'omar', roles: ['operations'], aliases: [] },
  { person: 'ottilie', roles: ['operations'], aliases: [] },
  { person: 'sam', roles: ['support-lead'], aliases: [] },
];
const HOUR_MS = 3_600_000;

let spine: Spine;
let handle: WorkflowHandle;
let request: OpenRequest;

beforeAll(async () => {
  spine = await startSpine({ people: structuredClone(EVERYBODY) });
});
afterAll(() => spine.stop());

/** A case that waits for a yes to its account, under this ladder. */
async function wait(policy: Partial<Policy> = {}, input: Record<string, unknown> = {}): Promise<void> {
  spine.reset(fakeRelease({ policy }));
  spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
  handle = await spine.start('onboardCustomer', onboarding(input));
  request = await openRequest(handle);
}

const ladder = (...rungs: Policy['ladders']['proposal']): Partial<Policy> => ({
  ladders: { ...POLICY.ladders, proposal: rungs },
});

beforeEach(() => {
  spine.people.splice(0, spine.people.length, ...structuredClone(EVERYBODY));
});

const now = async (): Promise<OpenRequest> => (await status(handle)).waiting[0] ?? request;
const say = async (verdict: string, by: string, more: object = {}) => answer(handle, await now(), verdict, by, more);
const refusal = (verdict: string, by: string, more: object = {}): Promise<string> =>
  say(verdict, by, more).then(
    (reply) => (reply.accepted ? 'taken' : (reply.why ?? '')),
    (error: Error) => (error.cause as Error).message,
  );
const goesOn = async (by: string): Promise<void> => {
  expect(await say('approve', by)).toMatchObject({ accepted: true });
  expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
};
const given = () => spine.decisions.find(({ agent }) => agent === 'createAccount')?.answers ?? [];

describe('a request', () => {
  beforeEach(() => wait());

  it('says what, why, by whom, at what cost, until when, and what a yes does', async () => {
    expect(request).toMatchObject({
      subject: `${handle.workflowId} createAccount`,
      tier: 'compliance',
      rule: 'confidence-floor',
      risk: 'high',
      consequence: expect.stringContaining('accounts.create'),
      reversible: false,
      confidence: 0.5,
      prompt: 'v1',
      model: expect.any(String),
      policy: 'test',
      costMicroUsd: expect.any(Number),
      editable: ['plan', 'segment'],
      needed: 1,
      yeses: [],
      barred: ['dario'],
      ladder: [
        { role: 'compliance', needed: 1 },
        { role: 'operations', needed: 1 },
      ],
      grant: { tool: 'accounts.create', args: { customerId: 'C-1' } },
    });
    expect(request.costMicroUsd).toBeGreaterThan(0);
    await goesOn('carla');
  });

  it('is in the memo of the run, for a list that asks no worker, until its answer', async () => {
    const { memo } = await handle.describe();
    expect(memo).toMatchObject({
      waiting: [{ approval: request.approval, kind: 'proposal', process: 'onboardCustomer', digest: request.digest }],
    });
    await goesOn('carla');
  });
});

describe('a claim', () => {
  beforeEach(() => wait());

  it('keeps others from deciding until it is released', async () => {
    await say('claim', 'carla');
    expect(await now()).toMatchObject({ claimedBy: 'carla', moves: expect.not.arrayContaining(['claim']) });
    expect(await refusal('approve', 'cleo')).toMatch(/^carla has claimed it/);
    expect(await refusal('release', 'cleo')).toMatch(/^carla has claimed it/);
    await say('release', 'carla');
    await goesOn('cleo');
  });

  it('does not outlast an escalation', async () => {
    await say('claim', 'carla');
    expect(await refusal('escalate', 'cleo')).toBe('An escalation needs a reason.');
    await say('escalate', 'cleo', { reason: 'carla is ill' });
    await until(async () => (await now()).role === 'operations');
    expect(await now()).not.toHaveProperty('claimedBy');
    await goesOn('omar');
  });
});

describe('an escalation', () => {
  it('goes to the next rung at once, which has its whole time, and not beyond the top', async () => {
    await wait();
    const began = Date.now();
    await say('escalate', 'carla', { reason: 'above me' });
    await until(async () => (await now()).role === 'operations');
    const { until: ends, due, remarks } = await now();
    expect(Date.parse(ends) - began).toBeGreaterThan(8 * HOUR_MS - 60_000);
    expect(Date.parse(ends) - began).toBeLessThan(8 * HOUR_MS + 60_000);
    expect(due).toBe(ends);
    expect(remarks).toMatchObject([{ by: 'carla', verdict: 'escalate', words: 'above me' }]);
    expect(await refusal('escalate', 'omar', { reason: 'higher' })).toBe('This is the top of the ladder.');
    await goesOn('omar');
  });
});

describe('a delegation', () => {
  beforeEach(() => wait());

  it('hands one request on, once, and the record says for whom it was decided', async () => {
    expect(await refusal('approve', 'sam')).toMatch(/^Only somebody with the role/);
    expect(await refusal('delegate', 'carla')).toBe('A delegation needs the name of a person in to.');
    await say('delegate', 'carla', { to: 'sam' });
    expect(await refusal('delegate', 'sam', { to: 'cleo' })).toMatch(/^It was delegated once already/);
    await goesOn('sam');
    expect(given()).toMatchObject([{ by: 'sam', for: 'carla', role: 'compliance', verdict: 'approve' }]);
  });

  it.each([
    ['upwards', 'omar', /is above: escalate it/],
    ['to nobody', 'mallory', /Nobody in the directory is called mallory/],
  ])('%s is refused', async (_, to, why) => {
    expect(await refusal('delegate', 'carla', { to })).toMatch(why);
    await goesOn('carla');
  });

  it('to whoever asked for the case is refused, under any name', async () => {
    await handle.terminate();
    await wait({}, { requestedBy: 'sam' });
    expect(await refusal('delegate', 'carla', { to: 'sam' })).toBe('sam may not answer this one.');
    await goesOn('carla');
  });
});

describe('a colleague out of office', () => {
  const away = (from: number, to: number, delegate = 'sam') => {
    const instant = (offset: number) => new Date(Date.now() + offset * HOUR_MS).toISOString();
    Object.assign(spine.people[0] as Person, { away: [{ from: instant(from), to: instant(to), delegate }] });
  };

  it('is stood in for by whom the directory names, and the record says for whom', async () => {
    away(-1, 1);
    await wait();
    await goesOn('sam');
    expect(given()).toMatchObject([{ by: 'sam', for: 'carla', role: 'compliance' }]);
  });

  it.each([
    ['not yet away', 1, 2],
    ['back', -2, -1],
  ])('who is %s is not', async (_, from, to) => {
    away(from, to);
    await wait();
    expect(await refusal('approve', 'sam')).toMatch(/^Only somebody with the role/);
    await goesOn('carla');
  });

  it('is not stood in for by whoever asked for the case', async () => {
    away(-1, 1);
    await wait({}, { requestedBy: 'sam' });
    expect(await refusal('approve', 'sam')).toBe('Nobody answers about their own request.');
    await goesOn('cleo');
  });
});

describe('four eyes', () => {
  beforeEach(() => wait(ladder({ role: 'compliance', hours: 4, needed: 2 }, { role: 'operations', hours: 4 })));

  it('are two people: nobody counts twice, by whatever name', async () => {
    expect(await say('approve', 'carla')).toEqual({ accepted: true, why: '1 of 2 have said yes' });
    expect(await now()).toMatchObject({ needed: 2, yeses: ['carla'] });
    expect(await refusal('approve', 'carla.rossi')).toMatch(/^This yes was given already/);
    await goesOn('cleo');
    expect(given()).toMatchObject([{ by: 'carla' }, { by: 'cleo' }]);
  });

  it('are not those of a delegate and whom they stand for', async () => {
    await say('approve', 'carla');
    await say('delegate', 'carla', { to: 'sam' });
    expect(await refusal('approve', 'sam')).toMatch(/^This yes was given already/);
    await goesOn('cleo');
  });

  it('and one no is a no', async () => {
    await say('approve', 'carla');
    await say('reject', 'cleo', { reason: 'no' });
    expect(await handle.result()).toMatchObject({ outcome: 'rejected' });
  });

  it('begin anew after an edit', async () => {
    await say('approve', 'carla');
    await say('edit', 'cleo', { edit: { plan: 'starter' } });
    expect(await now()).toMatchObject({ yeses: [], barred: ['dario', 'cleo'] });
    await say('approve', 'carla');
    expect(await refusal('approve', 'cleo')).toMatch(/own edit/);
    await goesOn('omar');
  });
});

describe('a question to whoever asked for the case', () => {
  it('stops the clock until they answer, and only they do', async () => {
    await wait(ladder({ role: 'compliance', hours: 0.0005 }));
    expect(await refusal('inform', 'dario', { reason: 'well' })).toBe('The requester was not asked anything.');
    await say('ask-info', 'carla', { reason: 'Which contract is it?' });
    const held = await now();
    expect(held).toMatchObject({ held: { by: 'carla', question: 'Which contract is it?' } });
    expect(await refusal('inform', 'cleo', { reason: 'this one' })).toMatch(/^Only whoever asked for it/);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await say('inform', 'dario', { reason: 'The one of May.' });
    const on = await now();
    expect(on).not.toHaveProperty('held');
    expect(on.remarks.map(({ by, verdict, words }) => [by, verdict, words])).toEqual([
      ['carla', 'ask-info', 'Which contract is it?'],
      ['dario', 'inform', 'The one of May.'],
    ]);
    expect(Date.parse(on.until) - Date.parse(held.until)).toBeGreaterThan(1000);
    await goesOn('carla');
  });

  it('that is not answered does not keep the request open: silence is a no', async () => {
    await wait(ladder({ role: 'compliance', hours: 0.0003 }));
    await say('ask-info', 'carla', { reason: 'Which contract is it?' });
    expect(await handle.result()).toMatchObject({ outcome: 'rejected' });
  });
});

describe('business hours', () => {
  it('are the only ones that a ladder counts', async () => {
    const tomorrow = new Date(Date.now() + 24 * HOUR_MS);
    const calendar = { days: [tomorrow.getUTCDay()], fromHour: 8, toHour: 18, holidays: [] };
    await wait({ ...ladder({ role: 'compliance', hours: 2 }, { role: 'operations', hours: 3 }), calendar });
    const day = tomorrow.toISOString().slice(0, 10);
    expect(request.until).toBe(`${day}T10:00:00.000Z`);
    expect(request.due).toBe(`${day}T13:00:00.000Z`);
    await goesOn('carla');
  });
});

describe('two answers at once', () => {
  it('are one decision, and the later one hears who decided', async () => {
    await wait();
    const replies = await Promise.all([say('approve', 'carla'), say('reject', 'cleo', { reason: 'no' })]);
    expect(replies.filter(({ accepted }) => accepted)).toHaveLength(1);
    expect(replies.find(({ accepted }) => !accepted)?.why).toMatch(/^already decided by (carla|cleo)$/);
    await handle.result();
    expect(given()).toHaveLength(1);
  });
});

describe('whoever the caller is, as the API knows them', () => {
  it('cannot answer, whatever name the input gives', async () => {
    spine.reset();
    spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
    handle = await spine.client.workflow.start('onboardCustomer', {
      taskQueue: spine.taskQueue,
      workflowId: `memo-${Date.now()}`,
      args: [onboarding()],
      memo: { startedBy: 'carla.rossi' },
    });
    request = await openRequest(handle);
    expect(await refusal('approve', 'carla')).toBe('Nobody answers about their own request.');
    await goesOn('cleo');
  });
});
