import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AttackedCase, type Message, startAttacked } from '../../support/attacked-case.ts';

let attacked: AttackedCase;
beforeAll(async () => {
  attacked = await startAttacked();
});
afterAll(() => attacked.spine.stop());

it('changing anything of an answer that was signed is refused in 34 ways (BA-84, BA-87)', async () => {
  await attacked.open();
  const yes = await attacked.sign('carla', { verdict: 'approve' });
  const agreed = await attacked.sign('carla', { verdict: 'approve', reason: 'as in the contract' });
  const edit = await attacked.sign('cleo', { verdict: 'edit', edit: { plan: 'starter' } });
  const no = await attacked.sign('cleo', { verdict: 'reject', reason: 'no contract' });
  const hand = await attacked.sign('carla', { verdict: 'delegate', to: 'sam' });
  const question = await attacked.sign('omar', { verdict: 'ask-info', reason: 'Which one?' });
  const without = (answer: Message, name: string): Message =>
    Object.fromEntries(Object.entries(answer).filter(([key]) => key !== name));
  const [verdict, answer, person] = ['verdict', 'answer', 'person'].map(
    (what) => new RegExp(`^The signature is for another ${what}\\.$`),
  ) as [RegExp, RegExp, RegExp];
  await attacked.attacks([
    ['words under a yes', { ...yes, reason: 'and double the plan' }, answer],
    ['other words', { ...agreed, reason: 'as in the offer' }, answer],
    ['no words', without(agreed, 'reason'), answer],
    ['a space more', { ...agreed, reason: 'as in the contract ' }, answer],
    ['a capital letter', { ...agreed, reason: 'As in the contract' }, answer],
    ['a letter that looks alike', { ...agreed, reason: 'аs in the contract' }, answer],
    ['a yes made of a no', { ...no, verdict: 'approve' }, verdict],
    ['a yes made of a no, without its words', { ...without(no, 'reason'), verdict: 'approve' }, verdict],
    ['a no made of a yes', { ...yes, verdict: 'reject', reason: 'no' }, verdict],
    ['a no made of words', { ...agreed, verdict: 'reject' }, verdict],
    ['an edit made of a yes', { ...yes, verdict: 'edit', edit: { plan: 'starter' } }, verdict],
    ['a yes made of an edit', { ...without(edit, 'edit'), verdict: 'approve' }, verdict],
    ['a claim made of a yes', { ...yes, verdict: 'claim' }, verdict],
    ['a yes made of a delegation', { ...without(hand, 'to'), verdict: 'approve' }, verdict],
    ['a no made of a question', { ...question, verdict: 'reject' }, verdict],
    ['an escalation made of a question', { ...question, verdict: 'escalate' }, verdict],
    ['another edit', { ...edit, edit: { plan: 'business' } }, answer],
    ['one argument more', { ...edit, edit: { plan: 'starter', segment: 'small-business' } }, answer],
    ['another argument', { ...edit, edit: { segment: 'small-business' } }, answer],
    ['no argument', { ...edit, edit: {} }, answer],
    ['an edit left out', without(edit, 'edit'), /^An edit needs the changed arguments/],
    ['an edit under a yes', { ...yes, edit: { plan: 'starter' } }, /^Only the verdict edit may change/],
    ['an amount under a yes', { ...yes, amountMicroUsd: 1_000_000 }, answer],
    ['an amount under an edit', { ...edit, amountMicroUsd: 1 }, answer],
    ['a name under a yes', { ...yes, to: 'sam' }, answer],
    ['another name', { ...hand, to: 'cleo' }, answer],
    ['the same person by another name', { ...hand, to: 'sammy' }, answer],
    ['a capital in the name', { ...hand, to: 'Sam' }, answer],
    ['no name', without(hand, 'to'), /^A delegation needs the name/],
    ['in a colleague’s name', { ...yes, by: 'cleo' }, person],
    ['in a superior’s name', { ...yes, by: 'omar' }, person],
    ['in one’s own other name', { ...yes, by: 'carla.rossi' }, person],
    ['with a role beside it', { ...yes, role: 'director' }, /role/],
    ['for a request that is not open', { ...yes, approval: 'createAccount-2' }, /^No such request is open/],
  ]);
  attacked.noneAccepted(34);
  await attacked.goesOn('carla');
  expect(attacked.answers).toHaveLength(1);
});
