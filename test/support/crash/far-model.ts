import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { answer, serve } from '../../../outside/part.ts';
import { Holds } from './holds.ts';
import { agentOf, rehearse } from './rehearsed-answer.ts';

/** One question that reached the model, as the model's side knows it. */
export interface ModelAsk {
  readonly id: number;
  readonly agent: string;
  /** Which worker asked: each has a key of its own. */
  readonly worker: string;
  /** The words that the question is made of. */
  readonly user: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface FarModel {
  /** What OPENAI_BASE_URL is set to. */
  readonly url: string;
  readonly asks: ModelAsk[];
  /** Stops a question before it is answered. */
  readonly holds: Holds<ModelAsk>;
  stop(): Promise<void>;
}

const Completion = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

/**
 * A model over the protocol of compatible endpoints. It knows what its question tells it and nothing else, answers by
 * the agents' own rules, and puts the number of the question into its reasons, so that history shows which answer was used.
 * @param latencyMs how long an answer takes
 */
export async function startFarModel(latencyMs: () => number = () => 0): Promise<FarModel> {
  const asks: ModelAsk[] = [];
  const holds = new Holds<ModelAsk>();
  const part = await serve({ host: '127.0.0.1', port: 0 }, async (request, response) => {
    const { model, messages } = Completion.parse(await json(request));
    const [system = '', user = ''] = messages.map(({ content }) => content);
    const agent = agentOf(system);
    const ask = { id: asks.length + 1, agent: agent.name, worker: keyOf(request), user, at: Date.now() };
    asks.push(ask);
    await holds.pass(ask);
    await wait(latencyMs());
    answer(response, 200, completion(model, system + user, rehearse(agent, user, ask.id)));
  });
  return { url: `${part.url}/v1`, asks, holds, stop: () => part.stop() };
}

const keyOf = ({ headers }: IncomingMessage): string => (headers.authorization ?? '').replace('Bearer ', '');

function completion(model: string, asked: string, value: unknown): Record<string, unknown> {
  const content = JSON.stringify(value);
  const usage = { prompt_tokens: Math.ceil(asked.length / 4), completion_tokens: Math.ceil(content.length / 4) };
  return {
    id: 'chat-1',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
  };
}
