import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { type Spine, startSpine } from '../support/spine.ts';
import { TICKETS, ticketMessage, ticketRelease } from '../support/ticket-cases.ts';

const always = { days: [0, 1, 2, 3, 4, 5, 6], fromHour: 0, toHour: 24, holidays: [] };
/** Minutes; a page after three quarters of a second. */
const quick = { low: 100, normal: 0.025, high: 100, urgent: 100 };
const ROLES = [
  { person: 'omar', roles: ['operations' as const], aliases: [] },
  { person: 'sol', roles: ['support-lead' as const], aliases: ['sol.berg'] },
];

/** The queues of the house, of which two have owners of their own. */
const OWNERS = TICKETS.queues.map((queue) => ({
  ...queue,
  owner:
    queue.queue === 'cash'
      ? ('operations' as const)
      : queue.queue === 'transfers'
        ? ('compliance' as const)
        : queue.owner,
}));

let spine: Spine;
let tickets = 0;
beforeAll(async () => {
  spine = await startSpine({ people: ROLES, release: ticketRelease() });
});
beforeEach(() =>
  spine.reset(ticketRelease({ queues: OWNERS, clock: always, answerWithinMinutes: quick, pageAt: 0.5 })),
);
afterAll(() => spine.stop());

const watch = (change: Record<string, unknown> = {}) => {
  tickets += 1;
  const ticketId = `tkt-${String(tickets).padStart(12, '0')}`;
  return spine.start('watchTicket', {
    ticketId,
    destination: 'cash',
    priority: 'low',
    since: new Date().toISOString(),
    ...change,
  });
};
/** A watch under the id that its ticket gives it. */
async function watched(beginsInMs = 0) {
  const ticketId = `tkt-${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const ticket = {
    ticketId,
    destination: 'cash',
    priority: 'normal',
    since: new Date(Date.now() + beginsInMs).toISOString(),
  };
  return { ticketId, handle: await spine.start('watchTicket', ticket, `watch-${ticketId}`) };
}
/** As soon as the watch listens. */
async function tell(handle: WorkflowHandle, news: Record<string, unknown>): Promise<void> {
  for (;;) {
    try {
      return await handle.executeUpdate('ticket', { args: [{ by: 'sol', ...news }] });
    } catch (error) {
      const why = error instanceof WorkflowUpdateFailedError ? String(error.cause) : '';
      if (!why.includes('No registered handler')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
/** To whom, and what. */
const pages = () =>
  spine.tools.calls
    .filter(({ tool }) => tool === 'notifications.post')
    .map(({ call: { channel, message } }) => `${channel}: ${message}`);

describe('the clock of a ticket', () => {
  it('ends when somebody has answered in time, and pages nobody', async () => {
    const handle = await watch();
    await tell(handle, { news: 'answered' });
    expect(await handle.result()).toMatchObject({
      outcome: 'answered',
      destination: 'cash',
      paged: false,
      corrections: 0,
    });
    expect(pages()).toEqual([]);
  });

  it('pages the owner before it is late, and the lead when it is', async () => {
    const handle = await watch({ priority: 'normal' });
    await expect.poll(() => pages().length, { timeout: 20_000 }).toBe(2);
    const [ticketId] = /tkt-\d+/.exec(pages()[0] ?? '') ?? [];
    expect(pages()).toEqual([
      `operations: Ticket ${ticketId} in cash will soon be answered too late.`,
      `support-lead: Ticket ${ticketId} in cash was not answered in time.`,
    ]);
    await tell(handle, { news: 'answered' });
    expect(await handle.result()).toMatchObject({ outcome: 'breached', paged: true });
  });

  it('pages whom the new queue belongs to where it was moved after a page', async () => {
    const slow = { ...quick, normal: 5 };
    spine.reset(ticketRelease({ queues: OWNERS, clock: always, answerWithinMinutes: slow, pageAt: 0.002 }));
    const handle = await watch({ priority: 'normal' });
    await expect.poll(() => pages().length, { timeout: 20_000 }).toBe(1);
    await tell(handle, { news: 'correct', queue: 'transfers' });
    await expect.poll(() => pages().length, { timeout: 20_000 }).toBe(2);
    expect(pages().map((page) => page.split(':')[0])).toEqual(['operations', 'compliance']);
    await tell(handle, { news: 'answered' });
    expect(await handle.result()).toMatchObject({ outcome: 'answered', destination: 'transfers', paged: true });
  });

  it('stands still while the customer has the word', async () => {
    const handle = await watch({ priority: 'normal', since: new Date(Date.now() + 2000).toISOString() });
    await tell(handle, { news: 'waiting-for-customer' });
    await new Promise((resolve) => setTimeout(resolve, 4500));
    expect(pages()).toEqual([]);
    await tell(handle, { news: 'answered' });
    expect(await handle.result()).toMatchObject({ outcome: 'answered' });
  });
});

describe('an answer of the customer', () => {
  const replyTo = (ticketId: string, destination: string | null) => {
    spine.tools.answer('tickets.receive', ({ messageDigest }) => ({
      messageDigest,
      ticketId,
      state: 'reply',
      destination,
    }));
    return spine.start('routeTicket', ticketMessage()).then((handle) => handle.result());
  };

  it('lets the clock go on that stood still for it', async () => {
    // No bell rings before it stands still, however busy the machine is.
    const { ticketId, handle } = await watched(60_000);
    await tell(handle, { news: 'waiting-for-customer' });
    expect(await replyTo(ticketId, 'cash')).toMatchObject({ outcome: 'routed', joined: true });
    await expect.poll(() => pages().length, { timeout: 20_000 }).toBe(2);
    await tell(handle, { news: 'answered' });
    expect(await handle.result()).toMatchObject({ outcome: 'breached' });
  });

  it('is owed an answer again where the ticket had been answered already', async () => {
    const { ticketId, handle } = await watched();
    await tell(handle, { news: 'answered' });
    await handle.result();
    const { runId } = await handle.describe();
    await replyTo(ticketId, 'cash');
    const again = spine.client.workflow.getHandle(`watch-${ticketId}`);
    expect((await again.describe()).runId).not.toBe(runId);
    await tell(again, { news: 'answered' });
    expect(await again.result()).toMatchObject({ ticketId, destination: 'cash' });
  });

  it.each([null, 'suspended'])('to a ticket that lies in no queue (%s) starts no clock', async (destination) => {
    const ticketId = `tkt-${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
    await replyTo(ticketId, destination);
    await expect(spine.client.workflow.getHandle(`watch-${ticketId}`).describe()).rejects.toThrow(/not found/);
  });
});

describe('a correction by a person', () => {
  it('moves the ticket and is recorded as an outcome, with who said so', async () => {
    const handle = await watch();
    await tell(handle, { news: 'correct', queue: 'transfers', reason: 'it is a transfer' });
    await tell(handle, { news: 'answered' });
    expect(await handle.result()).toMatchObject({ destination: 'transfers', corrections: 1 });
    expect(spine.tools.effects.find(({ tool }) => tool === 'tickets.correct')?.call).toMatchObject({
      from: 'cash',
      to: 'transfers',
      by: 'sol',
    });
  });

  it.each([
    ['by somebody who is not of the desk', { by: 'eve', news: 'correct', queue: 'cash' }, /people of the desk/],
    ['into a queue that there is not', { news: 'correct', queue: 'nowhere' }, /A correction names one of/],
    ['without a queue', { news: 'correct' }, /A correction names one of/],
    ['in other words', { news: 'solved' }, /news/],
  ])('%s is refused in words', async (_, news, words) => {
    const handle = await watch();
    const error = await tell(handle, news).catch((raised: { cause?: Error }) => raised.cause);
    expect(String(error)).toMatch(words);
    await tell(handle, { news: 'answered' });
    expect(await handle.result()).toMatchObject({ corrections: 0 });
  });
});

it('the clock of a ticket belongs to the tenant of its case, and is found by it (BA-88)', async () => {
  const tenant = `north-${crypto.randomUUID().slice(0, 8)}`;
  const handle = await spine.client.workflow.start('routeTicket', {
    taskQueue: spine.taskQueue,
    workflowId: `routeTicket-${crypto.randomUUID()}`,
    args: [ticketMessage()],
    memo: { tenant, startedBy: 'app:mail' },
    typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.tenant, value: tenant }],
  });
  const { ticketId } = (await handle.result()) as { ticketId: string };
  const child = await spine.client.workflow.getHandle(`watch-${ticketId}`).describe();
  expect(child.memo).toMatchObject({ tenant, startedBy: 'app:mail' });
  expect(child.typedSearchAttributes.get(SEARCH_ATTRIBUTES.tenant)).toBe(tenant);
});
