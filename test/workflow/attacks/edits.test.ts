import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Said } from '../../../client/answering.ts';
import { type AttackedCase, type Message, proposalLadder, STAFF, startAttacked } from '../../support/attacked-case.ts';

let attacked: AttackedCase;
beforeAll(async () => {
  attacked = await startAttacked();
});
afterAll(() => attacked.spine.stop());

const YES = { verdict: 'approve' } as const;
const edited = (edit: Message): Said => ({ verdict: 'edit', edit });

describe('an edit', () => {
  it('after a yes voids it: nobody has agreed to what they have not read, in 21 ways (BA-84, BA-87)', async () => {
    const hours = 4;
    const policy = proposalLadder({ role: 'compliance', hours, needed: 2 }, { role: 'operations', hours, needed: 2 });
    await attacked.open({ policy, people: [...STAFF, { person: 'cyd', roles: ['compliance'], aliases: [] }] });
    const unread = /^The digest is not that of the open request/;
    const another = /^The signature is for another digest/;
    const rounds = [
      { voter: 'cleo', editor: 'omar', plan: 'starter' },
      { voter: 'ottilie', editor: 'cleo', plan: 'business' },
      { voter: 'carla', editor: 'ottilie', plan: 'starter' },
    ];
    for (const { voter, editor, plan } of rounds) {
      attacked.request = await attacked.now();
      const early = await attacked.sign('cyd', YES);
      const yes = await attacked.take(voter, YES);
      const edit = await attacked.take(editor, edited({ plan }));
      const { digest, yeses, call } = await attacked.now();
      expect({ yeses, plan: call?.['plan'] }).toEqual({ yeses: [], plan });
      await attacked.attacks([
        ['the yes again', yes, unread],
        ['the yes under the new digest', { ...yes, digest }, another],
        ['the yes under its first letters', { ...yes, digest: digest.slice(0, 8) }, another],
        ['a yes to the old one that was not sent yet', early, unread],
        ['the same under the new digest', { ...early, digest }, another],
        ['the edit again', edit, unread],
        ['a claim of the old one', attacked.sign('cyd', { verdict: 'claim' }), unread],
      ]);
    }
    attacked.noneAccepted(21);
    expect(attacked.created).toEqual([]);
    await attacked.take('carla', YES);
    await attacked.goesOn('cyd', { plan: 'starter' });
    expect(attacked.answers).toMatchObject([{ by: 'carla' }, { by: 'cyd' }]);
  });

  it('of what the case binds, to another tool, or of a wrong shape, is refused in 27 ways (BA-84, BA-87)', async () => {
    await attacked.open();
    const bound = /^The case binds /;
    const wrong = /^(?:plan|segment|Unrecognized|[\w.]*: )/;
    const tries: readonly (readonly [Message, RegExp])[] = [
      [{ customerId: 'C-2' }, bound],
      [{ customerId: 'C-1' }, bound],
      [{ customerId: null }, bound],
      [{ requestId: 'R-another' }, bound],
      [{ requestId: '' }, bound],
      [{ plan: 'starter', customerId: 'C-2' }, bound],
      [{ plan: 'starter', requestId: 'R-2' }, bound],
      [{ tool: 'orders.create' }, wrong],
      [{ plan: 'starter', tool: 'expenses.reimburse' }, wrong],
      [{ name: 'expenses.reimburse', arguments: {} }, wrong],
      [{ call: { tool: 'orders.create' } }, wrong],
      [{ _meta: { 'dev.governor/idempotency-key': 'k' } }, wrong],
      [{ key: 'k' }, wrong],
      [{ approvals: [] }, wrong],
      [{ confidence: 1 }, wrong],
      [{ CustomerId: 'C-2' }, wrong],
      [{ 'customerId ': 'C-2' }, wrong],
      [{ 'customer\u200bId': 'C-2' }, wrong],
      [JSON.parse('{"__proto__": {"customerId": "C-2"}}'), /^The signature is for another answer/],
      [JSON.parse('{"constructor": {"prototype": {}}}'), wrong],
      [{ plan: 'platinum' }, wrong],
      [{ plan: '' }, wrong],
      [{ plan: ['starter'] }, wrong],
      [{ plan: { toString: 'starter' } }, wrong],
      [{ plan: null }, wrong],
      [{ segment: 'everybody' }, wrong],
      [{ segment: 7 }, wrong],
    ];
    for (const [edit, why] of tries)
      await attacked.attack(JSON.stringify(edit), attacked.sign('carla', edited(edit)), why);
    attacked.noneAccepted(27);
    await attacked.goesOn('carla');
    expect(attacked.answers).toHaveLength(1);
  });

  it('after the decision changes nothing of it, in 20 ways (BA-84, BA-87)', async () => {
    await attacked.open();
    const { promise: allSent, resolve: goOn } = Promise.withResolvers<void>();
    attacked.spine.tools.answer('documents.generate', async ({ accountId }) => {
      await allSent;
      return { documentId: `sha256-${'b'.repeat(64)}`, accountId, bytes: 1, pages: 1 };
    });
    const { call } = attacked.request;
    await attacked.take('carla', YES);
    const late = /^already decided by carla/;
    for (const by of ['carla', 'cleo', 'omar', 'ottilie'])
      for (const edit of [
        { plan: 'starter' },
        { plan: 'enterprise' },
        { segment: 'small-business' },
        { customerId: 'C-2' },
        {},
      ])
        await attacked.attack(`${by}: ${JSON.stringify(edit)}`, attacked.sign(by, edited(edit)), late);
    attacked.noneAccepted(20);
    goOn();
    expect(await attacked.handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(attacked.created).toEqual([call]);
    expect(attacked.answers).toMatchObject([{ by: 'carla', verdict: 'approve' }]);
  });
});
