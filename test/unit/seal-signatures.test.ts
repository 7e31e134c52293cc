import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import type { AgentDeps } from '../../activities/deps.ts';
import { checkSeal } from '../../activities/seal.ts';
import { reimburseExpense } from '../../agents/index.ts';
import type { AgentTask, Answer } from '../../contracts/decision.ts';
import type { Person } from '../../contracts/directory.ts';
import { openAnswerSigner, openAnswerVerifier } from '../../keys/answers.ts';
import { answerKeys, type Signed, yes } from '../support/answer-keys.ts';

const keys = answerKeys();
const signer = openAnswerSigner(keys.signing);
const PEOPLE: Person[] = [
  { person: 'darius.wren', roles: ['manager', 'director'], aliases: [] },
  { person: 'ruth.vale', roles: ['manager'], aliases: [] },
];

/** A yes as a case keeps it, and what was signed. */
async function answerOf(change: Partial<Signed> = {}, kept: Partial<Answer> = {}): Promise<Answer> {
  const claims = yes(change);
  return {
    approval: claims.approval,
    verdict: 'approve',
    by: claims.sub,
    role: claims.role,
    at: new Date().toISOString(),
    digest: claims.digest,
    identity: 'signed',
    via: 'update',
    token: await signer.sign(claims),
    ...kept,
  };
}

/** Looks at the yeses of a payment in the case `expense-1`. */
const check = (approvals: readonly Answer[], people: readonly Person[] = PEOPLE): Promise<void> => {
  const info = { workflowExecution: { workflowId: 'expense-1', runId: 'run-1' } };
  const deps = {
    prompts: { directory: async () => ({ people: [...people] }) },
    answers: openAnswerVerifier(keys.public),
  } as Partial<AgentDeps> as AgentDeps;
  return new MockActivityEnvironment(info).run(() =>
    checkSeal(reimburseExpense, { approvals } as Partial<AgentTask> as AgentTask, {}, deps),
  );
};

describe('the signature of a yes, looked at once more before it moves anything (BA-87)', () => {
  it('holds for the answer that was signed', async () => {
    await expect(check([await answerOf()])).resolves.toBeUndefined();
  });

  it.each<[what: string, signed: Partial<Signed>, kept: Partial<Answer>]>([
    ['another case', { case: 'expense-2' }, {}],
    ['another request', {}, { approval: 'line-b-2' }],
    ['another digest', {}, { digest: 'c'.repeat(64) }],
    ['another verdict', { verdict: 'reject' }, {}],
    ['another role of the same person', { role: 'director' }, { role: 'manager' }],
    ['another person', {}, { by: 'ruth.vale' }],
  ])('does not hold for %s', async (_, signed, kept) => {
    const answer = await answerOf(signed, kept);
    await expect(check([answer])).rejects.toThrow(/its signature is for something else/);
  });

  it('is looked for on each of two yeses that count together', async () => {
    const second = await answerOf({ sub: 'ruth.vale' });
    const { token: _token, ...unsigned } = second;
    await expect(check([await answerOf({}, { with: [second] })])).resolves.toBeUndefined();
    await expect(check([await answerOf({}, { with: [unsigned] })])).rejects.toThrow(/it is not signed/);
    const [only] = PEOPLE;
    await expect(check([await answerOf({}, { with: [second] })], only ? [only] : [])).rejects.toThrow(/lost the role/);
  });
});

describe('a yes, when it is to be used (BA-87)', () => {
  const DAY_MS = 24 * 3_600_000;
  const daysAgo = (days: number): Partial<Answer> => ({ at: new Date(Date.now() - days * DAY_MS).toISOString() });

  it('holds for as long as the tool takes it, and is asked for again afterwards', async () => {
    await expect(check([await answerOf({}, daysAgo(6))])).resolves.toBeUndefined();
    const late = check([await answerOf({}, daysAgo(8))]);
    await expect(late).rejects.toThrow(/too long ago/);
    // The call itself is as it was: people are asked again, and no model is.
    await expect(late).rejects.toMatchObject({ failure: { type: 'SealBroken', details: { holds: 'call' } } });
  });

  it('is no more where who gave it has left, though somebody else still has the role', async () => {
    const [, other] = PEOPLE;
    await expect(check([await answerOf()], other ? [other] : [])).rejects.toThrow(/lost the role manager/);
  });

  it('is no more where the stand-in who gave it has left, though the one they stood in for has not', async () => {
    const standIn = await answerOf({ sub: 'sam.reed' }, { for: 'ruth.vale' });
    const sam: Person = { person: 'sam.reed', roles: [], aliases: [] };
    await expect(check([standIn], [...PEOPLE, sam])).resolves.toBeUndefined();
    await expect(check([standIn])).rejects.toThrow(/is not in the directory any more/);
  });
});
