import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { unboundSchema } from '../../activities/proposal.ts';
import type { Agent } from '../../agents/define-agent.ts';
import { agents, escalate, lookUpCustomer, verifyIdentity, writeAudit } from '../../agents/index.ts';
import { Directory } from '../../contracts/directory.ts';
import { FAILURES } from '../../contracts/failures.ts';
import { LEGAL_ANSWERS, type RequestKind } from '../../contracts/messages.ts';
import { OnboardingRequest } from '../../contracts/onboarding.ts';
import { defaultCatalog } from '../../models/catalog.ts';
import { costOf, worstCaseMicroUsd } from '../../models/cost.ts';
import { askEmbedded } from '../../models/embedded.ts';
import { answerSchema } from '../../models/schema.ts';
import { parsePrompt } from '../../prompts/template.ts';
import { exampleInput, exampleNames, exampleWorld, expectedOf, validExamples } from '../support/examples.ts';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const OUTCOMES = ['onboarded', 'identity-refused', 'rejected', 'over-budget', 'failed', 'cancelled'];
const names = exampleNames();

describe.each(names)('%s', (name) => {
  const expected = expectedOf(name);

  test('is an input that the process takes, unless it is there to be refused', () => {
    const parsed = OnboardingRequest.safeParse(exampleInput(name));
    expect(parsed.success).toBe(expected.failureType !== 'InvalidInput');
  });

  test('expects what can come out', () => {
    expect(OUTCOMES).toContain(expected.outcome);
    expect(expected.outcome === 'failed').toBe(expected.failureType !== undefined);
    if (expected.failureType) expect(Object.keys(FAILURES)).toContain(expected.failureType);
    if (expected.stoppedAt) expect(Object.keys(agents)).toContain(expected.stoppedAt);
    expect(expected.effects).toBe(expected.outcome === 'onboarded' ? 5 : 0);
  });

  test('is answered legally, by people of the directory who did not ask for it', () => {
    const { people } = Directory.parse(JSON.parse(text('prompts/directory.json')));
    expect(expected.answers === undefined).toBe(expected.waitsFor === undefined);
    for (const { verdict, by } of expected.answers ?? []) {
      expect(LEGAL_ANSWERS[expected.waitsFor as RequestKind]).toContain(verdict);
      expect(people.map(({ person }) => person)).toContain(by);
      expect(exampleInput(name)).not.toMatchObject({ requestedBy: by });
    }
  });
});

test('requests, customers and documents of the examples are told apart by their ids', () => {
  const { customers, documents } = exampleWorld();
  const ids = (values: readonly string[]) => expect(new Set(values).size).toBe(values.length);
  ids(Object.values(validExamples()).map(({ requestId }) => requestId));
  ids(customers.map(({ customerId }) => customerId));
  ids(documents.map(({ number }) => number));
});

test('there are at least eight clean examples, in seven languages', () => {
  expect(names.filter((name) => name.startsWith('clean')).length).toBeGreaterThanOrEqual(8);
});

describe('garbage', () => {
  const catalog = defaultCatalog();
  const worst = (agent: Agent) => (agent.tier === 'none' ? 0 : worstCaseMicroUsd(agent.tier, agent.bounds, catalog));
  const paid = (agent: Agent, file: string, input: Record<string, unknown>) => {
    const prompt = parsePrompt(agent.name, text(`prompts/${file}`)).render(input);
    const schema = answerSchema(unboundSchema(agent));
    const { maxOutputTokens } = agent.bounds;
    const signal = new AbortController().signal;
    const reply = askEmbedded({ agent, input, ...prompt, schema, maxOutputTokens, timeoutMs: 1000, signal });
    if (reply.kind !== 'answered') throw new Error(`the rehearsal of ${agent.name} gave no answer`);
    return costOf(catalog.standsFor.fast.prices, reply.usage);
  };

  test('has a cap that its first reading of the document fits into, and its third does not (ON-3)', () => {
    const { message, document, requestId, capMicroUsd = 0 } = OnboardingRequest.parse(exampleInput('garbage'));
    const lookUp = paid(lookUpCustomer, 'look-up-customer/v1.md', { requestId, message });
    const verify = paid(verifyIdentity, 'verify-identity/v2.md', { customerId: 'c', documentText: document });
    const left = capMicroUsd - worst(escalate) - worst(writeAudit) - lookUp;
    expect(worst(lookUpCustomer)).toBeLessThanOrEqual(left + lookUp);
    expect(left).toBeGreaterThanOrEqual(worst(verifyIdentity) + 20);
    expect(left - 2 * verify).toBeLessThan(worst(verifyIdentity) - 20);
  });
});
