import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '../../../agents/define-agent.ts';
import { agents } from '../../../agents/index.ts';
import type { Mind } from '../../../outside/model-provider.ts';

/** Behind a provider's door the agents' own rules answer. They read what the prompt shows, as a model would. */
export function mindOfRules(promptsDir: string): Mind {
  const orderOf = orders(promptsDir);
  return (system, user) => {
    const agent = agentOf(system);
    const values = [...user.matchAll(FENCED)].map(([, , value = '']) => value);
    const shown = orderOf(agent).map((name, at) => [name, readValue(agent, name, values[at] ?? '')] as const);
    return { topic: agent.name, value: agent.rehearse?.(Object.fromEntries(shown)) };
  };
}

const FENCED = /<data-([0-9a-f]{12})>\n?([\s\S]*?)\n?<\/data-\1>/g;

/** A prompt names the one tool that it asks for. */
function agentOf(system: string): Agent {
  const tool = /call\s+`([a-z_]+\.[a-z_]+)`,\s+once/.exec(system)?.[1];
  const agent = Object.values(agents as Record<string, Agent>).find((each) => each.tool.name === tool);
  if (!agent) throw new Error('a prompt that names no tool of ours');
  return agent;
}

/** What each agent's prompt shows, in the order in which it stands there; its versions differ in words only. */
function orders(promptsDir: string): (agent: Agent) => readonly string[] {
  const known = new Map<string, string[]>();
  return ({ name }) => {
    const order = known.get(name) ?? variablesOf(join(promptsDir, kebab(name), 'v1.md'));
    known.set(name, order);
    return order;
  };
}

function variablesOf(file: string): string[] {
  const [, shown = ''] = readFileSync(file, 'utf8').split('---input---');
  return [...shown.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, variable = '']) => variable);
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Texts stand between the marks as they are, everything else as JSON. */
function readValue(agent: Agent, name: string, text: string): unknown {
  return agent.input.shape[name]?.safeParse(text).success ? text : JSON.parse(text);
}
