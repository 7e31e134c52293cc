import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenRequest } from '../../contracts/messages.ts';
import { onboarding, PLAN, says } from '../support/cases.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';

let spine: Spine;
let handle: WorkflowHandle;
let request: OpenRequest;

beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());

/** A case that waits for a yes to its account. */
async function wait(change: Record<string, unknown> = {}): Promise<void> {
  spine.reset();
  spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
  handle = await spine.start('onboardCustomer', onboarding(change));
  request = await openRequest(handle);
}

async function goesOn(): Promise<void> {
  await answer(handle, request, 'approve', 'carla');
  expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
}

const refusal = (verdict: string, by: string, more: object = {}): Promise<string> =>
  answer(handle, request, verdict, by, more).then(
    (reply) => `taken: ${JSON.stringify(reply)}`,
    (error: Error) => (error.cause as Error).message,
  );

describe('an answer that cannot be taken', () => {
  beforeEach(() => wait());

  it('is refused in words for its sender, and the case waits on (BA-87)', async () => {
    const table: [what: string, verdict: string, by: string, more: object, why: RegExp][] = [
      ['another digest', 'approve', 'carla', { digest: 'f'.repeat(12) }, /digest is not that of the open request/],
      [
        'a digest too short',
        'approve',
        'carla',
        { digest: request.digest.slice(0, 7) },
        /^digest: the first 8 or more/,
      ],
      ['a role that is not on the ladder', 'approve', 'mia', {}, /role compliance or operations/],
      ['a name that nobody has', 'approve', 'mallory', {}, /role compliance or operations/],
      [
        'a request that is not open',
        'approve',
        'carla',
        { approval: 'sendWelcomeEmail-9' },
        /No such request is open; open are: createAccount-1/,
      ],
      ['a verdict of another kind', 'raise', 'carla', {}, /takes approve, edit, reject/],
      ['a verdict that does not exist', 'maybe', 'carla', {}, /^verdict: /],
      ['an edit under a yes', 'approve', 'carla', { edit: { plan: 'starter' } }, /Only the verdict edit/],
      ['a field that does not exist', 'approve', 'carla', { role: 'director' }, /role/],
    ];
    for (const [what, verdict, by, more, why] of table) expect(await refusal(verdict, by, more), what).toMatch(why);
    expect((await status(handle)).waiting).toMatchObject([{ approval: request.approval }]);
    await goesOn();
  });

  it('changes nothing when it comes as a Signal, whatever it holds', async () => {
    const garbage = [
      undefined,
      null,
      7,
      'yes',
      [],
      {},
      { approval: 1 },
      { ...request, by: null },
      'x'.repeat(1_000_000),
      { approval: request.approval, verdict: 'approve', by: 'carla', digest: 12 },
    ];
    for (const each of garbage) await handle.signal('answer', each);
    await handle.signal('answer');
    await handle.signal('no-such-signal', { a: 1 });
    expect((await status(handle)).waiting).toMatchObject([{ approval: request.approval }]);
    await goesOn();
  });
});

describe('about one’s own request', () => {
  it.each(['carla', 'carla.rossi'])('%s who asked for it may not answer, under any name', async (requestedBy) => {
    await wait({ requestedBy });
    expect(request.command).toContain('"by":"omar"');
    for (const name of ['carla', 'carla.rossi'])
      expect(await refusal('approve', name)).toBe('Nobody answers about their own request.');
    await answer(handle, request, 'approve', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });
});

describe('the first valid answer', () => {
  beforeEach(() => wait());

  it('wins, and later ones hear who decided', async () => {
    spine.tools.answer('documents.generate', async ({ accountId }) => {
      await heard;
      return { documentId: `sha256-${'b'.repeat(64)}`, accountId, bytes: 1, pages: 1 };
    });
    let tell: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      tell = resolve;
    });
    expect(await answer(handle, request, 'approve', 'carla')).toEqual({ accepted: true });
    expect(await answer(handle, request, 'reject', 'omar', { reason: 'too late' })).toEqual({
      accepted: false,
      decidedBy: 'carla',
      why: 'already decided by carla',
    });
    tell();
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });

  it('counts once when it is sent twice as a Signal', async () => {
    const said = { approval: request.approval, verdict: 'approve', by: 'carla', digest: request.digest };
    await Promise.all([
      handle.signal('answer', said),
      handle.signal('answer', said),
      handle.signal('answer', { ...said, verdict: 'reject', reason: 'no' }),
    ]);
    await handle.result().catch(() => undefined);
    const decisions = spine.decisions.filter(({ agent }) => agent === 'createAccount');
    expect(decisions).toHaveLength(1);
    expect(decisions[0]?.answers).toHaveLength(1);
  });
});
