import { describe, expect, it } from 'vitest';
import { compatibleRow } from '../../models/compatible-row.ts';
import { requestBytes } from '../../models/cost.ts';
import { askEmbedded } from '../../models/embedded.ts';
import { createModels, describeProvider } from '../../models/index.ts';
import { worstCaseMicroUsd } from '../../models/plan.ts';
import { modelRequest, nameColour } from '../support/model-request.ts';

const { rehearse: _, ...withoutRules } = nameColour;

describe('the embedded model', () => {
  it('reads the answer from the input by the agent’s own rules', () => {
    expect(askEmbedded(modelRequest())).toMatchObject({
      kind: 'answered',
      value: { arguments: { colour: 'red', note: null }, confidence: 0.9 },
    });
    expect(askEmbedded(modelRequest({ input: { shop: 's', text: 'the other one' } }))).toMatchObject({
      value: { arguments: { colour: 'green' } },
    });
  });

  it('knows nothing, and says so, for an agent without rules', () => {
    expect(askEmbedded(modelRequest({ agent: withoutRules }))).toMatchObject({
      kind: 'answered',
      value: { arguments: {}, confidence: 0, reasoning: 'no rehearsed answer' },
    });
  });

  it('counts the tokens that a model would have had', () => {
    const request = modelRequest({ system: 'x'.repeat(4000) });
    const reply = askEmbedded(request);

    expect(reply).toMatchObject({
      usage: { input: Math.ceil(requestBytes(request) / 4), cacheRead: 0, cacheWrite: 0, output: 23 },
    });
  });

  it('is cut off where a model would be', () => {
    expect(askEmbedded(modelRequest({ maxOutputTokens: 10 }))).toMatchObject({
      kind: 'invalid',
      why: expect.stringContaining('cut off'),
      usage: { output: 10 },
    });
  });

  it('turns a rule that breaks into a failure that names the agent and not the input', () => {
    const rehearse = (): never => {
      throw new TypeError('Ada Lovelace is not a colour');
    };
    const reply = askEmbedded(modelRequest({ agent: { ...nameColour, rehearse } }));

    expect(reply).toMatchObject({
      kind: 'failed',
      failure: { type: 'ModelUnavailable', message: 'The rehearsed answer of nameColour ended with TypeError.' },
      charge: 'free',
    });
    expect(JSON.stringify(reply)).not.toContain('Ada');
  });

  it('answers through the plan where no key is set, and marks the candidate as simulated', async () => {
    const models = createModels({});
    const bounds = { maxInputBytes: 4000, maxOutputTokens: 200 };
    const { candidates } = models.plan({
      tier: 'fast',
      stakes: 'high',
      failed: [],
      worstCaseMicroUsd: worstCaseMicroUsd('fast', bounds),
      ...bounds,
    });
    const [only] = candidates;
    if (!only) throw new Error('nobody to ask');

    expect(candidates).toMatchObject([{ model: 'embedded-rules', provider: 'embedded', simulated: true }]);
    expect(await models.call(only, modelRequest())).toMatchObject({ kind: 'answered' });
    expect(models.simulated).toBe(true);
  });
});

describe('a compatible endpoint', () => {
  const prices = { input: 1, cacheRead: 1, cacheWrite: 1, output: 1 };

  it.each([
    ['http://localhost:11434/v1', { input: 0, output: 0 }],
    ['http://127.0.0.1:8080/v1', { input: 0, output: 0 }],
    ['http://[::1]:8080/v1', { input: 0, output: 0 }],
  ])('on this machine is free: %s', (baseUrl, free) => {
    expect(compatibleRow({ baseUrl, model: 'local' }).prices).toMatchObject(free);
  });

  it.each([
    'https://models.example/v1',
    'http://127.0.0.1.models.example/v1',
    'http://localhost.example/v1',
    'nonsense',
  ])('elsewhere has to state its prices: %s', (baseUrl) => {
    expect(() => compatibleRow({ baseUrl, model: 'far' })).toThrow(
      expect.objectContaining({ name: 'ModelMisconfigured' }),
    );
    expect(compatibleRow({ baseUrl, model: 'far', prices }).prices).toEqual(prices);
  });
});

describe('the line for a banner', () => {
  it.each([
    [
      {},
      'No model key is set: answers are simulated by rules, and their costs stand for claude-haiku-5-5 (fast) and claude-sonnet-5-5 (reasoning, code).',
    ],
    [
      { anthropicApiKey: 'k', openaiApiKey: 'k' },
      'Models: fast claude-haiku-5-5 then gpt-6-luna; reasoning claude-sonnet-5-5 then gpt-6.1-sol; code claude-sonnet-5-5 then gpt-6.1-sol. Prices of 2026-11-22.',
    ],
    [
      { compatible: { baseUrl: 'http://localhost:1/v1', model: 'local' } },
      'Models: fast local; reasoning local; code local. Prices of 2026-11-22.',
    ],
  ])('says who answers, and never a key', (settings, line) => {
    expect(describeProvider(settings)).toBe(line);
  });
});
