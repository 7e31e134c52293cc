import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AnswerInput } from '../../../contracts/messages.ts';
import { type AttackedCase, proposalLadder, STAFF, startAttacked } from '../../support/attacked-case.ts';
import { until } from '../../support/cases.ts';
import { openRequest } from '../../support/spine.ts';

let attacked: AttackedCase;
beforeAll(async () => {
  attacked = await startAttacked();
});
afterAll(() => attacked.spine.stop());

const YES = { verdict: 'approve' } as const;
const USED = /^This very answer was taken already/;

/** The same signature in other letters: the last one of its 86 says less than it could. */
function respelled({ token = '', ...said }: AnswerInput): AnswerInput {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = letters.indexOf(token.at(-1) ?? 'A');
  return { ...said, token: `${token.slice(0, -1)}${letters[last ^ 1]}` };
}

it('replaying a move is refused in 13 ways: each is made once (BA-84, BA-87)', async () => {
  const hours = 4;
  await attacked.open({
    policy: proposalLadder(
      { role: 'compliance', hours },
      { role: 'operations', hours },
      { role: 'support-lead', hours },
    ),
  });
  const claim = await attacked.take('carla', { verdict: 'claim' });
  await attacked.attack('a claim that stands', claim, /^Somebody has claimed it already/);
  const release = await attacked.take('carla', { verdict: 'release' });
  await attacked.attack('a claim that was given up', claim, USED);
  await attacked.attack('the same, spelled otherwise', respelled(claim), USED);
  await attacked.attack('a release of nothing', release, /^Nobody has claimed it/);
  await attacked.take('carla', { verdict: 'claim' });
  await attacked.attack('a release of an earlier claim', release, USED);
  await attacked.take('carla', { verdict: 'release' });

  const question = await attacked.take('carla', { verdict: 'ask-info', reason: 'Which contract is it?' });
  await attacked.attack('a question that is open', question, /^The requester has been asked already/);
  const words = await attacked.take('dario', { verdict: 'inform', reason: 'The one of May.' });
  await attacked.attack('a question that was answered', question, USED);
  await attacked.attack('words about nothing', words, /^The requester was not asked anything/);
  await attacked.take('cleo', { verdict: 'ask-info', reason: 'And whose is it?' });
  await attacked.attack('words about an earlier question', words, USED);
  await attacked.take('dario', { verdict: 'inform', reason: 'Ana’s.' });

  const delegation = await attacked.take('carla', { verdict: 'delegate', to: 'sam' }).catch(() => undefined);
  expect(delegation, 'sam is above on this ladder').toBeUndefined();
  const escalation = await attacked.take('carla', { verdict: 'escalate', reason: 'above me' });
  await until(async () => (await attacked.now()).role === 'operations');
  await attacked.attack('an escalation, for one rung more', escalation, USED);
  await attacked.attack('the same, spelled otherwise', respelled(escalation), USED);
  await attacked.attack('the first claim, on another rung', claim, USED);
  await attacked.attack('the first question, on another rung', question, USED);
  attacked.noneAccepted(13);
  await attacked.goesOn('omar');
});

it('replaying a yes is refused in 17 ways, after an edit, beside others, and for what is asked again (BA-84, BA-87)', async () => {
  const hours = 4;
  await attacked.open({
    policy: proposalLadder({ role: 'compliance', hours, needed: 2 }, { role: 'operations', hours }),
  });
  const { request } = attacked;
  const early = await attacked.take('carla', YES);
  await attacked.attack('the same yes', early, /^This very answer was taken already|^This yes was given already/);
  await attacked.attack('the same, spelled otherwise', respelled(early), USED);
  const edit = await attacked.take('cleo', { verdict: 'edit', edit: { plan: 'starter' } });
  const { digest, yeses } = await attacked.now();
  expect({ yeses, changed: digest !== request.digest }).toEqual({ yeses: [], changed: true });
  const unread = /^The digest is not that of the open request/;
  const another = /^The signature is for another digest/;
  await attacked.attacks([
    ['a yes to the call before', early, unread],
    ['a yes to the call before, under the new digest', { ...early, digest }, another],
    ['the same, under its first letters', { ...early, digest: digest.slice(0, 8) }, another],
    ['an edit again', edit, unread],
    ['an edit again, under the new digest', { ...edit, digest }, /^Nobody says yes to their own edit/],
    ['a yes unused until now', await attacked.sign('omar', YES, {}, request), unread],
    ['the same, under the new digest', { ...(await attacked.sign('omar', YES, {}, request)), digest }, another],
  ]);
  await attacked.take('omar', { verdict: 'claim' });
  await attacked.take('omar', { verdict: 'release' });

  // The next two are yeses; the second loses its ground, and everybody is asked again.
  attacked.spine.beforeSeal(STAFF.filter(({ person }) => person !== 'carla'));
  const second = await attacked.take('omar', YES);
  const third = await attacked.take('carla', YES);
  const again = await openRequest(attacked.handle, [request.approval]);
  expect(attacked.created).toEqual([]);
  const gone = /^already decided by carla/;
  for (const [what, old] of Object.entries({ early, edit, second, third })) {
    await attacked.attack(`${what}, as it was`, old, gone);
    const moved = { ...old, approval: again.approval, digest: again.digest };
    await attacked.attack(`${what}, for the next request`, moved, /^The signature is for another request/);
  }
  attacked.noneAccepted(17);

  const [one, two] = [await attacked.take('cleo', YES), await attacked.take('omar', YES)];
  expect(await attacked.handle.result()).toMatchObject({ outcome: 'onboarded' });
  expect(attacked.created).toHaveLength(1);
  expect(attacked.answers.slice(-2)).toMatchObject([{ by: 'cleo' }, { by: 'omar' }]);
  for (const late of [early, edit, second, third, one, two])
    expect(await attacked.heard(late)).toMatch(/workflow execution already completed/i);
  expect(attacked.created).toHaveLength(1);
});
