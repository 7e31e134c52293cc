import type { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Failed, fail } from '../../contracts/failures.ts';
import type { Ticketed } from '../../contracts/tickets.ts';
import { failed, says } from '../support/cases.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';
import { ticketMessage, ticketRelease } from '../support/ticket-cases.ts';

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine({ release: ticketRelease() });
});
beforeEach(() => spine.reset(ticketRelease()));
afterAll(() => spine.stop());

const route = async (): Promise<Ticketed> => (await spine.start('routeTicket', ticketMessage())).result();
/** A good answer, but for what a test changes of it. */
const READING = {
  priority: { level: 'normal', confidence: 0.9 },
  language: { code: 'en', confidence: 0.9 },
  intents: [{ intent: 'failed_transfer', confidence: 0.9 }],
};
const assigned = () => spine.tools.effects.filter(({ tool }) => tool === 'tickets.assign').map(({ call }) => call);

describe('when things break', () => {
  it('a message that no model can read goes before a person, and nobody is asked', async () => {
    spine.models.reset(({ agent }) =>
      agent.name === 'classifyTicket'
        ? says({ ...READING, queue: { name: 'no-such-queue', confidence: 1 } })
        : undefined,
    );
    expect(await route()).toMatchObject({ outcome: 'triage', rule: 'not-read' });
  });

  it('a desk that stays down is tried again, then a person decides, and a retry puts it into its queue (TR-31)', async () => {
    spine.tools.answer('tickets.assign', ({ ticketId, destination, priority }, times) =>
      times <= 5 ? failed('ToolUnavailable') : { ticketId, destination, priority },
    );
    const handle = await spine.start('routeTicket', ticketMessage());
    const waiting = await openRequest(handle);
    expect(waiting).toMatchObject({ kind: 'exception', role: 'operations' });
    await answer(handle, waiting, 'retry', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'routed' });
    expect(assigned()).toHaveLength(1);
  });

  it('a desk that asks us to wait is not called again before that, and nobody is asked (TR-32)', async () => {
    const release = ticketRelease();
    const patient = Object.entries(release.agents).map(([name, pin]) => [name, { ...pin, patienceMs: 30_000 }]);
    spine.reset({ ...release, agents: Object.fromEntries(patient) });
    const calledAt: number[] = [];
    spine.tools.answer('tickets.receive', ({ messageDigest }, times) => {
      calledAt.push(Date.now());
      const limited = new Failed(fail('ToolRateLimited', 'a fault of the test'), { retryAfterMs: 2000 });
      return times === 1 ? limited : { messageDigest, ticketId: 'tkt-0123456789ab', state: 'new', destination: null };
    });
    expect(await route()).toMatchObject({ outcome: 'routed' });
    const [first = 0, second = 0, ...others] = calledAt;
    expect(second - first).toBeGreaterThanOrEqual(2000);
    expect(others).toEqual([]);
  });

  it('a ticket whose case ends early goes before people: none is lost', async () => {
    spine.tools.answer('tickets.assign', ({ ticketId, destination, priority }) =>
      destination === 'triage' ? { ticketId, destination, priority } : failed('ToolRejected'),
    );
    const handle = await spine.start('routeTicket', ticketMessage());
    const waiting = await openRequest(handle);
    await answer(handle, waiting, 'abort', 'omar');
    const error = (await handle.result().catch((raised: unknown) => raised)) as WorkflowFailedError;
    expect(error.cause).toMatchObject({ details: [{ leftBehind: ['a reading'] }] });
    expect(assigned()).toMatchObject([{ destination: 'triage', rule: 'not-finished' }]);
  });

  it('a desk that put it somewhere else is not believed', async () => {
    spine.tools.answer('tickets.assign', ({ ticketId, priority }) => ({ ticketId, destination: 'legal', priority }));
    const handle = await spine.start('routeTicket', ticketMessage());
    const error = (await handle.result().catch((raised: unknown) => raised)) as WorkflowFailedError;
    expect(error.cause).toMatchObject({
      type: 'WrongSubject',
      details: [{ agent: 'assignTicket', tool: 'tickets.assign' }],
    });
  });

  it('a release that says nothing of tickets is ReleaseBroken, in words', async () => {
    const release = ticketRelease();
    const { tickets: _, ...policy } = release.policy;
    spine.reset({ ...release, policy });
    const handle = await spine.start('routeTicket', ticketMessage());
    const error = (await handle.result().catch((raised: unknown) => raised)) as WorkflowFailedError;
    expect(error.cause).toMatchObject({
      type: 'ReleaseBroken',
      message: expect.stringContaining('says nothing of tickets'),
    });
  });

  it('shows where it is, like any case', async () => {
    const handle = await spine.start('routeTicket', ticketMessage());
    await handle.result();
    const { steps, outcome } = await status(handle);
    expect([outcome, ...steps.map(({ agent }) => agent)]).toEqual([
      'routed',
      'receiveTicket',
      'classifyTicket',
      'assignTicket',
      'writeAudit',
    ]);
  });
});
