import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Said } from '../../../client/answering.ts';
import { type AttackedCase, away, STAFF, startAttacked } from '../../support/attacked-case.ts';
import { DIRECTORY, expenseFakes, expenseRelease, lineOf, reportOf } from '../../support/expense-cases.ts';
import { orderTools } from '../../support/order-answers.ts';
import { order, orderRelease } from '../../support/order-cases.ts';

let attacked: AttackedCase;
beforeAll(async () => {
  attacked = await startAttacked();
});
afterAll(() => attacked.spine.stop());

const OWN = /^Nobody answers about their own request/;
const SAYINGS: readonly Said[] = [
  { verdict: 'approve' },
  { verdict: 'approve', reason: 'I know it is right' },
  { verdict: 'edit', edit: { plan: 'starter' } },
  { verdict: 'reject', reason: 'no' },
  { verdict: 'claim' },
  { verdict: 'escalate', reason: 'to a friend' },
  { verdict: 'delegate', to: 'sam' },
  { verdict: 'ask-info', reason: 'which one?' },
];
/** Whatever there is to say about a proposal, truly signed by this person. */
async function sayEverything(by: string, why: RegExp, role?: 'compliance'): Promise<void> {
  for (const said of SAYINGS)
    await attacked.attack(`${by}: ${said.verdict}`, attacked.sign(by, said, role ? { role } : {}), why);
}
const withAbsence = (person: string, delegate: string) =>
  STAFF.map((one) => (one.person === person ? { ...one, ...away(-1, 1, delegate) } : one));

describe('approving one’s own request', () => {
  it('is refused to whom the input names, to the caller, and to both, in 24 ways (BA-84, BA-87)', async () => {
    await attacked.open({ input: { requestedBy: 'carla' } });
    await sayEverything('carla', OWN);
    await attacked.goesOn('cleo');
    await attacked.open({ memo: { startedBy: 'carla' } });
    await sayEverything('carla', OWN);
    await attacked.goesOn('omar');
    await attacked.open({ input: { requestedBy: 'cleo' }, memo: { startedBy: 'carla' } });
    for (const by of ['carla', 'cleo'])
      for (const verdict of ['approve', 'claim', 'escalate', 'ask-info'] as const)
        await attacked.attack(`${by}: ${verdict}`, attacked.sign(by, { verdict, reason: 'mine' }), OWN);
    attacked.noneAccepted(24);
    await attacked.goesOn('ottilie');
  });

  it('is refused to whoever stands in for the requester, or hands it to them, in 26 ways (BA-84, BA-87)', async () => {
    await attacked.open({ input: { requestedBy: 'carla' }, people: withAbsence('carla', 'sam') });
    await sayEverything('sam', OWN, 'compliance');
    await attacked.goesOn('cleo');
    await attacked.open({ input: { requestedBy: 'carla.rossi' }, people: withAbsence('carla', 'sam') });
    await sayEverything('sam', OWN, 'compliance');
    await attacked.goesOn('cleo');
    await attacked.open({ input: { requestedBy: 'sam' }, people: withAbsence('carla', 'sam') });
    await sayEverything('sam', OWN, 'compliance');
    for (const to of ['sam', 'Sammy'])
      await attacked.attack(
        `handed to ${to}`,
        attacked.sign('cleo', { verdict: 'delegate', to }),
        /^sam may not answer/,
      );
    attacked.noneAccepted(26);
    await attacked.goesOn('omar');
  });

  it('is refused to the author of an edit, and to whoever sits on their chair, in 10 ways (BA-84, BA-87)', async () => {
    await attacked.open({ people: withAbsence('carla', 'sam') });
    await attacked.take('cleo', { verdict: 'edit', edit: { plan: 'starter' } });
    attacked.request = await attacked.now();
    const edit = /^Nobody says yes to their own edit/;
    await attacked.attacks([
      ['the author', attacked.sign('cleo', { verdict: 'approve' }), edit],
      ['the author, to another edit', attacked.sign('cleo', { verdict: 'edit', edit: { plan: 'business' } }), edit],
      ['the author, who claims it', attacked.sign('cleo', { verdict: 'claim' }), edit],
      ['the author, who hands it on', attacked.sign('cleo', { verdict: 'delegate', to: 'sam' }), edit],
      [
        'a colleague who hands it to the author',
        attacked.sign('omar', { verdict: 'delegate', to: 'cleo' }),
        /^cleo may/,
      ],
    ]);
    await attacked.take('sam', { verdict: 'edit', edit: { segment: 'small-business' } });
    attacked.request = await attacked.now();
    await attacked.attacks([
      ['a stand-in', attacked.sign('sam', { verdict: 'approve' }, { role: 'compliance' }), edit],
      ['whom they stand in for', attacked.sign('carla', { verdict: 'approve' }), edit],
      ['whom they stand in for, with a claim', attacked.sign('carla', { verdict: 'claim' }), edit],
      ['the first author', attacked.sign('cleo', { verdict: 'approve' }), edit],
      [
        'a colleague who hands it to the stand-in',
        attacked.sign('omar', { verdict: 'delegate', to: 'sam' }),
        /^sam may/,
      ],
    ]);
    attacked.noneAccepted(10);
    await attacked.goesOn('omar');
  });

  it('is refused to the employee who is paid and to whoever filed it, in 12 ways (BA-84, BA-87)', async () => {
    attacked.spine.reset(expenseRelease());
    expenseFakes(attacked.spine.tools);
    const managers = DIRECTORY.map((one) => (one.person === 'dora' ? { ...one, ...away(-1, 1, 'max') } : one));
    attacked.staff(managers);
    await attacked.opened(
      await attacked.spine.start(
        'approveExpense',
        reportOf([lineOf(60_000)], { employee: 'mia.keller', requestedBy: 'max' }),
      ),
    );
    for (const by of ['mia', 'max'])
      for (const verdict of ['go-on', 'reject', 'claim', 'escalate', 'ask-info'] as const)
        await attacked.attack(`${by}: ${verdict}`, attacked.sign(by, { verdict, reason: 'mine' }), OWN);
    await attacked.attacks([
      ['for an absent director', attacked.sign('max', { verdict: 'go-on' }, { role: 'director' }), OWN],
      ['handed to the employee', attacked.sign('dora', { verdict: 'delegate', to: 'mia' }), /^mia may not/],
    ]);
    attacked.noneAccepted(12);
    await attacked.take('dora', { verdict: 'go-on' });
    expect(await attacked.handle.result()).toMatchObject({ outcome: 'reimbursed' });
  });

  it('for a customer is theirs alone: nobody of the house confirms an order, in 20 ways (BA-84, BA-87)', async () => {
    attacked.spine.reset(orderRelease());
    orderTools(attacked.spine.tools);
    attacked.staff(STAFF);
    await attacked.opened(await attacked.spine.start('placeOrder', order()));
    const names = ['carla', 'cleo', 'omar', 'ottilie', 'sam', 'mia', 'cus-zoe', 'web-shop', 'cus-аda', 'cus-ad'];
    for (const by of names) {
      const yes = await attacked.sign(by, { verdict: 'approve' }, { role: 'customer' });
      await attacked.attack(`${by} in their own name`, yes, /^Only somebody with the role/);
      await attacked.attack(`${by} in hers`, { ...yes, by: 'cus-ada' }, /^The signature is for another person/);
    }
    attacked.noneAccepted(20);
    await attacked.take('cus-ada', { verdict: 'approve' });
    expect(await attacked.handle.result()).toMatchObject({ outcome: 'created' });
  });
});
