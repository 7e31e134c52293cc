import { z } from 'zod';
import { TASK_QUEUE } from '../contracts/messages.ts';
import { broken, parseJson } from './read.ts';

/** Task queue → the agents whose work goes there; all others are the house's own. */
const Queues = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9.-]{0,99}$/, 'is not the name of a task queue'),
  z.array(z.string()).min(1),
);

/**
 * Which task queue each of these agents is given when it is released.
 * @param bytes of `queues.json`; without them, all agents are the house's own
 * @throws Failed ReleaseBroken where an agent is unknown or has two queues
 */
export function queuesOf(bytes: Buffer | undefined, agents: readonly string[]): (agent: string) => string {
  const queues = bytes ? parseJson(Queues, bytes, 'prompts/queues.json') : {};
  const given = new Map<string, string>();
  for (const [queue, names] of Object.entries(queues)) {
    for (const agent of names) {
      if (!agents.includes(agent)) throw broken(`prompts/queues.json names ${agent}, which is no agent.`, { agent });
      if (given.has(agent)) throw broken(`prompts/queues.json gives ${agent} two task queues.`, { agent });
      given.set(agent, queue);
    }
  }
  return (agent) => given.get(agent) ?? TASK_QUEUE;
}
