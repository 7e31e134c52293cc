import { activityInfo, CancelledFailure, cancellationDetails, cancellationSignal } from '@temporalio/activity';
import type { Agent } from '../agents/define-agent.ts';
import { judge } from '../agents/judge.ts';
import type {
  ActedResult,
  AgentOrder,
  AgentResult,
  AgentTask,
  Proposal,
  StoppedResult,
  Verdict,
} from '../contracts/decision.ts';
import { Failed, type Failure, fail } from '../contracts/failures.ts';
import { madeOf } from '../contracts/made.ts';
import { silentTracer } from '../telemetry/tracer.ts';
import { type Acted, act, contractDigest } from './act.ts';
import { blamesTheCase } from './blame.ts';
import { Progress } from './checkpoint.ts';
import type { AgentDeps } from './deps.ts';
import { asApplicationFailure, asFailed, resultTooLarge } from './failures.ts';
import { bindArguments, completeProposal } from './proposal.ts';
import { mayAskAnother, propose } from './propose.ts';
import { checkSeal } from './seal.ts';

const MAX_RESULT_BYTES = 200_000;

/** The activity of one agent: propose, judge and act, in that order, each at most as often as its bounds say. */
export function agentActivity(agent: Agent, deps: AgentDeps): (order: AgentOrder) => Promise<AgentResult> {
  return async (order) => {
    refuseWithoutCase(agent);
    const task = withFacts(order);
    const progress = Progress.resume(deps.beatMs, agent.tier === 'none' ? 0 : task.pin.worstCaseMicroUsd, task);
    try {
      const input = agent.input.parse(task.input);
      await checkSeal(agent, task, input, deps);
      return checkSize(await proposeAndAct(agent, task, input, progress, deps));
    } catch (error) {
      if (isUnforeseen(error)) logUnforeseen(agent, task, error, deps);
      countFailure(agent, error, deps);
      throw asApplicationFailure(error, progress.end(failureIn(error)));
    } finally {
      progress.stop();
    }
  };
}

/** Temporal can run an activity for nobody, by hand. An agent acts for a case and no other way. */
function refuseWithoutCase({ name }: Agent): void {
  if (activityInfo().workflowExecution) return;
  throw asApplicationFailure(
    new Failed(fail('ProposalRefused', `${name} acts for a case, and this is none.`, { agent: name, rule: 'no-case' })),
  );
}

/** The run itself says which case this is, so that history does not say it again for each step. */
function withFacts({ startedAt, ...order }: AgentOrder): AgentTask {
  const { workflowExecution, workflowType } = activityInfo();
  return {
    callsBefore: 0,
    ...order,
    facts: { caseId: workflowExecution?.workflowId ?? '', process: workflowType ?? '', startedAt },
  };
}

const isUnforeseen = (error: unknown): boolean => !(error instanceof Failed || error instanceof CancelledFailure);
const failureIn = (error: unknown): Failure | undefined =>
  error instanceof CancelledFailure ? undefined : asFailed(error).failure;

function logUnforeseen({ name }: Agent, { step }: AgentTask, err: unknown, { log }: AgentDeps): void {
  log.error({ err, agent: name, step }, 'an agent failed in a way that nobody foresaw');
}

function countFailure({ name, tool }: Agent, error: unknown, { meter }: AgentDeps): void {
  if (error instanceof CancelledFailure) return;
  const { type: failure } = asFailed(error).failure;
  meter?.tell('governor_attempt_failures_total', { agent: name, failure });
  if (failure === 'StaleData') meter?.tell('governor_stale_data_total', { agent: name, tool: tool.name });
}

/** Straight down; a call that the tool would not take, or that is not allowed, goes back to the model while it may be asked. */
async function proposeAndAct(
  agent: Agent,
  task: AgentTask,
  input: unknown,
  progress: Progress,
  deps: AgentDeps,
): Promise<AgentResult> {
  const { tracer = silentTracer } = deps;
  for (;;) {
    const proposal =
      progress.proposal ??
      (await tracer.within(`propose ${agent.name}`, {}, () => proposeOrFallBack(agent, task, input, progress, deps)));
    const verdict = await tracer.within(`judge ${agent.name}`, {}, async (span) => {
      const judged = verdictOn(agent, task, input, proposal);
      span.note({ 'governor.verdict': judged.kind, 'governor.rule': judged.rule });
      return judged;
    });
    if (verdict.kind !== 'allowed') {
      const wayOut = proposal.model !== 'none' && agent.fallback && fallback(agent, task, input);
      if (!wayOut) return stopped(agent, proposal, verdict, progress);
      await progress.keep(wayOut);
      continue;
    }
    stopIfCancelled();
    const acted = await actOrComplain(agent, task, proposal, progress, deps);
    if (!acted) continue;
    distrust(agent, task, proposal, acted);
    // The record keeps the rule that asked; the answers beside it say who let the call through.
    const recorded = task.seal?.answer ? task.seal.verdict : verdict;
    return done(agent, proposal, recorded, acted, progress);
  }
}

function verdictOn(agent: Agent, { seal, policy }: AgentTask, input: unknown, proposal: Proposal): Verdict {
  if (!seal?.answer) return judge(agent, input, proposal, policy);
  return { kind: 'allowed', rule: 'approved', why: `${seal.answer.role} said yes` };
}

function done(agent: Agent, proposal: Proposal, verdict: Verdict, acted: Acted, { calls }: Progress): ActedResult {
  const { kind, rule, why } = verdict;
  const { answer, replayed, ofAnotherRun, ms: actMs } = acted;
  return {
    outcome: 'done',
    calls,
    verdict: { kind, rule, ...(why ? { why } : {}) },
    made: madeOf(agent.tool, proposal, acted.done),
    answer,
    ...(replayed ? { replayed } : {}),
    ...(ofAnotherRun ? { ofAnotherRun } : {}),
    actMs,
  };
}

const stopped = (agent: Agent, proposal: Proposal, verdict: Verdict, { calls }: Progress): StoppedResult => ({
  outcome: verdict.kind === 'refused' ? 'refused' : 'sealed',
  calls,
  sealed: { proposal, verdict, contract: contractDigest(agent) },
});

/** An agent that is a way out acts on bound arguments and a fixed template where none of its models answers. */
async function proposeOrFallBack(
  agent: Agent,
  task: AgentTask,
  input: unknown,
  progress: Progress,
  deps: AgentDeps,
): Promise<Proposal> {
  try {
    return await propose(agent, task, input, progress, deps);
  } catch (error) {
    stopIfCancelled();
    const wayOut = error instanceof Failed && agent.fallback && fallback(agent, task, input);
    if (!wayOut || (isOfOneModel(error) && mayAskAnother(agent, task, progress, deps))) throw error;
    await progress.keep(wayOut);
    return wayOut;
  }
}

/** What the next model of the tier may not have. */
const isOfOneModel = ({ failure }: Failed): boolean =>
  ['ModelRateLimited', 'ModelUnavailable', 'ModelRefused', 'ModelMisconfigured'].includes(failure.type);

function fallback(agent: Agent, task: AgentTask, input: unknown): Proposal {
  const chosen = agent.fallback?.(input as Record<string, unknown>) ?? {};
  return completeProposal(agent, task, bindArguments(agent, input, task.facts), {
    arguments: chosen,
    confidence: 1,
    reasoning: 'Fixed template: no model answered.',
  });
}

/** Nothing, and the complaint noted for the model, where the tool refused arguments that the model may choose anew. */
async function actOrComplain(
  agent: Agent,
  task: AgentTask,
  proposal: Proposal,
  progress: Progress,
  deps: AgentDeps,
): Promise<Acted | undefined> {
  try {
    return await act(agent, task, proposal, deps);
  } catch (error) {
    const chosenByModel = proposal.model !== 'none' && !task.seal?.answer;
    if (!(error instanceof Failed) || error.failure.type !== 'ToolRejected' || !chosenByModel) throw error;
    if (blamesTheCase(agent, error.failure)) throw error;
    progress.discard(`${agent.tool.name} refused the arguments.`);
    return undefined;
  }
}

/** Nobody may use an answer before it has been held against the question. */
function distrust(agent: Agent, task: AgentTask, proposal: Proposal, { answer, done }: Acted): void {
  const { facts, policy } = task;
  const heard = { startedAt: facts.startedAt, skewMs: policy.clockSkewSeconds * 1000, now: Date.now() };
  const failure = agent.distrusts?.(answer, done ?? proposal.call, heard);
  if (!failure) return;
  throw new Failed(
    fail(failure.type, failure.message, {
      ...failure.details,
      agent: agent.name,
      tool: agent.tool.name,
      step: task.step,
    }),
  );
}

/** Cancelled before act means no act. A worker that shuts down is not a cancellation, but stops here as well. */
function stopIfCancelled(): void {
  if (!cancellationSignal().aborted) return;
  throw new CancelledFailure(cancellationDetails()?.workerShutdown ? 'WORKER_SHUTDOWN' : 'CANCELLED');
}

function checkSize(result: AgentResult): AgentResult {
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes > MAX_RESULT_BYTES) throw resultTooLarge(bytes, MAX_RESULT_BYTES);
  return result;
}
