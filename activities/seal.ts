import { activityInfo } from '@temporalio/activity';
import type { Agent } from '../agents/define-agent.ts';
import { judge } from '../agents/judge.ts';
import { ANSWER_LIFETIME_S } from '../contracts/answer-token.ts';
import type { AgentTask, Answer, Proposal, Seal } from '../contracts/decision.ts';
import { digestOf } from '../contracts/digest.ts';
import type { Person } from '../contracts/directory.ts';
import { Failed, type Failure, fail } from '../contracts/failures.ts';
import { findPerson } from '../contracts/standing.ts';
import { contractDigest } from './act.ts';
import type { AgentDeps } from './deps.ts';
import { bindArguments } from './proposal.ts';

/**
 * Looks once more at what is sealed before anything is moved: the contract is the one it was agreed to under, the bound
 * arguments are still what the case says, the whitelist still lets the call through, and whoever said yes still may.
 * @throws Failed SealBroken, saying which of them no longer holds
 */
export async function checkSeal(agent: Agent, task: AgentTask, input: unknown, deps: AgentDeps): Promise<void> {
  const { seal, approvals = [] } = task;
  const why = seal && whyAnotherCall(agent, task, input, seal);
  if (why) throw broken(agent, why, seal?.answer ?? {});
  const answers = [...(seal?.answer ? [seal.answer] : []), ...approvals].flatMap((one) => [...(one.with ?? []), one]);
  if (answers.length === 0) return;
  const { people } = await deps.prompts.directory();
  const { yesLastsS = ANSWER_LIFETIME_S } = agent.tool;
  for (const answer of answers) {
    const lost = (await whyUnsigned(answer, yesLastsS, deps)) ?? whyNotNow(answer, yesLastsS, people);
    // The call itself is as it was: people are asked about it again, and the model is not.
    if (lost) throw broken(agent, lost, answer, { holds: 'call' });
  }
}

const broken = (
  { name }: Agent,
  what: string,
  { approval }: Partial<Answer>,
  details: Failure['details'] = {},
): Failed =>
  new Failed(
    fail('SealBroken', `The approval of ${name} no longer holds: ${what}.`, { agent: name, approval, ...details }),
  );

/** Why what was sealed, and perhaps agreed to, is not what would be done now. */
function whyAnotherCall(
  agent: Agent,
  task: AgentTask,
  input: unknown,
  { proposal, contract, answer }: Seal,
): string | undefined {
  // What was only kept for another try was agreed to under no contract.
  if (answer && contract !== contractDigest(agent)) return 'the contract of its tool has changed';
  if (!boundHolds(agent, task, input, proposal)) return 'the arguments that the case binds have changed';
  if (!answer) return undefined;
  const verdict = judge(agent, input, { ...proposal, confidence: 1 }, task.policy);
  return verdict.kind === 'refused' ? 'the call is not allowed' : undefined;
}

/** By who may answer now. A customer's yes is about their own wish, and no directory knows them. */
function whyNotNow(
  { by, role, for: principal, at }: Answer,
  lastsS: number,
  people: readonly Person[],
): string | undefined {
  if (Date.now() - Date.parse(at) > lastsS * 1000) return `it was given at ${at}, and too long ago`;
  if (role === 'customer') return undefined;
  const holder = findPerson(people, principal ?? by);
  if (!holder?.roles.some((one) => one === role)) return `who gave it has lost the role ${role}`;
  return findPerson(people, by) ? undefined : 'who gave it is not in the directory any more';
}

/** What reached us through Temporal is believed only as far as it is signed. */
async function whyUnsigned(answer: Answer, lastsS: number, { answers }: AgentDeps): Promise<string | undefined> {
  if (!answers) return undefined;
  if (!answer.token) return 'it is not signed';
  const verified = await answers.verify(answer.token, lastsS);
  if (!verified.ok) return `its signature does not hold: ${verified.why}`;
  const { claims } = verified;
  const { approval, verdict, digest, role } = answer;
  const same = claims.approval === approval && claims.verdict === verdict && claims.role === role;
  // What an edit was made of is not what it makes.
  const read = verdict === 'edit' || claims.digest === digest;
  const own =
    claims.case === activityInfo().workflowExecution?.workflowId &&
    findPerson([{ person: claims.sub, aliases: [] }], answer.by);
  return same && read && own ? undefined : 'its signature is for something else';
}

function boundHolds(agent: Agent, task: AgentTask, input: unknown, proposal: Proposal): boolean {
  const now = bindArguments(agent, input, task.facts);
  const then = Object.fromEntries(Object.keys(now).map((name) => [name, proposal.call[name]]));
  return digestOf(now) === digestOf(then);
}
