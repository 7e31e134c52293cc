import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerDigest } from '../../../contracts/answer-token.ts';
import { openAnswerSigner } from '../../../keys/answers.ts';
import { answerKeys } from '../../support/answer-keys.ts';
import { type AttackedCase, startAttacked } from '../../support/attacked-case.ts';
import { forgeriesOf } from '../../support/forged-tokens.ts';

let attacked: AttackedCase;
beforeAll(async () => {
  attacked = await startAttacked();
});
afterAll(() => attacked.spine.stop());
beforeEach(() => attacked.open());

const YES = { verdict: 'approve' } as const;

describe('forging an answer', () => {
  it('is refused in 35 ways, and then a real one is taken (BA-84, BA-87)', async () => {
    const good = await attacked.sign('carla', YES);
    const { token, ...unsigned } = good;
    await attacked.attack('no token', unsigned, /has to be signed here/);
    await attacked.attack('an empty token', { ...unsigned, token: '' }, /has to be signed here/);
    for (const [what, forged] of Object.entries(forgeriesOf(good.token ?? '', attacked.keys.public)))
      await attacked.attack(what, { ...unsigned, token: forged }, /^The signature does not hold: /);
    attacked.noneAccepted(35);
    expect(token).toBeTruthy();
    await attacked.goesOn('carla');
    expect(attacked.answers).toHaveLength(1);
  });

  it('with a key of the house, of another house, or for something else, is refused (BA-84, BA-87)', async () => {
    const { handle, request } = attacked;
    const { approval, step, digest } = request;
    const answer = { ...YES, approval, by: 'carla', digest };
    const claims = {
      sub: 'carla',
      role: 'compliance',
      case: handle.workflowId,
      step,
      approval,
      digest,
      verdict: 'approve',
      answer: answerDigest(answer),
    } as const;
    const elsewhere = await openAnswerSigner(answerKeys().signing).sign(claims);
    await attacked.attack('another house', { ...answer, token: elsewhere }, /a key that does not count here/);
    const ours = openAnswerSigner(attacked.keys.signing);
    const day = 24 * 3_600_000;
    const old = await ours.sign(claims, Date.now() - day - 60_000);
    await attacked.attack('of the day before', { ...answer, token: old }, /the token has expired/);
    const soon = await ours.sign(claims, Date.now() + 120_000);
    await attacked.attack('of two minutes from now', { ...answer, token: soon }, /from the future/);
    const others = {
      person: { sub: 'cleo' },
      case: { case: `${handle.workflowId}-2` },
      step: { step: 'sendWelcomeEmail' },
      request: { approval: 'createAccount-2' },
      digest: { digest: 'f'.repeat(64) },
      verdict: { verdict: 'reject' },
      answer: { answer: 'f'.repeat(64) },
      grant: { grant: { tool: 'accounts.create', args: { customerId: 'C-2' } } },
    } as const;
    for (const [what, change] of Object.entries(others)) {
      const token = await ours.sign({ ...claims, ...change });
      await attacked.attack(what, { ...answer, token }, new RegExp(`^The signature is for another ${what}\\.$`));
    }
    const another = await ours.sign({ ...claims, role: 'director' });
    await attacked.attack('role', { ...answer, token: another }, /the directory has changed/);
    attacked.noneAccepted(12);
    await attacked.goesOn('carla');
  });
});
