import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Agent } from '../../../agents/define-agent.ts';
import { agents } from '../../../agents/index.ts';
import { answer, serve } from '../../../outside/part.ts';
import { answerName } from './answer-names.ts';
import { Holds } from './holds.ts';

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
const FENCED = /<data-([0-9a-f]{12})>\n?([\s\S]*?)\n?<\/data-\1>/g;

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

/** A prompt names the one tool that it asks for. */
function agentOf(system: string): Agent {
  const tool = /call\s+`([a-z_]+\.[a-z_]+)`,\s+once/.exec(system)?.[1];
  const agent = Object.values(agents as Record<string, Agent>).find((each) => each.tool.name === tool);
  if (!agent) throw new Error('a prompt that names no tool of ours');
  return agent;
}

function rehearse(agent: Agent, user: string, id: number): Record<string, unknown> {
  const values = [...user.matchAll(FENCED)].map(([, , value = '']) => value);
  const shown = orderOf(agent).map((name, index) => [name, readValue(agent, name, values[index] ?? '')] as const);
  const rehearsed = agent.rehearse?.(Object.fromEntries(shown));
  return { ...rehearsed, reasoning: answerName(id) };
}

const PROMPTS = new URL('../../../prompts/', import.meta.url);
const orders = new Map<string, string[]>();

/** What a prompt shows, in the order in which it stands there; its versions differ in words only. */
function orderOf({ name }: Agent): string[] {
  const known = orders.get(name);
  if (known) return known;
  const folder = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const [, shown = ''] = readFileSync(new URL(`${folder}/v1.md`, PROMPTS), 'utf8').split('---input---');
  const order = [...shown.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, variable = '']) => variable);
  orders.set(name, order);
  return order;
}

/** Texts stand between the marks as they are, everything else as JSON. */
function readValue(agent: Agent, name: string, text: string): unknown {
  const part = agent.input.shape[name];
  return part?.safeParse(text).success ? text : JSON.parse(text);
}

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
