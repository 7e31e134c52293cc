import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scrub } from '../../telemetry/scrub.ts';
import { traceIdOfRun } from '../../telemetry/trace-ids.ts';
import { openDecisionLog } from '../../workers/decision-log.ts';
import type { DecisionLine } from '../../workflows/record.ts';

const QUOTED = [
  'maren@bluefinch.example',
  'DE89 3704 0044 0532 0130 00',
  'GB33BUKB20201555555555',
  '4012888888881881',
  '5105 1051 0510 5100',
  '3782-822463-10005',
  '+44 7700 900461',
  '(030) 123 45 67',
  '553901276',
  'sk-ant-canary-3f9c1e77a2',
  'ghp_canary0A1b2C3d4E5f6G7h',
  'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJtaWEifQ',
];
const OURS = ['EUR 5000.00', '12 seats', 'r7-723b12dbe36d', 'standard-7', '2026-11-22T10:00:00.000Z', '0.93', 'A-1042'];

const line = (change: Partial<DecisionLine>): DecisionLine => ({
  caseId: 'onb-1',
  process: 'onboardCustomer',
  release: 'r1',
  step: 'createAccount',
  at: '2026-11-22T10:00:00.000Z',
  agent: 'createAccount',
  tool: 'accounts.create',
  outcome: 'done',
  verdict: 'allowed',
  simulated: false,
  answers: [],
  modelCalls: 1,
  costMicroUsd: 10,
  proposeMs: 1,
  actMs: 1,
  ms: 2,
  replayed: false,
  ...change,
});

describe('what a model or a person quotes', () => {
  it.each(QUOTED)('does not stay where it is %s (OB-93)', (quoted) => {
    expect(scrub(`Read ${quoted}, as it says.`)).toBe('Read […], as it says.');
  });

  it.each(OURS)('stays where it is %s', (own) => {
    expect(scrub(`It says ${own} here.`)).toBe(`It says ${own} here.`);
  });
});

describe('the decision log', () => {
  const folder = mkdtempSync(join(tmpdir(), 'governor-decisions-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is a line a decision, with its trace, and quotes nobody (OB-93, OB-95)', async () => {
    const file = join(folder, 'decisions.jsonl');
    const quotes = QUOTED.join(', ');
    const answer = {
      approval: 'a-1',
      verdict: 'approve',
      by: 'mia',
      role: 'manager',
      at: '2026-11-22T10:00:00.000Z',
      digest: 'a'.repeat(64),
      identity: 'signed',
      via: 'update',
      reason: quotes,
    } as const;
    const record = openDecisionLog(file);
    record(line({ reasoning: quotes, why: quotes, answers: [answer], confidence: 0.9 }), {
      workflowId: 'onb-1',
      runId: 'run-1',
    });
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('\n');
    const text = readFileSync(file, 'utf8');
    expect(QUOTED.filter((quoted) => text.includes(quoted))).toEqual([]);
    expect(JSON.parse(text)).toMatchObject({
      kind: 'decision',
      traceId: traceIdOfRun('run-1'),
      runId: 'run-1',
      caseId: 'onb-1',
      confidence: 0.9,
      answers: [{ by: 'mia', digest: 'a'.repeat(64), identity: 'signed' }],
    });
  });
});
