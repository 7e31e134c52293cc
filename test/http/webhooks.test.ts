import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onboarding } from '../support/cases.ts';
import { type HttpRig, problemOf, startHttpRig } from '../support/http-rig.ts';

const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;
const NEXT = `whsec_${Buffer.from('the one that comes after it').toString('base64')}`;
const source = { process: 'onboardCustomer', requestedBy: 'web-form', tenant: 'north' } as const;

let rig: HttpRig;
beforeAll(async () => {
  rig = await startHttpRig({
    webhooks: { form: { ...source, secrets: [SECRET, NEXT] }, other: { ...source, secrets: [NEXT] } },
  });
});
afterAll(() => rig.stop());
beforeEach(() => rig.spine.reset());

interface Delivery {
  readonly to?: string;
  readonly id?: string;
  readonly at?: Date;
  readonly secret?: string;
  readonly sign?: string;
  readonly headers?: Record<string, string>;
}

function deliver(
  body: unknown,
  { to = 'form', id = crypto.randomUUID(), at = new Date(), secret = SECRET, ...more }: Delivery = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, more.sign ?? text),
    ...more.headers,
  };
  return rig.call(undefined, 'POST', `/v1/webhooks/${to}`, { headers, body: text });
}

const form = (change: Record<string, unknown> = {}) => {
  const { requestId: _id, requestedBy: _by, ...rest } = onboarding();
  return { ...rest, ...change };
};
const minutes = (count: number) => new Date(Date.now() + count * 60_000);

describe('a signed delivery', () => {
  it('starts the case of its source, once, however often and late it comes', async () => {
    const body = form();
    const first = await deliver(body, { id: 'msg_1' });
    expect(first.status).toBe(202);
    const started = (await first.json()) as { case: string; run: string };
    await rig.spine.client.workflow.getHandle(started.case).result();
    const again = await Promise.all([deliver(body, { id: 'msg_1' }), deliver(body, { id: 'msg_1', at: minutes(4) })]);
    expect(again.map(({ status }) => status)).toEqual([200, 200]);
    expect(await again[0]?.json()).toEqual(started);
    expect(rig.spine.tools.effects.filter(({ tool }) => tool === 'accounts.create')).toHaveLength(1);
  });

  it('is asked for by its source, whatever it says itself, and refers to its own id', async () => {
    const answer = await deliver(form({ requestedBy: 'carla' }), { id: 'msg_2' });
    const { case: id } = (await answer.json()) as { case: string };
    const handle = rig.spine.client.workflow.getHandle(id);
    const { memo } = await handle.describe();
    expect(memo).toMatchObject({ tenant: 'north', startedBy: 'web-form' });
    const [started] = (await handle.fetchHistory()).events ?? [];
    const payload = started?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    const input = JSON.parse(Buffer.from(payload?.data ?? '').toString()) as Record<string, string>;
    expect(input).toMatchObject({ requestedBy: 'web-form', requestId: expect.stringMatching(/^form-[0-9a-f]{24}$/) });
  });

  it('may have the envelope of Standard Webhooks around it', async () => {
    const envelope = { type: 'form.sent', timestamp: new Date().toISOString(), data: form() };
    expect((await deliver(envelope)).status).toBe(202);
  });

  it('is taken under the next secret while two are good', async () => {
    expect((await deliver(form(), { secret: NEXT })).status).toBe(202);
  });

  it('with another body under the same id is refused', async () => {
    const body = form();
    expect((await deliver(body, { id: 'msg_3' })).status).toBe(202);
    expect((await deliver({ ...body, message: 'Something else.' }, { id: 'msg_3' })).status).toBe(422);
  });

  it('that the process would not take is told which fields', async () => {
    const refused = await problemOf(await deliver({ message: '' }));
    expect(refused.errors?.map(({ field }) => field).toSorted()).toEqual(['document', 'message']);
  });
});

describe('a delivery is not believed', () => {
  it.each<[string, Delivery]>([
    ['of six minutes ago', { at: minutes(-6) }],
    ['of six minutes from now', { at: minutes(6) }],
    ['signed with the secret of another', { to: 'other' }],
    ['signed over another body', { sign: '{}' }],
    ['without a signature', { headers: { 'webhook-signature': '' } }],
    ['with a signature of another version', { headers: { 'webhook-signature': 'v2,AAAA' } }],
    ['signed for another id', { headers: { 'webhook-id': 'msg_other' } }],
    ['signed for another time', { headers: { 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 60) } }],
    ['without a time', { headers: { 'webhook-timestamp': '' } }],
    ['at a time that is none', { headers: { 'webhook-timestamp': 'NaN' } }],
  ])('%s', async (_, change) => {
    const refused = await problemOf(await deliver(form(), change));
    expect(refused).toMatchObject({ status: 400, type: 'urn:governor:problem:bad-signature' });
    expect(rig.spine.models.calls).toEqual([]);
  });

  it('whose bytes were changed on the way, if only by a space', async () => {
    const body = JSON.stringify(form());
    expect((await deliver(`${body} `, { sign: body })).status).toBe(400);
  });

  it.each(['nobody', '__proto__', 'constructor', 'FORM'])('of %s, whom nobody has set up', async (to) => {
    expect((await deliver(form(), { to })).status).toBe(404);
  });

  it('that is larger than any input', async () => {
    expect((await deliver(form({ message: 'x'.repeat(1_600_000) }))).status).toBe(413);
  });
});
