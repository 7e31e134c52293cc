import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { inject } from 'vitest';
import { agentActivity } from '../../activities/agent.ts';
import type { AgentDeps } from '../../activities/deps.ts';
import type { Agent } from '../../agents/define-agent.ts';
import { createGovernorWorker } from '../../workers/governor-worker.ts';

/** A build of one family of agents. */
export interface Build extends Pick<AgentDeps, 'models' | 'tools' | 'prompts'> {
  readonly agents: readonly Agent[];
}

/** Workers of one family's queue, with no workflows, beside those of the house. Gives the way to stop them. */
export async function startGroup(taskQueue: string, { agents, ...parts }: Build): Promise<() => Promise<void>> {
  const deps: AgentDeps = { ...parts, beatMs: 200, log: pino({ level: 'silent' }) };
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  const worker = await createGovernorWorker({
    connection,
    namespace: 'default',
    taskQueue,
    activities: Object.fromEntries(agents.map((agent) => [agent.name, agentActivity(agent, deps)])),
    stickyTimeoutMs: 1000,
    shutdownGraceMs: 500,
    recordDecision: () => undefined,
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}
