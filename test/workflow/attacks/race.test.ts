import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Said } from '../../../client/answering.ts';
import type { AnswerInput } from '../../../contracts/messages.ts';
import { type AttackedCase, proposalLadder, startAttacked } from '../../support/attacked-case.ts';
import { randomFrom } from '../../support/random.ts';

let attacked: AttackedCase;
beforeAll(async () => {
  attacked = await startAttacked();
});
afterAll(() => attacked.spine.stop());

const PEOPLE = ['carla', 'cleo', 'omar', 'ottilie'];
const YES: Said = { verdict: 'approve' };
const NO: Said = { verdict: 'reject', reason: 'no' };

/** So many answers, of everybody in turn, in an order of its own. */
async function answersOf(count: number, said: (number: number) => Said, by = PEOPLE): Promise<AnswerInput[]> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, number) => attacked.sign(by[number % by.length] ?? 'carla', said(number))),
  );
  return randomFrom(87).shuffle(answers);
}

/** All at once; half of them a second time as Signals. */
async function sendAtOnce(answers: readonly AnswerInput[]): Promise<readonly string[]> {
  const signals = answers.filter((_, number) => number % 2 === 0);
  const [heard] = await Promise.all([
    Promise.all(answers.map((answer) => attacked.heard(answer))),
    ...signals.map((answer) => attacked.handle.signal('answer', answer)),
  ]);
  return heard;
}
const taken = (heard: readonly string[]): number => heard.filter((each) => each === 'accepted').length;

describe('20 answers at once', () => {
  it('are one decision, and the others hear who decided (BA-84, BA-87)', async () => {
    await attacked.open();
    const answers = await answersOf(20, (number) => (number % 3 === 0 ? NO : YES));
    const heard = await sendAtOnce(answers);
    const { outcome } = await attacked.handle.result();
    expect(attacked.answers).toHaveLength(1);
    const [decided] = attacked.answers;
    const late = new RegExp(
      `^already decided by ${decided?.by}$|^workflow execution already completed|aborted by closing workflow$`,
    );
    expect(heard.filter((each) => each !== 'accepted' && !late.test(each))).toEqual([]);
    // Where a Signal was faster than all of them, nobody heard a yes.
    expect(taken(heard)).toBeLessThanOrEqual(1);
    expect(answers.length).toBeGreaterThanOrEqual(20);
    const yes = decided?.verdict === 'approve';
    expect({ outcome, effects: attacked.created.length }).toEqual({
      outcome: yes ? 'onboarded' : 'rejected',
      effects: yes ? 1 : 0,
    });
  });

  it('without Signals among them: exactly one of them is taken (BA-84, BA-87)', async () => {
    await attacked.open();
    const { promise: allHeard, resolve: goOn } = Promise.withResolvers<void>();
    attacked.spine.tools.answer('documents.generate', async ({ accountId }) => {
      await allHeard;
      return { documentId: `sha256-${'b'.repeat(64)}`, accountId, bytes: 1, pages: 1 };
    });
    const answers = await answersOf(20, () => YES);
    const heard = await Promise.all(answers.map((answer) => attacked.heard(answer)));
    goOn();
    expect(await attacked.handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(taken(heard)).toBe(1);
    const late = `already decided by ${attacked.answers[0]?.by}`;
    expect(heard.toSorted()).toEqual(['accepted', ...Array.from({ length: 19 }, () => late)].toSorted());
    expect(attacked.answers).toHaveLength(1);
    expect(attacked.created).toHaveLength(1);
  });

  it('that are the same one count once, and make no four eyes of two (BA-84, BA-87)', async () => {
    await attacked.open({ policy: proposalLadder({ role: 'compliance', hours: 4, needed: 2 }) });
    const [same = await attacked.sign('carla', YES)] = await answersOf(1, () => YES, ['carla']);
    const heard = await sendAtOnce(Array.from({ length: 20 }, () => same));
    expect(taken(heard)).toBeLessThanOrEqual(1);
    const more = await sendAtOnce(await answersOf(20, () => YES, ['carla']));
    expect(taken(more)).toBe(0);
    expect(await attacked.now()).toMatchObject({ yeses: ['carla'], needed: 2 });
    expect(attacked.created).toEqual([]);
    await attacked.goesOn('cleo');
    expect(attacked.answers).toMatchObject([{ by: 'carla' }, { by: 'cleo' }]);
  });

  it('that edit are one edit, and nobody has said yes to it (BA-84, BA-87)', async () => {
    await attacked.open();
    const plans = ['starter', 'business', 'enterprise'];
    const answers = await answersOf(20, (number) => ({ verdict: 'edit', edit: { plan: plans[number % 3] } }));
    const heard = await Promise.all(answers.map((answer) => attacked.heard(answer)));
    const now = await attacked.now();
    expect(taken(heard)).toBe(1);
    expect(now.remarks).toHaveLength(1);
    expect(now.barred).toHaveLength(2);
    expect(attacked.created).toEqual([]);
    const other = PEOPLE.find((person) => !now.barred.includes(person)) ?? '';
    await attacked.goesOn(other);
  });

  it('that claim are one claim, and no yes of others slips in beside it (BA-84, BA-87)', async () => {
    await attacked.open();
    const claims = await answersOf(20, () => ({ verdict: 'claim' }));
    const heard = await Promise.all(claims.map((answer) => attacked.heard(answer)));
    expect(taken(heard)).toBe(1);
    const { claimedBy = '' } = await attacked.now();
    const others = await answersOf(
      20,
      () => YES,
      PEOPLE.filter((person) => person !== claimedBy),
    );
    expect(taken(await sendAtOnce(others))).toBe(0);
    expect(attacked.created).toEqual([]);
    await attacked.goesOn(claimedBy);
  });

  it('while it is claimed: whoever is second hears of it, though both were checked at once (BA-84)', async () => {
    for (let time = 0; time < 5; time++) {
      await attacked.open();
      const [claim, yes] = [await attacked.sign('carla', { verdict: 'claim' }), await attacked.sign('cleo', YES)];
      const [claimed, said] = await Promise.all([attacked.heard(claim), attacked.heard(yes)]);
      expect([claimed, said].filter((each) => each === 'accepted')).toHaveLength(1);
      if (said === 'accepted') await attacked.handle.result();
      else await attacked.goesOn('carla');
    }
  });

  it('while the case is cancelled wedge nothing: it ends, and opens no account (BA-84)', async () => {
    await attacked.open();
    const answers = await answersOf(20, () => ({ verdict: 'claim' }));
    await Promise.all([
      ...answers.slice(0, 10).map((answer) => attacked.handle.signal('answer', answer)),
      attacked.handle.cancel(),
      ...answers.slice(10).map((answer) => attacked.handle.signal('answer', answer)),
    ]);
    await expect(attacked.handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(attacked.created).toEqual([]);
  });
});
