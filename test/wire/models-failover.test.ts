import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createModels, type ModelSettings, type ModelsWithHealth } from '../../models/index.ts';
import type { ModelReply, PlanRequest } from '../../models/model.ts';
import { worstCaseMicroUsd } from '../../models/plan.ts';
import { ANSWER, modelRequest } from '../support/model-request.ts';
import { json, startWireServer, type WireServer } from '../support/wire-server.ts';

const HAIKU = 'claude-haiku-5-5';
const LUNA = 'gpt-6-luna';
const BOUNDS = { maxInputBytes: 4000, maxOutputTokens: 200 };
const OVERLOADED = json({ type: 'error', error: { type: 'overloaded_error', message: 'busy' } }, 529);
const TEXT = JSON.stringify(ANSWER);
const CLAUDE = json({
  content: [{ type: 'text', text: TEXT }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 9, output_tokens: 9 },
});
const GPT = json({
  status: 'completed',
  output: [{ type: 'message', content: [{ type: 'output_text', text: TEXT }] }],
  usage: { input_tokens: 9, output_tokens: 9 },
});

let claude: WireServer;
let gpt: WireServer;
const clock = { now: 0 };
beforeAll(async () => {
  [claude, gpt] = await Promise.all([startWireServer(), startWireServer()]);
});
beforeEach(() => {
  clock.now = 1_000_000;
  for (const server of [claude, gpt]) server.bodies.length = 0;
  gpt.answers(GPT);
});
afterAll(() => Promise.all([claude.stop(), gpt.stop()]));

const bothProviders = (more: ModelSettings = {}): ModelsWithHealth =>
  createModels({
    anthropicApiKey: 'k',
    openaiApiKey: 'k',
    baseUrls: { anthropic: claude.url, openai: gpt.url },
    breaker: { errors: 2, coolDownMs: 30_000 },
    clock: () => clock.now,
    ...more,
  });

/** A step's attempts, as the agent's activity makes them: each asks the first of a new plan. */
async function attempts(
  models: ModelsWithHealth,
  stakes: PlanRequest['stakes'],
  most = 3,
): Promise<{ asked: string[]; last: ModelReply | undefined }> {
  const asked: string[] = [];
  let last: ModelReply | undefined;
  for (let attempt = 0; attempt < most && last?.kind !== 'answered'; attempt++) {
    const [first] = models.plan({
      tier: 'fast',
      stakes,
      failed: asked,
      worstCaseMicroUsd: worstCaseMicroUsd('fast', BOUNDS),
      ...BOUNDS,
    }).candidates;
    if (!first) break;
    asked.push(first.model);
    last = await models.call(first, modelRequest());
  }
  return { asked, last };
}

const health = (models: ModelsWithHealth) =>
  Object.fromEntries(models.health().map(({ model, state }) => [model, state]));

describe('when a provider is down', () => {
  it('the next attempt asks the other provider’s model, and the reply comes from there (MC-66)', async () => {
    claude.answers(OVERLOADED);
    const { asked, last } = await attempts(bothProviders(), 'normal');

    expect(asked).toEqual([HAIKU, LUNA]);
    expect(last).toMatchObject({ kind: 'answered', value: ANSWER });
  });

  it('its breaker opens, and later steps do not even ask it (BA-85)', async () => {
    claude.answers(OVERLOADED);
    const models = bothProviders();
    await attempts(models, 'normal');
    await attempts(models, 'normal');
    expect(health(models)).toMatchObject({ [HAIKU]: 'open', [LUNA]: 'closed' });

    expect((await attempts(models, 'normal')).asked).toEqual([LUNA]);
    expect(claude.bodies).toHaveLength(2);
  });

  it('a high-stakes step asks nobody else, and is left to people once the breaker is open (MC-67)', async () => {
    claude.answers(OVERLOADED);
    const models = bothProviders();
    const { asked, last } = await attempts(models, 'high');

    expect(asked).toEqual([HAIKU, HAIKU]);
    expect(last?.kind).toBe('failed');
    expect(gpt.bodies).toHaveLength(0);
  });

  it('one trial call after the cool-down closes the breaker again (BA-85)', async () => {
    claude.answers(OVERLOADED);
    const models = bothProviders();
    await attempts(models, 'high');
    clock.now += 30_000;
    claude.answers(CLAUDE);

    expect(health(models)[HAIKU]).toBe('half-open');
    expect((await attempts(models, 'high')).asked).toEqual([HAIKU]);
    expect(health(models)[HAIKU]).toBe('closed');
  });

  it('one that has become slow is passed over, though it answers (BA-86)', async () => {
    claude.answers((response) => void setTimeout(() => CLAUDE(response), 30));
    const models = bothProviders({ breaker: { slowMs: 5, slowCalls: 2, slowOf: 3 } });
    await attempts(models, 'normal');
    await attempts(models, 'normal');

    expect(models.health()[0]).toMatchObject({
      model: HAIKU,
      state: 'open',
      why: expect.stringContaining('took over 5 ms'),
    });
    expect((await attempts(models, 'normal')).asked).toEqual([LUNA]);
  });

  it('a refused key takes its model out at once and is told apart from an outage', async () => {
    claude.answers(
      json({ type: 'error', error: { type: 'authentication_error', message: 'sk-secret is wrong' } }, 401),
    );
    const models = bothProviders();
    const { asked } = await attempts(models, 'normal');

    expect(asked).toEqual([HAIKU, LUNA]);
    expect(models.health()[0]).toEqual({
      model: HAIKU,
      state: 'open',
      why: `${HAIKU}: the key or the account is refused (401)`,
    });
  });

  it('both down: nobody is left, and the plan says when to ask again', async () => {
    for (const server of [claude, gpt]) server.answers(OVERLOADED);
    const models = bothProviders({ breaker: { errors: 1, coolDownMs: 30_000 } });
    await attempts(models, 'normal');
    clock.now += 10_000;

    const plan = models.plan({
      tier: 'fast',
      stakes: 'normal',
      failed: [],
      worstCaseMicroUsd: worstCaseMicroUsd('fast', BOUNDS),
      ...BOUNDS,
    });
    expect(plan.candidates).toEqual([]);
    expect(plan.rejections.map(({ model, retryInMs }) => [model, retryInMs])).toEqual([
      [HAIKU, 20_000],
      [LUNA, 20_000],
    ]);
  });
});

describe('a call that should not be made', () => {
  const prices = { input: 1, cacheRead: 1, cacheWrite: 1, output: 1 };

  it.each([
    ['of a model without a row', { model: 'claude-sonnet', provider: 'anthropic' }],
    ['of a model under another provider', { model: LUNA, provider: 'anthropic' }],
    ['of an endpoint that is not set up', { model: 'local', provider: 'compatible' }],
  ] as const)('%s is refused and costs nothing', async (_, candidate) => {
    const reply = await bothProviders().call({ ...candidate, simulated: false, prices }, modelRequest());

    expect(reply).toMatchObject({ kind: 'failed', failure: { type: 'ModelMisconfigured' }, charge: 'free' });
    expect(claude.bodies).toHaveLength(0);
  });

  it('of a model that was taken out is refused, and no plan names it', async () => {
    const models = bothProviders();
    models.takeOut(HAIKU, 'it reported more usage than it can have had');

    expect(
      await models.call({ model: HAIKU, provider: 'anthropic', simulated: false, prices }, modelRequest()),
    ).toMatchObject({ kind: 'failed', charge: 'free' });
    expect((await attempts(models, 'normal')).asked).toEqual([LUNA]);
    expect(health(models)[HAIKU]).toBe('out');
  });
});
