import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenRequest } from '../../../contracts/messages.ts';
import { type AttackedCase, STAFF, startAttacked } from '../../support/attacked-case.ts';
import { onboarding, says } from '../../support/cases.ts';
import { openRequest, status } from '../../support/spine.ts';

let attacked: AttackedCase;
beforeAll(async () => {
  attacked = await startAttacked();
});
afterAll(() => attacked.spine.stop());

const WORST = 20_000;
/** With what the way out sets aside, and three calls at their worst. */
const CAP = 5 * WORST;
const CEILING = 2_000_000;
const dear = { input: 150_000, cacheRead: 0, cacheWrite: 0, output: 10_000 };

/** A case that has spent what it may, and asks for more. */
async function atCap(): Promise<OpenRequest> {
  attacked.spine.reset();
  attacked.staff(STAFF);
  attacked.spine.models.reset(({ agent, input }) => {
    const said = agent.rehearse?.(input as Record<string, unknown>);
    return says({ ...said?.arguments }, said?.confidence, dear);
  });
  return attacked.opened(await attacked.spine.start('onboardCustomer', onboarding({ capMicroUsd: CAP })));
}
const cap = async () => (await status(attacked.handle)).budget.capMicroUsd;
const raise = (by: string, amountMicroUsd?: number) =>
  attacked.sign(by, { verdict: 'raise', ...(amountMicroUsd === undefined ? {} : { amountMicroUsd }) });

describe('raising the cap', () => {
  it('beyond the ceiling, in another sum than was signed, or by others, is refused in 31 ways (BA-84, BA-87)', async () => {
    const request = await atCap();
    expect(request).toMatchObject({ kind: 'budget', answers: ['raise', 'stop'], role: 'operations' });
    const most = CEILING - CAP;
    const range = /^The amount must be from 20000/;
    const shape = /^amountMicroUsd: /;
    for (const amount of [most + 1, most * 2, CEILING, Number.MAX_SAFE_INTEGER, 1, WORST - 1])
      await attacked.attack(`${amount}`, raise('omar', amount), range);
    for (const amount of [0, -1, -WORST, 0.5, WORST + 0.5, 1e308, Number.MAX_SAFE_INTEGER + 1])
      await attacked.attack(`${amount}`, raise('omar', amount), shape);
    const signed = await raise('omar', WORST);
    const whole = await raise('omar');
    const answer = /^The signature is for another answer/;
    const { amountMicroUsd: _amount, ...without } = signed;
    await attacked.attacks([
      ['one micro-dollar more', { ...signed, amountMicroUsd: WORST + 1 }, answer],
      ['ten times as much', { ...signed, amountMicroUsd: 10 * WORST }, answer],
      ['all that there is', { ...signed, amountMicroUsd: most }, answer],
      ['a sum as text', { ...signed, amountMicroUsd: `${WORST}` }, shape],
      ['no sum', without, answer],
      ['a sum where none was named', { ...whole, amountMicroUsd: most }, answer],
      [
        'a raise made of a stop',
        { ...(await attacked.sign('omar', { verdict: 'stop' })), verdict: 'raise' },
        /another verdict/,
      ],
      ['a yes to a proposal', attacked.sign('omar', { verdict: 'approve' }), /takes raise, stop/],
      ['a yes to a finding', attacked.sign('omar', { verdict: 'go-on' }), /takes raise, stop/],
      [
        'an edit of the sum',
        attacked.sign('omar', { verdict: 'edit', edit: { capMicroUsd: most } }),
        /takes raise, stop/,
      ],
      [
        'a sum in an edit',
        attacked.sign('omar', { verdict: 'raise', edit: { capMicroUsd: most } }),
        /^Only the verdict edit/,
      ],
      ['by compliance', raise('carla', WORST), /^Only somebody with the role operations/],
      ['by a manager', raise('mia', WORST), /^Only somebody with the role operations/],
      [
        'by a manager who signs as operations',
        attacked.sign('mia', { verdict: 'raise' }, { role: 'operations' }),
        /^Only some/,
      ],
      ['by nobody', raise('mallory', WORST), /^Only somebody with the role operations/],
      ['in another’s name', { ...signed, by: 'ottilie' }, /another person/],
      ['by who asked for the case', raise('dario', WORST), /^Only somebody with the role operations/],
      [
        'signed as a manager',
        attacked.sign('omar', { verdict: 'raise' }, { role: 'manager' }),
        /directory has changed/,
      ],
    ]);
    expect(await cap()).toBe(CAP);
    attacked.noneAccepted(31);
    await attacked.take('omar', { verdict: 'raise', amountMicroUsd: 6 * WORST });
    expect(await attacked.handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(await cap()).toBe(CAP + 6 * WORST);
  });

  it('a second time with the first one’s signature is refused in 10 ways (BA-84, BA-87)', async () => {
    const first = await atCap();
    const taken = await attacked.take('omar', { verdict: 'raise', amountMicroUsd: WORST });
    const unsent = await attacked.sign('ottilie', { verdict: 'raise', amountMicroUsd: WORST }, {}, first);
    const second = await openRequest(attacked.handle, [first.approval]);
    expect(second.kind).toBe('budget');
    const { approval, digest } = second;
    for (const answer of [taken, unsent]) {
      await attacked.attacks([
        ['as it was', answer, /^already decided by omar/],
        ['under the new digest', { ...answer, digest }, /^already decided by omar/],
        ['for the new request', { ...answer, approval }, /^The digest is not that of/],
        ['for the new one and its digest', { ...answer, approval, digest }, /another (?:step|request)/],
        [
          'for the new one, with more',
          { ...answer, approval, digest, amountMicroUsd: 9 * WORST },
          /another (?:step|request)/,
        ],
      ]);
    }
    expect(await cap()).toBe(CAP + WORST);
    attacked.noneAccepted(10);
    await attacked.opened(attacked.handle);
    await attacked.take('ottilie', { verdict: 'raise', amountMicroUsd: 10 * WORST });
    expect(await attacked.handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(await cap()).toBe(CAP + 11 * WORST);
  });

  it('where a proposal waits is refused: no yes to a call is money (BA-84, BA-87)', async () => {
    await attacked.open();
    const before = await cap();
    for (const by of ['omar', 'ottilie', 'carla', 'cleo'])
      for (const amount of [1, WORST, CEILING])
        await attacked.attack(`${by}: ${amount}`, raise(by, amount), /takes approve, edit, reject/);
    attacked.noneAccepted(12);
    await attacked.goesOn('carla');
    expect(await cap()).toBe(before);
  });
});
