import { type ChaosConfig, type FixtureFileResponse, LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defaultCatalog } from '../../models/catalog.ts';
import { compatibleRow } from '../../models/compatible-row.ts';
import { createModels, type ModelsWithHealth } from '../../models/index.ts';
import type { Candidate, ModelReply } from '../../models/model.ts';
import { ANSWER, modelRequest } from '../support/model-request.ts';

const mock = new LLMock({ port: 0, logLevel: 'silent' });
let models: ModelsWithHealth;

beforeAll(async () => {
  await mock.start();
  models = createModels({
    anthropicApiKey: 'test-key',
    openaiApiKey: 'test-key',
    baseUrls: { anthropic: mock.url, openai: `${mock.url}/v1` },
    compatible: { baseUrl: `${mock.url}/v1`, model: 'local' },
    breaker: { errors: 1000 },
  });
});
afterEach(() => mock.clearFixtures().clearRequests());
afterAll(() => mock.stop());

const tableRow = (model: string): Candidate => {
  const row = defaultCatalog().rows.get(model);
  if (!row) throw new Error(`no row ${model}`);
  return { model, provider: row.provider, simulated: false, prices: row.prices };
};
const local = compatibleRow({ baseUrl: 'http://127.0.0.1', model: 'local' });

// Usage as each provider names it; aimock tells nothing of caches, so those are read on a server of our own.
const WIRES = [
  {
    wire: 'anthropic messages',
    candidate: tableRow('claude-haiku-5-5'),
    reported: { input_tokens: 100, output_tokens: 40 },
    refusal: 'refusal',
  },
  {
    wire: 'openai responses',
    candidate: tableRow('gpt-6-luna'),
    reported: { input_tokens: 100, output_tokens: 40 },
    refusal: 'content_filter',
  },
  {
    wire: 'compatible chat',
    candidate: { model: 'local', provider: 'compatible', simulated: false, prices: local.prices } satisfies Candidate,
    reported: { prompt_tokens: 100, completion_tokens: 40 },
    refusal: 'content_filter',
  },
] as const;
const USAGE = { input: 100, cacheRead: 0, cacheWrite: 0, output: 40 };

describe.each(WIRES)('$wire (MC-66)', ({ candidate, reported }) => {
  const answer = (response: FixtureFileResponse, chaos?: ChaosConfig) => {
    mock.on({ predicate: () => true }, response, chaos ? { chaos } : {});
    return models.call(candidate, modelRequest());
  };

  it('gives the answer with its usage, in our own terms', async () => {
    const reply = await answer({ content: JSON.stringify(ANSWER), usage: reported });

    expect(reply).toEqual({ kind: 'answered', value: ANSWER, usage: USAGE, ms: expect.any(Number) });
  });

  it('sends model and prompt, and asks once', async () => {
    await answer({ content: JSON.stringify(ANSWER) });

    const sent = JSON.stringify(mock.getLastRequest()?.body);
    for (const part of ['Say which colour is wanted.', 'something red', candidate.model]) expect(sent).toContain(part);
    expect(mock.getRequests()).toHaveLength(1);
  });

  it.each([
    ['text that is not JSON', 'I would say red', 'Your answer was not one JSON object.'],
    ['JSON that is not an object', '["red"]', 'Your answer was not one JSON object.'],
    ['nothing', '', 'Your answer was not one JSON object.'],
  ])('calls %s invalid and keeps the usage', async (_, content, why) => {
    expect(await answer({ content, usage: reported })).toMatchObject({ kind: 'invalid', why, usage: USAGE });
  });

  it('calls a truncated answer cut off, even where it happens to be whole, and keeps the usage', async () => {
    const reply = await answer({ content: JSON.stringify(ANSWER), finishReason: 'length', usage: reported });

    expect(reply).toMatchObject({
      kind: 'invalid',
      why: 'Your answer was cut off; it may have 200 tokens.',
      usage: USAGE,
    });
  });

  it('calls the call of a tool invalid where none was offered', async () => {
    const reply = await answer({ toolCalls: [{ name: 'send_money', arguments: '{}' }], usage: reported });

    expect(reply).toMatchObject({
      kind: 'invalid',
      why: 'You called a tool; answer with the JSON object alone.',
      usage: USAGE,
    });
  });

  it('honours Retry-After of a 429, makes no retry of its own, and knows that it cost nothing', async () => {
    const reply = await answer({
      error: { message: 'slow down', type: 'rate_limit_error' },
      status: 429,
      retryAfter: 7,
    });

    expect(reply).toMatchObject({
      kind: 'failed',
      failure: { type: 'ModelRateLimited' },
      charge: 'free',
      retryAfterMs: 7000,
    });
    expect(mock.getRequests()).toHaveLength(1);
  });

  it.each([
    [529, 'ModelUnavailable', 'free'],
    [500, 'ModelUnavailable', 'unknown'],
    [401, 'ModelMisconfigured', 'free'],
    [404, 'ModelMisconfigured', 'free'],
    [413, 'RequestTooLong', 'free'],
  ] as const)('reads a %i as %s, %s', async (status, type, charge) => {
    // A fresh set of models, as some of these open the breaker at once.
    const fresh = createModels({
      anthropicApiKey: 'k',
      openaiApiKey: 'k',
      baseUrls: { anthropic: mock.url, openai: `${mock.url}/v1` },
      compatible: { baseUrl: `${mock.url}/v1`, model: 'local' },
    });
    mock.on({ predicate: () => true }, { error: { message: 'no', type: 'api_error' }, status });

    const reply = await fresh.call(candidate, modelRequest());

    expect(reply).toMatchObject({ kind: 'failed', failure: { type }, charge });
  });

  it.each([
    ['a body that is not JSON', { malformedRate: 1 }],
    ['a connection that breaks off', { disconnectRate: 1 }],
  ])('books %s as perhaps charged', async (_, chaos) => {
    const reply = await answer({ content: JSON.stringify(ANSWER) }, chaos);

    expect(reply).toMatchObject({ kind: 'failed', failure: { type: 'ModelUnavailable' }, charge: 'unknown' });
  });
});

// aimock leaves out why a response is incomplete, so OpenAI's refusal is proven on a server of our own.
it.each(WIRES.filter(({ candidate }) => candidate.provider !== 'openai'))(
  '$wire: a refusal is a reply with its usage',
  async ({ candidate, reported, refusal }) => {
    mock.on({ predicate: () => true }, { content: 'I cannot.', finishReason: refusal, usage: reported });

    expect(await models.call(candidate, modelRequest())).toMatchObject({ kind: 'refused', usage: USAGE });
  },
);

describe('a model that takes a forced tool', () => {
  const haiku = tableRow('claude-haiku-4-5');
  const call = (...toolCalls: { name: string; arguments: string }[]): Promise<ModelReply> => {
    mock.on({ predicate: () => true }, { toolCalls, usage: { input_tokens: 100, output_tokens: 40 } });
    return models.call(haiku, modelRequest());
  };
  const right = { name: 'paint-find_colour', arguments: JSON.stringify(ANSWER) };
  const wrong = { name: 'paint-mix', arguments: JSON.stringify(ANSWER) };

  it('answers by one call of it', async () => {
    expect(await call(right)).toMatchObject({ kind: 'answered', value: ANSWER });
  });

  it.each([
    ['another tool', [wrong], 'You called another tool; call paint-find_colour exactly once.'],
    ['the tool twice', [right, right], 'You made 2 calls; call paint-find_colour exactly once.'],
    ['a second tool beside it', [right, wrong], 'You made 2 calls; call paint-find_colour exactly once.'],
  ])('calling %s is invalid, and its usage is kept', async (_, calls, why) => {
    expect(await call(...calls)).toMatchObject({ kind: 'invalid', why, usage: { input: 100, output: 40 } });
  });

  it('answering with text alone is invalid', async () => {
    mock.on({ predicate: () => true }, { content: JSON.stringify(ANSWER) });

    expect(await models.call(haiku, modelRequest())).toMatchObject({
      kind: 'invalid',
      why: 'You did not call paint-find_colour; call it exactly once.',
    });
  });
});
