import type { Agent } from '../agents/define-agent.ts';
import { agents } from '../agents/index.ts';
import type { AgentOrder, AgentResult } from '../contracts/decision.ts';
import { agentActivity } from './agent.ts';
import { type AnswerDeps, createCheckAnswer } from './check-answer.ts';
import { type ConveneDeps, createConvene } from './convene.ts';
import type { AgentDeps } from './deps.ts';
import { atTheDoor } from './failures.ts';
import { createNotify } from './notify.ts';
import { createReleaseActivities, type ReleaseDeps } from './release.ts';

export type AgentActivity = (order: AgentOrder) => Promise<AgentResult>;
export type ReleaseActivities = ReturnType<typeof createReleaseActivities>;
export interface AskingActivities {
  convene: ReturnType<typeof createConvene>;
  checkAnswer: ReturnType<typeof createCheckAnswer>;
}
export interface NoticeActivities {
  notify: ReturnType<typeof createNotify>;
}

/** Every activity of a worker: one for each agent, under the agent's name, and the few that are the house's own. */
export function createActivities(
  deps: AgentDeps & ReleaseDeps & ConveneDeps & AnswerDeps,
  catalogue: Readonly<Record<string, Agent>> = agents,
): object {
  const steps = Object.fromEntries(Object.values(catalogue).map((agent) => [agent.name, agentActivity(agent, deps)]));
  const house: ReleaseActivities & AskingActivities & NoticeActivities = {
    ...createReleaseActivities(deps),
    convene: atTheDoor(createConvene(deps)),
    checkAnswer: atTheDoor(createCheckAnswer(deps)),
    notify: atTheDoor(createNotify(deps.tools)),
  };
  return { ...steps, ...house };
}
