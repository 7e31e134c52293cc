import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenRequest } from '../../contracts/messages.ts';
import { PLAN } from '../support/cases.ts';
import { type Caller, type HttpRig, problemOf, shortOfMoney, startHttpRig, waitingCase } from '../support/http-rig.ts';

let rig: HttpRig;
beforeAll(async () => {
  rig = await startHttpRig();
});
afterAll(() => rig.stop());
beforeEach(() => {
  rig.spine.reset();
  rig.past.length = 0;
});

interface Listed {
  readonly approvals: { case: string; approval: string; until: string; digest: string; requestedBy?: string }[];
  readonly total: number;
  readonly next?: string;
}
const list = async (who: Caller, query = '') =>
  (await (await rig.call(who, 'GET', `/v1/approvals${query}`)).json()) as Listed;
const isListed = async (who: Caller, id: string, query = '') =>
  (await list(who, query)).approvals.some((row) => row.case === id);
const listed = (who: Caller, id: string, query = '') =>
  expect.poll(() => isListed(who, id, query), { timeout: 5000, interval: 50 });

const answerAs = (who: Caller, path: string, body: Record<string, unknown>) =>
  rig.call(who, 'POST', `${path}/answers`, { body });
const yesTo = ({ digest }: OpenRequest) => ({ verdict: 'approve', digest });

describe('the list of open requests', () => {
  it('shows what is asked, of whom, by when, and who asks', async () => {
    const { id, request } = await waitingCase(rig);
    await listed('carla', id).toBe(true);
    const row = (await list('carla')).approvals.find((each) => each.case === id);
    expect(row).toMatchObject({
      approval: request.approval,
      kind: 'proposal',
      role: 'compliance',
      subject: request.subject,
      risk: request.risk,
      tier: request.tier,
      digest: request.digest,
      requestedBy: 'dario',
      process: 'onboardCustomer',
    });
  });

  it('shows a requester their own alone, and nobody another tenant’s (BA-88)', async () => {
    const { id } = await waitingCase(rig);
    await listed('carla', id).toBe(true);
    expect(await isListed('far', id)).toBe(false);
    expect((await rig.call('shop', 'GET', '/v1/approvals')).status).toBe(403);
  });

  it('filters, sorts, searches, and keeps to what the caller may answer', async () => {
    const { id } = await waitingCase(rig);
    await listed('carla', id).toBe(true);
    expect(await isListed('carla', id, '?mine=true')).toBe(true);
    expect(await isListed('mia', id, '?mine=true')).toBe(false);
    expect(await isListed('carla', id, '?kind=budget')).toBe(false);
    expect(await isListed('carla', id, '?role=director')).toBe(false);
    expect(await isListed('carla', id, `?q=${id.slice(-8).toUpperCase()}`)).toBe(true);
    expect((await list('carla', '?q=no-such-words')).total).toBe(0);
    const dues = (await list('carla', '?sort=-due')).approvals.map(({ until }) => until);
    expect(dues).toEqual(dues.toSorted().toReversed());
  });

  it('comes in pages that meet at their ends, also when the row at the end has gone', async () => {
    const made = [await waitingCase(rig), await waitingCase(rig), await waitingCase(rig)];
    for (const { id } of made) await listed('carla', id).toBe(true);
    const all = (await list('carla')).approvals;
    const first = await list('carla', '?limit=2');
    expect(first.total).toBe(all.length);
    const end = first.approvals[1];
    await rig.call('omar', 'POST', `/v1/cases/${end?.case}/cancel`);
    await listed('carla', String(end?.case)).toBe(false);
    const second = await list('carla', `?limit=2&cursor=${first.next}`);
    expect(second.approvals.map((row) => row.case)).toEqual(all.slice(2, 4).map((row) => row.case));
  });

  it('refuses a cursor that is none of its own', async () => {
    for (const cursor of ['x', 'bnVsbA', 'e30'])
      expect((await rig.call('carla', 'GET', `/v1/approvals?cursor=${cursor}`)).status).toBe(422);
  });
});

describe('a request', () => {
  it('shows all that an answer rests on, and whether the caller may give it', async () => {
    const { request, path, id } = await waitingCase(rig);
    const show = async (who: Caller) => (await (await rig.call(who, 'GET', path)).json()) as Record<string, never>;
    expect(await show('carla')).toMatchObject({
      case: id,
      request: { call: { customerId: 'C-1', ...PLAN }, digest: request.digest },
      mayAnswer: true,
      timeline: { steps: expect.arrayContaining([expect.objectContaining({ step: 'verifyIdentity' })]) },
      uiUrl: expect.stringContaining(id),
    });
    expect(await show('mia')).toMatchObject({ mayAnswer: false, whyNot: expect.stringMatching(/^Only somebody with/) });
    expect(await show('dario')).toMatchObject({ mayAnswer: false, whyNot: expect.stringMatching(/own request/) });
    expect(await show('viewer')).toMatchObject({ mayAnswer: false, whyNot: expect.stringMatching(/names nobody/) });
    expect(rig.asked.at(-1)).toMatchObject({
      process: 'onboardCustomer',
      kind: 'proposal',
      tenant: expect.stringMatching(/^north-/),
    });
  });

  it('is not there for another tenant, and neither is one that nobody asked (BA-88)', async () => {
    const { id, path, request } = await waitingCase(rig);
    expect((await rig.call('far', 'GET', path)).status).toBe(404);
    expect((await answerAs('far', path, yesTo(request))).status).toBe(404);
    const none = await problemOf(await rig.call('carla', 'GET', `/v1/approvals/${id}/nothing-1`));
    expect(none).toMatchObject({ status: 404, detail: expect.stringContaining(request.approval) });
  });

  it('is decided by nobody who only looks at it (BA-87)', async () => {
    const { path, request } = await waitingCase(rig);
    for (const method of ['GET', 'HEAD'] as const) {
      await rig.call('carla', method, path);
      await rig.call('carla', method, `${path}/answers`);
      await rig.call('carla', method, `${path}/answers?verdict=approve&digest=${request.digest}`);
    }
    const shown = (await (await rig.call('carla', 'GET', path)).json()) as { request: OpenRequest };
    expect(shown.request.digest).toBe(request.digest);
    expect(shown.request.yeses).toEqual([]);
  });
});

describe('an answer', () => {
  it('is taken in the caller’s name and signed, and the list knows at once (BA-87)', async () => {
    const { id, path, request } = await waitingCase(rig);
    await listed('carla', id).toBe(true);
    const answer = await answerAs('carla', path, { ...yesTo(request), reason: 'she called' });
    expect(await answer.json()).toEqual({ accepted: true });
    expect(await isListed('carla', id)).toBe(false);
    await rig.call('shop', 'GET', `/v1/cases/${id}/result?wait=20`);
    const decision = rig.spine.decisions.find(({ step }) => step === 'createAccount');
    expect(decision?.answers).toMatchObject([{ by: 'carla', role: 'compliance', identity: 'signed', via: 'update' }]);
  });

  it('that comes second hears who was faster, while the case goes on and when it is over', async () => {
    const { id, path, request } = await waitingCase(rig);
    const both = await Promise.all([answerAs('carla', path, yesTo(request)), answerAs('cleo', path, yesTo(request))]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const winner = both[0]?.status === 200 ? 'carla' : 'cleo';
    const late = await problemOf(both.find(({ status }) => status === 409) as Response);
    await rig.call('shop', 'GET', `/v1/cases/${id}/result?wait=20`);
    rig.past.push(pastOf(id, request.approval, winner));
    const after = await problemOf(await answerAs('cleo', path, yesTo(request)));
    expect(after).toMatchObject({ status: 409, detail: `already decided by ${winner}`, decidedBy: winner });
    expect(late.status).toBe(409);
  });

  it('by one of twenty at once is taken once (BA-87)', async () => {
    const { id, path, request } = await waitingCase(rig);
    // Who hears that nobody has the time says it again, as the client does; the first time may have counted all the same.
    const statusOf = async (status = 503): Promise<number> =>
      status === 503 ? statusOf((await answerAs('carla', path, yesTo(request))).status) : status;
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf()));
    expect(statuses.toSorted().slice(1)).toEqual(Array.from({ length: 19 }, () => 409));
    expect([200, 409]).toContain(Math.min(...statuses));
    await rig.call('shop', 'GET', `/v1/cases/${id}/result?wait=20`);
    expect(rig.spine.tools.effects.filter(({ tool }) => tool === 'accounts.create')).toHaveLength(1);
  });

  it.each([
    ['whoever asked for it', 'dario', {}, 403, /own request/],
    ['somebody of another role', 'mia', {}, 403, /Only somebody with the role/],
    ['a program', 'shop', {}, 403, /roles do not allow|Ask whoever/],
    ['a reader', 'viewer', {}, 403, /Ask whoever/],
    ['one who read another request', 'carla', { digest: 'f'.repeat(64) }, 409, /Read it again/],
    ['one who gives no reason for a no', 'carla', { verdict: 'reject' }, 422, /needs a reason/],
    ['one who says what is not asked', 'carla', { verdict: 'split' }, 422, /takes approve, edit, reject/],
    ['one who edits what is bound', 'carla', { verdict: 'edit', edit: { customerId: 'C-2' } }, 422, /customerId/],
    ['one who edits into nonsense', 'carla', { verdict: 'edit', edit: { plan: 'golden' } }, 422, /plan/],
    ['one who hides an edit in a yes', 'carla', { edit: { plan: 'free' } }, 422, /Only the verdict edit/],
    ['one who names somebody else', 'carla', { by: 'cleo' }, 422, /by/],
    ['one who brings a token along', 'carla', { token: 'x.y.z' }, 422, /token/],
    ['one with a digest of seven', 'carla', { digest: 'abcdef0' }, 422, /digest/],
  ])('of %s is refused in words, and the request stays open', async (_, who, change, status, words) => {
    const { path, request } = await waitingCase(rig);
    const refused = await problemOf(await answerAs(who as Caller, path, { ...yesTo(request), ...change }));
    expect(refused.status).toBe(status);
    expect(refused.detail).toMatch(words);
    expect((await rig.call('carla', 'GET', path)).status).toBe(200);
  });

  it('can be had as a token, with the line that sends it, and nothing is sent', async () => {
    const { path, request, id } = await waitingCase(rig);
    const signed = await rig.call('carla', 'POST', `${path}/signature`, { body: yesTo(request) });
    const { token, command } = (await signed.json()) as { token: string; command: string };
    expect(token.split('.')).toHaveLength(3);
    expect(command).toMatch(new RegExp(`^temporal workflow signal --workflow-id ${id} --name answer --input '`));
    expect((await rig.call('carla', 'GET', path)).status).toBe(200);
    const input = JSON.parse(/--input '(.*)'$/s.exec(command)?.[1] ?? '{}') as object;
    await rig.spine.client.workflow.getHandle(id).signal('answer', input);
    const result = await rig.call('shop', 'GET', `/v1/cases/${id}/result?wait=20`);
    expect(await result.json()).toMatchObject({ outcome: 'onboarded' });
  });

  it('without a signature moves nothing, however it gets to the case (BA-87)', async () => {
    const { path, request, id } = await waitingCase(rig);
    const forged = { approval: request.approval, by: 'carla', ...yesTo(request) };
    await rig.spine.client.workflow.getHandle(id).signal('answer', forged);
    await expect(rig.spine.client.workflow.getHandle(id).executeUpdate('answer', { args: [forged] })).rejects.toThrow();
    expect((await rig.call('carla', 'GET', path)).status).toBe(200);
  });
});

describe('answers in bulk', () => {
  const item = ({ id, request }: { id: string; request: OpenRequest }) => ({
    case: id,
    approval: request.approval,
    digest: request.digest,
  });
  const bulk = (who: Caller, body: unknown) => rig.call(who, 'POST', '/v1/approvals/bulk', { body });

  it('are given to each of those that are alike and risk little', async () => {
    const cases = [await shortOfMoney(rig), await shortOfMoney(rig)];
    expect(cases.map(({ request }) => [request.kind, request.risk])).toEqual(cases.map(() => ['budget', 'low']));
    const stale = { ...item(await shortOfMoney(rig)), digest: 'f'.repeat(64) };
    const answer = await bulk('omar', { verdict: 'stop', items: [...cases.map(item), stale] });
    const { results } = (await answer.json()) as { results: { accepted: boolean; why?: string }[] };
    expect(results.map(({ accepted }) => accepted)).toEqual([true, true, false]);
    expect(results[2]?.why).toMatch(/Read it again/);
    for (const { id } of cases) {
      const result = await rig.call('shop', 'GET', `/v1/cases/${id}/result?wait=20`);
      expect(await result.json()).toMatchObject({ outcome: 'over-budget' });
    }
  });

  it('are for one kind alone', async () => {
    const budget = await shortOfMoney(rig);
    const other = await waitingCase(rig);
    const answer = await bulk('omar', { verdict: 'stop', items: [item(budget), item(other)] });
    // What risks more is told so before its kind matters.
    const { results } = (await answer.json()) as { results: { accepted: boolean; why?: string }[] };
    expect(results[1]).toMatchObject({
      accepted: false,
      why: 'The risk of createAccount-1 is high: answer it on its own.',
    });
    expect((await rig.call('carla', 'GET', other.path)).status).toBe(200);
  });

  it('say of each what came of it, and one that is gone takes none along', async () => {
    const one = await waitingCase(rig);
    const gone = { case: one.id, approval: 'nothing-1', digest: one.request.digest };
    const strange = { case: 'onboardCustomer-0', approval: 'x-1', digest: one.request.digest };
    const answer = await bulk('carla', { verdict: 'approve', items: [gone, strange, item(one)] });
    const { results } = (await answer.json()) as { results: { approval: string; accepted: boolean; why?: string }[] };
    expect(results.map(({ approval }) => approval)).toEqual(['nothing-1', 'x-1', one.request.approval]);
    expect(results[0]).toMatchObject({ accepted: false, why: expect.stringMatching(/asks no such thing/) });
    expect(results[1]).toMatchObject({ accepted: false, why: expect.stringMatching(/No such case/) });
  });

  it.each([
    ['nothing', { verdict: 'approve', items: [] }],
    [
      'one request twice',
      { verdict: 'approve', items: [1, 2].map(() => ({ case: 'a', approval: 'b', digest: 'abcdef01' })) },
    ],
    [
      'too many',
      {
        verdict: 'approve',
        items: Array.from({ length: 51 }, (_, n) => ({ case: `${n}`, approval: 'b', digest: 'abcdef01' })),
      },
    ],
    ['a move', { verdict: 'claim', items: [{ case: 'a', approval: 'b', digest: 'abcdef01' }] }],
  ])('of %s are refused', async (_, body) => {
    expect((await bulk('carla', body)).status).toBe(422);
  });
});

it('the decisions of a case are there when the server has forgotten it, for who may read every case (OB-91)', async () => {
  const forgotten = `onboardCustomer-${'a'.repeat(32)}`;
  rig.past.push(pastOf(forgotten, 'createAccount-1', 'carla'));
  const path = `/v1/cases/${forgotten}/decisions`;
  const read = await rig.call('carla', 'GET', path);
  expect(await read.json()).toMatchObject({ decisions: [{ caseId: forgotten, answers: [{ by: 'carla' }] }] });
  expect(rig.asked.at(-1)).toMatchObject({ caseId: forgotten, tenant: expect.stringMatching(/^north-/) });
  expect((await rig.call('shop', 'GET', path)).status).toBe(404);
  expect((await rig.call('carla', 'GET', path.replace('aaaa', 'bbbb'))).status).toBe(404);
});

function pastOf(caseId: string, approval: string, by: string) {
  const at = '2026-03-02T09:00:00Z';
  const answer = { approval, verdict: 'approve', by, role: 'compliance', at, identity: 'signed' as const };
  const made = {
    step: 'createAccount',
    agent: 'createAccount',
    tool: 'accounts.create',
    outcome: 'done',
    costMicroUsd: 0,
  };
  return { caseId, process: 'onboardCustomer', at, ...made, verdict: 'needs-approval', answers: [answer] };
}
