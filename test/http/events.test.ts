import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, type HttpRig, startHttpRig, waitingCase } from '../support/http-rig.ts';

let rig: HttpRig;
beforeAll(async () => {
  rig = await startHttpRig();
});
afterAll(() => rig.stop());
beforeEach(() => rig.spine.reset());

interface Heard {
  readonly event: string;
  readonly id: string;
  readonly data: { case?: string; approval?: string; stage?: string; outcome?: string };
  readonly at: number;
}

/** Listens until `enough`, and gives all that was heard. */
async function listen(who: Caller, path: string, since?: string) {
  const answer = await rig.call(who, 'GET', path, since ? { headers: { 'last-event-id': since } } : {});
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const heard: Heard[] = [];
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const read = async (): Promise<void> => {
    let text = '';
    for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
      const blocks = (text + chunk.value).split('\n\n');
      text = blocks.pop() ?? '';
      heard.push(...blocks.flatMap(eventIn));
    }
  };
  return { heard, ended: read(), stop: () => reader?.cancel() };
}

function eventIn(block: string): Heard[] {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const [event, id = '', data = ''] = [field('event'), field('id'), field('data')];
  return event ? [{ event, id, data: JSON.parse(data), at: Date.now() }] : [];
}

const answerIt = (path: string, digest: string) =>
  rig.call('carla', 'POST', `${path}/answers`, { body: { verdict: 'approve', digest } });

describe('the events of open requests', () => {
  it('tell soon that one opened, and that it closed', async () => {
    const stream = await listen('carla', '/v1/approvals/events');
    const { id, path, request } = await waitingCase(rig);
    const opened = Date.now();
    const heard = (event: string) => stream.heard.find((each) => each.event === event && each.data.case === id);
    await expect.poll(() => heard('opened'), { timeout: 15_000, interval: 20 }).toBeTruthy();
    expect((heard('opened')?.at ?? 0) - opened).toBeLessThan(10_000);
    expect(heard('opened')?.data).toMatchObject({
      approval: request.approval,
      digest: request.digest,
      requestedBy: 'dario',
    });
    await answerIt(path, request.digest);
    const answered = Date.now();
    await expect.poll(() => heard('closed'), { timeout: 15_000, interval: 20 }).toBeTruthy();
    expect((heard('closed')?.at ?? 0) - answered).toBeLessThan(10_000);
    await stream.stop();
  });

  it('tell that one has changed: claimed, and by whom', async () => {
    const stream = await listen('cleo', '/v1/approvals/events');
    const { id, path, request } = await waitingCase(rig);
    const opened = () => stream.heard.find((each) => each.event === 'opened' && each.data.case === id);
    await expect.poll(opened, { timeout: 15_000 }).toBeTruthy();
    const claim = { verdict: 'claim', digest: request.digest };
    expect((await rig.call('carla', 'POST', `${path}/answers`, { body: claim })).status).toBe(200);
    const changed = () => stream.heard.find((each) => each.event === 'changed' && each.data.case === id);
    await expect.poll(changed, { timeout: 20_000 }).toMatchObject({ data: { claimedBy: 'carla' } });
    await stream.stop();
  });

  it('tell what was missed to who comes back, and to read the list anew where that is not known', async () => {
    const first = await listen('carla', '/v1/approvals/events');
    const one = await waitingCase(rig);
    await expect.poll(() => first.heard.some(({ data }) => data.case === one.id), { timeout: 5000 }).toBe(true);
    const since = first.heard.at(-1)?.id ?? '';
    await first.stop();
    const two = await waitingCase(rig);
    const back = await listen('carla', '/v1/approvals/events', since);
    await expect.poll(() => back.heard.map(({ data }) => data.case), { timeout: 5000 }).toEqual([two.id]);
    await back.stop();
    const lost = await listen('carla', '/v1/approvals/events', 'elsewhere:7');
    await expect.poll(() => lost.heard[0]?.event, { timeout: 5000 }).toBe('reset');
    await lost.stop();
  });

  it('are a tenant’s own, and a requester’s own (BA-88)', async () => {
    const far = await listen('far', '/v1/approvals/events');
    const own = await listen('carla', '/v1/approvals/events');
    const { id } = await waitingCase(rig);
    await expect.poll(() => own.heard.some(({ data }) => data.case === id), { timeout: 5000 }).toBe(true);
    expect(far.heard).toEqual([]);
    await Promise.all([far.stop(), own.stop()]);
  });
});

describe('the events of a case', () => {
  it('tell its stages, what it asks, and its end, and then end themselves', async () => {
    const { id, path, request } = await waitingCase(rig);
    const stream = await listen('shop', `/v1/cases/${id}/events`);
    await expect.poll(() => stream.heard.map(({ event }) => event), { timeout: 5000 }).toEqual(['stage', 'request']);
    expect(stream.heard[1]?.data).toMatchObject({ waiting: [{ approval: request.approval }] });
    await answerIt(path, request.digest);
    await stream.ended;
    expect(stream.heard.at(-1)).toMatchObject({ event: 'end', data: { case: id, outcome: 'onboarded' } });
    const again = await listen('shop', `/v1/cases/${id}/events`, stream.heard.at(-1)?.id);
    await again.ended;
    expect(again.heard.map(({ event }) => event)).toEqual(['end']);
  });

  it('end when the process is told to stop', async () => {
    const other = await startHttpRig();
    const { id } = await waitingCase(other);
    const answer = await other.call('shop', 'GET', `/v1/cases/${id}/events`);
    const poll = other.call('shop', 'GET', `/v1/cases/${id}/result?wait=60`);
    other.stopping.abort();
    await answer.text();
    expect((await poll).status).toBe(202);
    await other.stop();
  });
});
