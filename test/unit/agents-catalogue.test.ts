import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Agent } from '../../agents/define-agent.ts';
import { agents } from '../../agents/index.ts';
import { tools } from '../../contracts/tools/index.ts';
import { parsePrompt } from '../../prompts/template.ts';

const catalogue: readonly [string, Agent][] = Object.entries(agents);
const folderOf = (name: string) =>
  new URL(`../../prompts/${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}/`, import.meta.url);

describe.each(catalogue)('%s', (name, agent) => {
  test('is listed under its own name and calls one tool of the house (ON-9, SR-50)', () => {
    expect(agent.name).toBe(name);
    expect(Object.values(tools)).toContain(agent.tool);
  });

  test('leaves no person, place, sum or destination of an effect to the model (PF-41)', () => {
    const unbound = agent.tool.guarded.filter((argument) => !Object.hasOwn(agent.bound, argument));
    expect(agent.tool.kind === 'effect' ? unbound : []).toEqual([]);
  });

  test('asks no model exactly where everything is bound', () => {
    const unbound = Object.keys(agent.tool.input.shape).filter((argument) => !Object.hasOwn(agent.bound, argument));
    expect(agent.tier === 'none').toBe(unbound.length === 0);
  });

  test('has prompts that use what it shows and nothing else (PM-56)', () => {
    const files = readdirSync(folderOf(name)).filter((file) => file.endsWith('.md'));
    expect(files).toContain('v1.md');
    for (const file of files) {
      const prompt = parsePrompt(`${name} ${file}`, readFileSync(new URL(file, folderOf(name)), 'utf8'));
      expect(prompt.agent).toBe(name);
      expect(prompt.variables.toSorted()).toEqual(agent.shows.toSorted());
    }
  });

  test('is bounded: at most 3 model calls, and a step that outlives an attempt (BA-83)', () => {
    const { iterations, timeout, patience } = agent.bounds;
    expect(iterations).toBeLessThanOrEqual(3);
    expect(Number.parseInt(patience, 10)).toBeGreaterThan(Number.parseInt(timeout, 10));
    expect(Number.parseInt(patience, 10)).toBeLessThanOrEqual(60);
  });
});

test('all agents that onboarding names are there (ON-7)', () => {
  const named = [
    'lookUpCustomer',
    'verifyIdentity',
    'createAccount',
    'writeWelcomeKit',
    'sendWelcomeEmail',
    'bookFollowUp',
    'routeNotification',
    'writeAudit',
    'escalate',
  ];
  expect(Object.keys(agents)).toEqual(expect.arrayContaining(named));
});

test('a person decides where identity, an account, an order or a payment is at stake and no model is left (MC-67)', () => {
  const high = catalogue.filter(([, agent]) => agent.stakes === 'high').map(([name]) => name);
  expect(high.toSorted()).toEqual([
    'createAccount',
    'issueCertificate',
    'reimburseExpense',
    'routeForApproval',
    'verifyIdentity',
  ]);
});

test('the ways out have words for the day on which no model answers (BA-88)', () => {
  const steps = Array.from({ length: 40 }, (_, index) => ({
    step: `step-${index}-${'x'.repeat(40)}`,
    outcome: 'failed',
  }));
  const summary = agents.writeAudit.fallback?.({
    caseId: 'c',
    outcome: 'failed',
    decisionsDigest: '0'.repeat(64),
    steps,
  }).summary;
  expect(agents.writeAudit.tool.input.shape.summary.safeParse(summary).success).toBe(true);

  const leftBehind = Array.from({ length: 20 }, () => 'x'.repeat(200));
  const bound = {
    caseId: 'c',
    failureType: 'StaleData',
    step: 'verifyIdentity',
    allowedQueues: ['identity-ops' as const],
  };
  const chosen = agents.escalate.fallback?.({ ...bound, leftBehind });
  expect(agents.escalate.tool.input.safeParse({ ...bound, ...chosen }).success).toBe(true);
  expect(chosen).toMatchObject({ queue: 'identity-ops', severity: 'high' });
});

test('an escalation can see nothing of the data that failed (ON-13)', () => {
  expect([...agents.escalate.shows].toSorted()).toEqual(['allowedQueues', 'failureType', 'leftBehind', 'step']);
});
