import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createModels } from '../../models/index.ts';
import type { Candidate, ModelReply } from '../../models/model.ts';
import type { ProtocolName } from '../../outside/model-protocols.ts';
import { type ModelAsk, type ModelProvider, startModelProvider } from '../../outside/model-provider.ts';
import { modelRequest } from '../support/model-request.ts';

const VALUE = { arguments: { colour: 'red', note: null }, confidence: 0.8, reasoning: 'it says red' };
/** The first question loads a provider's SDK, and the machine may be busy. */
const PATIENCE_MS = 20_000;
const prices = { input: 1, cacheRead: 1, cacheWrite: 1, output: 1 };

/** How the house asks each of them. */
const ASKED: Readonly<Record<ProtocolName, (url: string) => (key: string) => Promise<ModelReply>>> = {
  messages: (url) => (key) => {
    const candidate: Candidate = { model: 'claude-haiku-5-5', provider: 'anthropic', simulated: false, prices };
    return createModels({ anthropicApiKey: key, baseUrls: { anthropic: url } }).call(
      candidate,
      modelRequest({ timeoutMs: PATIENCE_MS }),
    );
  },
  chat: (url) => (key) => {
    const candidate: Candidate = { model: 'stand-in', provider: 'compatible', simulated: false, prices };
    const compatible = { baseUrl: `${url}/v1`, model: 'stand-in', apiKey: key };
    return createModels({ compatible }).call(candidate, modelRequest({ timeoutMs: PATIENCE_MS }));
  },
};

describe.each(['messages', 'chat'] as const)('a provider of models that speaks %s', (protocol) => {
  let provider: ModelProvider;
  const books: ModelAsk[] = [];
  const start = async (
    pause: () => Promise<unknown> = async () => undefined,
  ): Promise<(key: string) => Promise<ModelReply>> => {
    books.length = 0;
    const mind = (system: string, user: string) => ({ topic: `${system.length > 0} ${user.length > 0}`, value: VALUE });
    provider = await startModelProvider({ protocol, mind, books, pause });
    return ASKED[protocol](provider.url);
  };
  afterEach(() => provider.stop());

  it('answers as a real one, and knows who has asked and what it bills', async () => {
    const ask = await start();
    const replies = [await ask('worker-1'), await ask('worker-2')];
    for (const reply of replies) expect(reply).toMatchObject({ kind: 'answered', value: VALUE });
    expect(books.map(({ key, topic }) => ({ key, topic }))).toEqual(
      ['worker-1', 'worker-2'].map((key) => ({ key, topic: 'true true' })),
    );
    const used = replies.map((reply) => 'usage' in reply && [reply.usage.input, reply.usage.output]);
    expect(books.map(({ billed }) => [billed?.inputTokens, billed?.outputTokens])).toEqual(used);
    // The same question, and yet told apart.
    expect(new Set(used.map(String)).size).toBe(2);
  });

  it('takes no connection when it is cut off, and answers again at the same address', async () => {
    const ask = await start();
    await provider.cut();
    expect(await ask('worker-1')).toMatchObject({
      kind: 'failed',
      charge: 'free',
      failure: { type: 'ModelUnavailable' },
    });
    expect(books).toEqual([]);
    await provider.restore();
    expect(await ask('worker-1')).toMatchObject({ kind: 'answered' });
  });

  it('bills nothing for a question that it was cut off from, and whoever asked cannot know that', async () => {
    const { promise: thought, resolve: thinkOn } = Promise.withResolvers<void>();
    const ask = await start(() => thought);
    const reply = ask('worker-1');
    await expect.poll(() => books.length, { timeout: PATIENCE_MS }).toBe(1);
    await provider.cut();
    expect(await reply).toMatchObject({ kind: 'failed', charge: 'unknown', failure: { type: 'ModelUnavailable' } });
    thinkOn();
    await setImmediate();
    expect(books[0]?.billed).toBeUndefined();
  });
});
