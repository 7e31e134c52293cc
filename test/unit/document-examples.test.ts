import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planApprovals } from '../../contracts/approval-matrix.ts';
import { Directory } from '../../contracts/directory.ts';
import { DocumentRequest, documentOf, HOUSE_SCHEMAS } from '../../contracts/documents.ts';
import { LEGAL_ANSWERS } from '../../contracts/messages.ts';
import { Policy } from '../../contracts/policy.ts';
import { Release } from '../../contracts/release.ts';
import { checkAgainst } from '../../tools/approvals/check.ts';
import { exampleInput, exampleWorld, expectedOf } from '../support/examples.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
const names = readdirSync(new URL('examples/documents/', root))
  .filter((file) => file.endsWith('.json') && !file.endsWith('.expect.json'))
  .map((file) => file.replace('.json', ''));
const { people } = Directory.parse(read('prompts/directory.json'));
const current = readFileSync(new URL('prompts/current', root), 'utf8').trim();
const release = Release.parse(read(`prompts/releases/${current}.json`));
const policy = Policy.parse(read(`prompts/policies/${release.policy.id}.json`));
const papers = exampleWorld().papers ?? [];

describe.each(names)('%s', (name) => {
  const expected = expectedOf(name, 'documents');
  const parsed = DocumentRequest.safeParse(exampleInput(name, 'documents'));

  test('is an input that the process takes, unless it is there to be refused', () => {
    expect(parsed.success).toBe(expected.failureType !== 'InvalidInput');
  });

  test('is answered legally, by people of the directory who did not ask for it', () => {
    const legal: readonly string[] = Object.values(LEGAL_ANSWERS).flat();
    for (const { verdict, by } of expected.answers ?? []) {
      expect(legal).toContain(verdict);
      expect(people.map(({ person }) => person)).toContain(by);
      expect(parsed.data?.requestedBy).not.toBe(by);
    }
  });

  test('is about a document that is as valid as its end says, and that somebody may approve', () => {
    const paper = papers.find(({ document }) => document === documentOf(parsed.data?.doc_id ?? ''));
    expect(paper === undefined).toBe(expected.outcome === 'failed');
    if (!paper) return;
    const subject = HOUSE_SCHEMAS.map((schema) => checkAgainst(schema, paper).subject).find(Boolean);
    expect(subject === undefined).toBe(expected.outcome === 'invalid');
    if (!subject || !policy.documents) return;
    expect(planApprovals(policy.documents, subject, people, [paper.author]).kind).toBe('stages');
  });
});

test('the policy that new cases take says who approves documents, and they are people of the directory', () => {
  const named = policy.documents?.matrix.flatMap(({ stages }) => stages.flatMap(({ approvers }) => approvers)) ?? [];
  expect(named.length).toBeGreaterThan(5);
  expect(people.map(({ person }) => person)).toEqual(
    expect.arrayContaining([...named, ...(policy.documents?.standIns ?? [])]),
  );
});
