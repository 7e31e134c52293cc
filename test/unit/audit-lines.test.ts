import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AuditLine, decisionOf, lineOf } from '../../contracts/audit-lines.ts';
import type { Answer } from '../../contracts/decision.ts';
import { AuditedDecision } from '../../contracts/tools/audit.ts';
import { auditLines } from '../../workflows/audited.ts';
import type { ClosedRequest } from '../../workflows/request.ts';

const BEGAN = '2026-11-22T08:00:00.000Z';
const instant = fc
  .integer({ min: 0, max: 90 * 24 * 3_600_000 })
  .map((ms) => new Date(Date.parse(BEGAN) + ms).toISOString());
const word = fc.string({ minLength: 1, maxLength: 40 });

const answer = fc.record(
  {
    approval: word,
    verdict: word,
    by: word,
    role: word,
    at: instant,
    identity: fc.constantFrom('signed' as const, 'asserted' as const),
    reason: fc.string({ maxLength: 500 }),
    for: word,
  },
  { requiredKeys: ['approval', 'verdict', 'by', 'role', 'at', 'identity'] },
);

const decision = fc
  .record(
    {
      at: instant,
      step: word,
      agent: word,
      tool: word,
      outcome: fc.constantFrom('done', 'failed', 'unanswered'),
      verdict: fc.constantFrom('allowed', 'needs-approval', 'none'),
      costMicroUsd: fc.nat(),
      answers: fc.array(answer, { maxLength: 4 }),
      rule: word,
      why: fc.string({ maxLength: 500 }),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      kind: fc.constantFrom('proposal', 'exception'),
      subject: word,
    },
    { requiredKeys: ['at', 'step', 'agent', 'tool', 'outcome', 'verdict', 'costMicroUsd', 'answers'] },
  )
  // What a case says: each answer is of a request, and a decision with answers has the kind of one of them.
  .map(({ answers, ...rest }) => ({
    ...rest,
    answers: answers.map((one) => ({ ...one, ...(rest.kind ? { kind: rest.kind } : {}) })),
  }));

test('what a case hands to its audit in short is the whole decision again at the other end', () => {
  fc.assert(
    fc.property(decision, (whole) => {
      const line = lineOf(AuditedDecision.parse(whole), BEGAN);
      expect(decisionOf(AuditLine.parse(JSON.parse(JSON.stringify(line))), BEGAN)).toEqual(whole);
    }),
  );
});

test('an answer to another kind of request keeps its own', () => {
  const base = { at: BEGAN, step: 's', agent: 's', tool: 't', outcome: 'done', verdict: 'allowed', costMicroUsd: 0 };
  const said = {
    approval: 'a',
    verdict: 'retry',
    by: 'omar',
    role: 'operations',
    at: BEGAN,
    identity: 'signed' as const,
  };
  const whole = {
    ...base,
    kind: 'proposal',
    answers: [
      { ...said, kind: 'exception' },
      { ...said, kind: 'proposal' },
    ],
  };
  const line = lineOf(whole, BEGAN);
  expect(line.answers?.map(({ kind }) => kind)).toEqual(['exception', undefined]);
  expect(decisionOf(line, BEGAN)).toEqual(whole);
});

test('a line of a clean step is short', () => {
  const clean = {
    at: BEGAN,
    step: 'verifyIdentity',
    agent: 'verifyIdentity',
    tool: 'identity.verify',
    outcome: 'done',
    verdict: 'allowed',
    rule: 'within-policy',
    confidence: 0.95,
    model: 'embedded',
    prompt: 'v1 0123456789ab',
    costMicroUsd: 1200,
    answers: [],
  };
  expect(JSON.stringify(lineOf(clean, BEGAN)).length).toBeLessThan(JSON.stringify(clean).length * 0.7);
});

test('however long the words of people are, and however many, the audit takes them', () => {
  const long = 'x'.repeat(5000);
  const yes: Answer = {
    approval: long,
    verdict: 'approve',
    by: long,
    role: 'operations',
    at: BEGAN,
    digest: '',
    identity: 'signed',
    via: 'update',
    reason: long,
    for: long,
  };
  const request: ClosedRequest = {
    kind: 'approval',
    step: long,
    subject: long,
    rule: long,
    why: long,
    at: BEGAN,
    edits: [],
    yeses: Array(100).fill(yes),
    remarks: Array(100).fill({ at: BEGAN, by: long, verdict: 'ask-info', words: long, to: long }),
    reply: { verdict: 'unanswered' },
  };
  const lines = auditLines(
    [],
    Array.from({ length: 300 }, () => request),
    BEGAN,
  );
  expect(lines).toHaveLength(200);
  expect(AuditLine.array().max(200).safeParse(lines).error?.issues).toBeUndefined();
  expect(lines[0]).toMatchObject({
    agent: 'people',
    outcome: 'unanswered',
    verdict: 'needs-approval',
    kind: 'approval',
  });
  expect(lines[0]?.answers).toHaveLength(60);
  expect(lines[0]?.remarks).toHaveLength(40);
});
