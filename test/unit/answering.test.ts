import { describe, expect, test } from 'vitest';
import { NotAsked, type Said, signAnswer } from '../../client/answering.ts';
import { answerDigest } from '../../contracts/answer-token.ts';
import type { Person } from '../../contracts/directory.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import { openAnswerSigner, openAnswerVerifier } from '../../keys/answers.ts';
import { answerKeys } from '../support/answer-keys.ts';

const NOW = Date.now();
const at = (hours: number): string => new Date(NOW + hours * 3_600_000).toISOString();

const DIRECTORY: Person[] = [
  { person: 'mia', roles: ['manager'], aliases: ['mia.keller'] },
  { person: 'dora', roles: ['director'], aliases: [] },
  {
    person: 'max',
    roles: ['manager'],
    aliases: [],
    away: [{ from: at(-1), to: at(1), delegate: 'carla' }],
  },
  { person: 'carla', roles: ['compliance'], aliases: [] },
  { person: 'omar', roles: ['operations'], aliases: [] },
];

const GRANT = { tool: 'expenses.reimburse', args: { requestId: 'r-1', lineId: 'l-1', homeMinor: 60_000 } };

const REQUEST: OpenRequest = {
  approval: 'review-1',
  kind: 'approval',
  step: 'review',
  role: 'manager',
  asks: 'May this be paid?',
  subject: 'l-1',
  tier: 'manager',
  rule: 'manager-from',
  why: 'It is 600.00.',
  risk: 'low',
  consequence: 'It is paid.',
  reversible: false,
  editable: [],
  missing: [],
  answers: ['approve', 'decline'],
  moves: ['ask-info', 'delegate', 'escalate', 'claim'],
  policy: 'p-1',
  costMicroUsd: 0,
  digest: 'a'.repeat(64),
  grant: GRANT,
  askedAt: at(-1),
  until: at(3),
  due: at(8),
  ladder: [
    { role: 'manager', until: at(3), needed: 1 },
    { role: 'director', until: at(8), needed: 1 },
  ],
  needed: 1,
  yeses: [],
  barred: [],
  remarks: [],
  command: '',
};

const files = answerKeys();
const signer = openAnswerSigner(files.signing);
const verifier = openAnswerVerifier(files.public);

async function claimsOf(person: string, request: Partial<OpenRequest> = {}, said: Said = { verdict: 'approve' }) {
  const answer = await signAnswer(signer, DIRECTORY, person, 'case-1', { ...REQUEST, ...request }, said, NOW);
  const verified = await verifier.verify(answer.token ?? '');
  if (!verified.ok) throw new Error(verified.why);
  return { answer, claims: verified.claims };
}

test('an answer is signed over the case, the step, the request and every word of it', async () => {
  const said = { verdict: 'approve', reason: 'fits the trip' } as const;
  const { answer, claims } = await claimsOf('mia', {}, said);
  expect(answer).toMatchObject({ ...said, approval: 'review-1', by: 'mia', digest: REQUEST.digest });
  expect(claims).toMatchObject({
    sub: 'mia',
    role: 'manager',
    case: 'case-1',
    step: 'review',
    approval: 'review-1',
    digest: REQUEST.digest,
    verdict: 'approve',
    answer: answerDigest(answer),
    grant: GRANT,
  });
});

test('an alias signs as the person', async () => {
  expect((await claimsOf('Mia.Keller')).claims.sub).toBe('mia');
});

describe('in what capacity', () => {
  test.each([
    ['the rung whose turn it is', 'mia', {}, 'manager'],
    ['another rung, where that is all that somebody has', 'dora', {}, 'director'],
    ['that of a colleague who is out of office', 'carla', {}, 'manager'],
    [
      'that of whoever has delegated it',
      'omar',
      { remarks: [{ at: at(-1), by: 'mia', verdict: 'delegate' as const, to: 'omar' }] },
      'manager',
    ],
    ['that of the director, once it is the director’s turn', 'dora', { role: 'director' as const }, 'director'],
  ])('%s', async (_, person, request, role) => {
    expect((await claimsOf(person, request)).claims).toMatchObject({ sub: person, role });
  });

  test('a customer answers about their own order', async () => {
    const theirs = { role: 'customer' as const, ladder: [], moves: [] };
    expect((await claimsOf('cust-0042', theirs)).claims).toMatchObject({ sub: 'cust-0042', role: 'customer' });
  });

  test('whoever is asked for information has no role in it', async () => {
    const { claims } = await claimsOf('omar', {}, { verdict: 'inform', reason: 'the receipt is attached' });
    expect(claims).toMatchObject({ sub: 'omar', role: 'operations' });
    expect(claims.grant).toBeUndefined();
  });
});

describe('nobody signs who is not asked', () => {
  test.each([
    ['another role', 'omar', {}, 'omar is not asked; manager or director may answer this.'],
    ['another person than those who are named', 'mia', { named: ['max'] }, 'mia is not asked; max may answer this.'],
    ['nobody of the house', 'eve', {}, 'Nobody called eve is in the directory.'],
    ['a stranger, where a role of customers has moves', 'eve', { role: 'customer' as const }, /Nobody called eve/],
  ])('%s', async (_, person, request, message) => {
    const signing = claimsOf(person, request);
    await expect(signing).rejects.toThrow(NotAsked);
    await expect(signing).rejects.toThrow(message);
  });
});

test.each(['reject', 'edit', 'decline', 'claim', 'escalate'] as const)('%s carries no grant', async (verdict) => {
  expect((await claimsOf('mia', {}, { verdict })).claims.grant).toBeUndefined();
});
