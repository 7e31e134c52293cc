import { readFileSync } from 'node:fs';
import type { Agent } from '../../../agents/define-agent.ts';
import { agents } from '../../../agents/index.ts';
import { answerName } from './answer-names.ts';

const FENCED = /<data-([0-9a-f]{12})>\n?([\s\S]*?)\n?<\/data-\1>/g;

/** Whom a prompt is for: it names the one tool that it asks for. */
export function agentOf(system: string): Agent {
  const tool = /call\s+`([a-z_]+\.[a-z_]+)`,\s+once/.exec(system)?.[1];
  const agent = Object.values(agents as Record<string, Agent>).find((each) => each.tool.name === tool);
  if (!agent) throw new Error('a prompt that names no tool of ours');
  return agent;
}

/** What the agent's own rules answer to what its prompt shows, with the number of the question for a reason. */
export function rehearse(agent: Agent, user: string, id: number): Record<string, unknown> {
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
