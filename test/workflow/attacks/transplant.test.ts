import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Said } from '../../../client/answering.ts';
import type { AnswerInput } from '../../../contracts/messages.ts';
import { type AttackedCase, HOUR_MS, proposalLadder, startAttacked } from '../../support/attacked-case.ts';

let attacked: AttackedCase;
beforeAll(async () => {
  attacked = await startAttacked();
});
afterAll(() => attacked.spine.stop());

/** Who could say what about such a request. */
const SAYINGS: readonly (readonly [by: string, said: Said])[] = [
  ['carla', { verdict: 'approve' }],
  ['cleo', { verdict: 'approve', reason: 'looks good' }],
  ['omar', { verdict: 'approve' }],
  ['ottilie', { verdict: 'approve' }],
  ['carla', { verdict: 'edit', edit: { plan: 'starter' } }],
  ['omar', { verdict: 'edit', edit: { plan: 'starter', segment: 'small-business' } }],
  ['cleo', { verdict: 'reject', reason: 'no' }],
  ['carla', { verdict: 'claim' }],
  ['carla', { verdict: 'escalate', reason: 'above me' }],
  ['omar', { verdict: 'ask-info', reason: 'which?' }],
  ['cleo', { verdict: 'delegate', to: 'sam' }],
];

/** All of them, truly signed for the request that is open now. */
const signedNow = (): Promise<AnswerInput[]> => Promise.all(SAYINGS.map(([by, said]) => attacked.sign(by, said)));

/** As they are, and under the digest that is open now. */
async function sendElsewhere(stolen: readonly AnswerInput[], why: RegExp): Promise<void> {
  const { digest } = attacked.request;
  for (const answer of stolen) {
    const what = `${answer.by}: ${answer.verdict}`;
    await attacked.attack(what, answer, /^The digest is not that of the open request/);
    await attacked.attack(`${what}, under its digest`, { ...answer, digest }, why);
  }
}

describe('transplanting an answer', () => {
  it('to an equal case is refused in 22 ways (BA-84, BA-87)', async () => {
    const input = { requestId: `R-${randomUUID().slice(0, 13)}` };
    const first = await attacked.open({ input });
    const stolen = await signedNow();
    const donor = attacked.handle;
    const second = await attacked.open({ input });
    expect({ ...second, digest: '', askedAt: '', until: '', due: '', command: '', subject: '', ladder: [] }).toEqual({
      ...first,
      digest: '',
      askedAt: '',
      until: '',
      due: '',
      command: '',
      subject: '',
      ladder: [],
    });
    await sendElsewhere(stolen, /^The signature is for another case/);
    attacked.noneAccepted(22);
    await attacked.goesOn('carla');
    await donor.terminate();
  });

  it('to a later run of the same case is refused in 22 ways, though all hours are the same (BA-84, BA-87)', async () => {
    const tomorrow = new Date(Date.now() + 24 * HOUR_MS);
    const calendar = { days: [tomorrow.getUTCDay()], fromHour: 8, toHour: 18, holidays: [] };
    const policy = { ...proposalLadder({ role: 'compliance', hours: 2 }, { role: 'operations', hours: 3 }), calendar };
    const options = {
      policy,
      workflowId: `twice-${randomUUID()}`,
      input: { requestId: `R-${randomUUID().slice(0, 13)}` },
    };
    const first = await attacked.open(options);
    const stolen = await signedNow();
    await attacked.handle.terminate();
    const second = await attacked.open(options);
    const { approval, call, due, subject, ladder } = second;
    expect({ approval, call, due, subject, ladder }).toEqual({
      approval: first.approval,
      call: first.call,
      due: first.due,
      subject: first.subject,
      ladder: first.ladder,
    });
    await sendElsewhere(stolen, /^The signature is for another digest/);
    attacked.noneAccepted(22);
    await attacked.goesOn('cleo');
  });
});
