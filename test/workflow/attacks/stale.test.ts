import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../../contracts/directory.ts';
import { type AttackedCase, away, proposalLadder, STAFF, startAttacked } from '../../support/attacked-case.ts';
import { openRequest } from '../../support/spine.ts';

let attacked: AttackedCase;
beforeAll(async () => {
  attacked = await startAttacked();
});
afterAll(() => attacked.spine.stop());

const YES = { verdict: 'approve' } as const;
const CHANGED = /^Whoever this is may not answer it now: the directory has changed/;

const change = (person: string, to: Partial<Person>, people: readonly Person[] = STAFF): Person[] =>
  people.map((one) => (one.person === person ? { ...one, ...to } : one));
const without = (person: string, people: readonly Person[] = STAFF): Person[] =>
  people.filter((one) => one.person !== person);
const AWAY = change('carla', away(-1, 1, 'sam'));
const BACK = change('carla', away(-2, -1, 'sam'));
const BOTH = change('carla', { roles: ['compliance', 'operations'] });

describe('a role that is gone', () => {
  it('before the answer comes is no role any more, in 20 ways (BA-84, BA-87)', async () => {
    await attacked.open({ people: AWAY });
    const hers = await attacked.sign('carla', YES);
    const edit = await attacked.sign('carla', { verdict: 'edit', edit: { plan: 'starter' } });
    const claim = await attacked.sign('carla', { verdict: 'claim' });
    const forHer = await attacked.sign('sam', YES, { role: 'compliance' });
    const table: [what: string, people: Person[], message: typeof hers][] = [
      ['another role', change('carla', { roles: ['manager'] }), hers],
      ['a role below', change('carla', { roles: ['support-lead'] }), hers],
      ['a role above, which she did not sign as', change('carla', { roles: ['operations'] }), hers],
      ['another role, with an edit', change('carla', { roles: ['manager'] }), edit],
      ['another role, with a claim', change('carla', { roles: ['manager'] }), claim],
      ['gone', without('carla'), hers],
      ['gone, with an edit', without('carla'), edit],
      ['gone, with a claim', without('carla'), claim],
      ['another person now', change('carla', { person: 'carlotta', aliases: [] }), hers],
      ['a stand-in for nobody: she is back', BACK, forHer],
      ['a stand-in for nobody: she never left', [...STAFF], forHer],
      ['a stand-in for nobody yet', change('carla', away(1, 2, 'sam')), forHer],
      ['another stand-in', change('carla', away(-1, 1, 'mia')), forHer],
      ['a stand-in for who is gone', without('carla'), forHer],
      ['a stand-in for who has lost the role', change('carla', { roles: ['manager'] }, AWAY), forHer],
      ['a stand-in for who has another role', change('carla', { roles: ['operations'] }, AWAY), forHer],
      ['a stand-in who is gone', without('sam', AWAY), forHer],
      ['a stand-in under another name', change('sam', { person: 'samuel', aliases: [] }, AWAY), forHer],
    ];
    for (const [what, people, message] of table) {
      attacked.staff(people);
      await attacked.attack(what, message, CHANGED);
    }
    attacked.staff(AWAY);
    const delegation = await attacked.take('cleo', { verdict: 'delegate', to: 'mia' });
    const handed = await attacked.sign('mia', YES, { role: 'compliance' });
    expect(delegation.to).toBe('mia');
    attacked.staff(without('cleo', AWAY));
    await attacked.attack('a delegate of who is gone', handed, CHANGED);
    attacked.staff(change('cleo', { roles: ['manager'] }, AWAY));
    await attacked.attack('a delegate of who has lost the role', handed, CHANGED);
    attacked.staff(without('mia', AWAY));
    await attacked.attack('a delegate who is gone', handed, CHANGED);
    attacked.noneAccepted(21);
    attacked.staff(AWAY);
    await attacked.goesOn('mia');
    expect(attacked.answers).toMatchObject([{ by: 'mia', for: 'cleo', role: 'compliance' }]);
  });

  it.each<[what: string, by: string, asked: readonly Person[], seen: readonly Person[]]>([
    ['whoever said it has another role', 'carla', STAFF, change('carla', { roles: ['manager'] })],
    ['whoever said it has a role above only', 'carla', STAFF, change('carla', { roles: ['operations'] })],
    ['whoever said it is gone', 'carla', STAFF, without('carla')],
    ['whoever said it goes by another name', 'carla', STAFF, change('carla', { person: 'carlotta', aliases: [] })],
    ['they have kept one of two roles, and not this one', 'carla', BOTH, change('carla', { roles: ['operations'] })],
    ['it was said for somebody who is gone', 'sam', AWAY, without('carla', AWAY)],
    ['it was said for somebody who has lost the role', 'sam', AWAY, change('carla', { roles: ['manager'] }, AWAY)],
    ['the stand-in is gone', 'sam', AWAY, without('sam', AWAY)],
  ])('before the yes is used voids it: %s (BA-84, BA-87)', async (_, by, asked, seen) => {
    const { approval, call } = await attacked.open({ people: asked });
    attacked.spine.beforeSeal([...seen]);
    const yes = await attacked.take(by, YES);
    attacked.request = await openRequest(attacked.handle, [approval]);
    expect(attacked.request).toMatchObject({ kind: 'proposal', call });
    await attacked.attack('the yes again', yes, new RegExp(`^already decided by ${by}`));
    attacked.noneAccepted(1);
    await attacked.goesOn('cleo');
    expect(attacked.answers).toHaveLength(2);
  });

  it('of either of two who said yes voids both, before they are used (BA-84, BA-87)', async () => {
    for (const gone of ['carla', 'cleo']) {
      const { approval } = await attacked.open({
        policy: proposalLadder({ role: 'compliance', hours: 4, needed: 2 }, { role: 'operations', hours: 4 }),
      });
      await attacked.take('carla', YES);
      attacked.spine.beforeSeal(without(gone));
      await attacked.take('cleo', YES);
      const again = await openRequest(attacked.handle, [approval]);
      expect({ yeses: again.yeses, created: attacked.created }).toEqual({ yeses: [], created: [] });
      await attacked.take('omar', YES);
      await attacked.goesOn('ottilie');
    }
  });
});
