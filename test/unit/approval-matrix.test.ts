import { describe, expect, it } from 'vitest';
import { planApprovals } from '../../contracts/approval-matrix.ts';
import type { Person } from '../../contracts/directory.ts';
import { DocumentPolicy } from '../../contracts/document-policy.ts';
import type { DocumentSubject } from '../../contracts/documents.ts';
import { DOCUMENTS } from '../support/paper-desk.ts';

const PEOPLE: Person[] = [
  { person: 'carla', roles: ['compliance'], aliases: ['carla.rossi'] },
  { person: 'omar', roles: ['operations'], aliases: [] },
  { person: 'mia', roles: ['manager'], aliases: [] },
];
const invoice = (amountMinor: number | null, currency: string | null = 'EUR'): DocumentSubject => ({
  kind: 'invoice',
  number: 'R-1',
  currency,
  amountMinor,
});
const asked = (subject: DocumentSubject, excluded: string[] = [], policy = DOCUMENTS, known = PEOPLE) => {
  const plan = planApprovals(policy, subject, known, excluded);
  return plan.kind === 'stages'
    ? plan.stages.map(({ approvers, needed }) => `${needed} of ${approvers.join(' ')}`)
    : plan.why;
};

describe('the matrix names who approves', () => {
  it.each([
    ['one cent', 1, ['1 of mia']],
    ['the limit of the first row', 100_000, ['1 of mia']],
    ['one cent more', 100_001, ['1 of mia', '1 of carla']],
    ['the limit of the second row', 1_000_000, ['1 of mia', '1 of carla']],
    ['one cent more than that', 1_000_001, ['2 of mia carla omar']],
    ['a large credit note', -1_000_001, ['2 of mia carla omar']],
    ['nothing', 0, ['1 of mia']],
  ])('of an invoice over %s', (_, amount, stages) => {
    expect(asked(invoice(amount))).toEqual(stages);
  });

  it.each([
    ['in a currency without a row', invoice(1, 'JPY')],
    ['that names no amount', invoice(null)],
    ['that names no currency', invoice(1, null)],
  ])('of an invoice %s, by the row for all of them', (_, subject) => {
    expect(asked(subject)).toEqual(['2 of mia carla omar']);
  });
});

describe('who may not approve is passed over', () => {
  it.each([
    ['the author', ['mia'], ['1 of omar', '1 of carla']],
    ['the author in other letters', [' MIA '], ['1 of omar', '1 of carla']],
    ['the author by an alias', ['carla.rossi'], ['1 of mia', '1 of omar']],
    ['the author and the sender', ['mia', 'carla'], '1 people have to approve, and only 0 may'],
    ['a stranger', ['eve'], ['1 of mia', '1 of carla']],
  ])('%s', (_, excluded, stages) => {
    expect(asked(invoice(500_000), excluded)).toEqual(stages);
  });

  it('whoever the directory does not know', () => {
    expect(
      asked(
        invoice(1),
        [],
        DOCUMENTS,
        PEOPLE.filter(({ person }) => person !== 'mia'),
      ),
    ).toEqual(['1 of omar']);
  });

  it('whoever has been asked in an earlier stage', () => {
    const stages = [
      { approvers: ['mia'], needed: 1 },
      { approvers: ['mia', 'carla'], needed: 1 },
    ];
    const policy = { ...DOCUMENTS, matrix: [{ kind: 'invoice' as const, currency: null, upToMinor: null, stages }] };
    expect(asked(invoice(1), [], policy)).toEqual(['1 of mia', '1 of carla']);
  });
});

describe('a policy is refused', () => {
  const [row] = DOCUMENTS.matrix;
  const withStage = (stage: object) => ({ ...DOCUMENTS, matrix: [...DOCUMENTS.matrix, { ...row, stages: [stage] }] });
  it.each([
    ['that names an approver twice', withStage({ approvers: ['mia', 'mia'], needed: 1 }), /twice/],
    ['that needs more than it has', withStage({ approvers: ['mia'], needed: 2 }), /more approvals/],
    ['that leaves a currency out', { ...DOCUMENTS, matrix: [row] }, /every currency/],
    [
      'that has a limit in no currency',
      { ...DOCUMENTS, matrix: [...DOCUMENTS.matrix, { ...row, currency: null }] },
      /limit/,
    ],
    ['that never ends', { ...DOCUMENTS, mostVersions: 50 }, /mostVersions|<=5/],
  ])('%s', (_, policy, why) => {
    expect(JSON.stringify(DocumentPolicy.safeParse(policy).error?.issues)).toMatch(why);
  });

  it('and the one of these tests is not', () => {
    expect(DocumentPolicy.parse(DOCUMENTS)).toEqual(DOCUMENTS);
  });
});
