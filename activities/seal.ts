import type { Agent } from '../agents/define-agent.ts';
import { judge } from '../agents/judge.ts';
import type { AgentTask, Proposal, Seal } from '../contracts/decision.ts';
import { digestOf } from '../contracts/digest.ts';
import { Failed, fail } from '../contracts/failures.ts';
import { contractDigest } from './act.ts';
import type { AgentDeps } from './deps.ts';
import { bindArguments } from './proposal.ts';

/**
 * Looks once more at a person's yes before it moves anything: the contract is the one it was given under, the bound
 * arguments are still what the case says, the whitelist still lets the call through, and whoever said yes still may.
 * @throws Failed SealBroken, saying which of them no longer holds
 */
export async function checkSeal(
  agent: Agent,
  task: AgentTask,
  input: unknown,
  seal: Seal,
  deps: AgentDeps,
): Promise<void> {
  const { answer, proposal } = seal;
  if (!answer) return;
  const broken = (what: string) =>
    new Failed(
      fail('SealBroken', `The approval of ${agent.name} no longer holds: ${what}.`, {
        agent: agent.name,
        approval: answer.approval,
      }),
    );
  if (seal.contract !== contractDigest(agent)) throw broken('the contract of its tool has changed');
  if (!boundHolds(agent, task, input, proposal)) throw broken('the arguments that the case binds have changed');
  if (judge(agent, input, { ...proposal, confidence: 1 }, task.policy).kind === 'refused')
    throw broken('the call is not allowed');
  const { people } = await deps.prompts.directory();
  const who = people.find((person) => person.person === answer.by);
  if (!who?.roles.some((role) => role === answer.role)) throw broken(`who gave it has lost the role ${answer.role}`);
}

function boundHolds(agent: Agent, task: AgentTask, input: unknown, proposal: Proposal): boolean {
  const now = bindArguments(agent, input, task.facts);
  const then = Object.fromEntries(Object.keys(now).map((name) => [name, proposal.call[name]]));
  return digestOf(now) === digestOf(then);
}
