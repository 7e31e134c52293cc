import { cancellationSignal } from '@temporalio/activity';
import type { Agent } from '../agents/define-agent.ts';
import { paidCalls } from '../contracts/checkpoint.ts';
import type { AgentTask, ModelCall, Proposal } from '../contracts/decision.ts';
import { Failed, fail } from '../contracts/failures.ts';
import type { Candidate, ModelReply, ModelRequest } from '../models/model.ts';
import { costOf } from '../models/plan.ts';
import { chatSpan, usageOfChat } from '../telemetry/gen-ai.ts';
import { silentTracer } from '../telemetry/tracer.ts';
import type { Progress } from './checkpoint.ts';
import type { AgentDeps } from './deps.ts';
import { bindArguments, completeProposal, readAnswer, unboundSchema } from './proposal.ts';
import { writeRequest } from './request.ts';

/** How soon the next attempt may try another model when this one failed, milliseconds. */
const NEXT_CANDIDATE_MS = 100;

/**
 * One model call after another until one gives a usable proposal; usually that is the first. Each is counted, charged
 * and bounded before it is made. A model that fails ends the attempt, and the next attempt asks the next candidate.
 * @throws Failed IterationCapReached, AllowanceSpent, NoModelLeft, RequestTooLong, or what the model failed with
 */
export async function propose(
  agent: Agent,
  task: AgentTask,
  input: unknown,
  progress: Progress,
  deps: AgentDeps,
): Promise<Proposal> {
  const bound = bindArguments(agent, input, task.facts);
  if (agent.tier === 'none')
    return completeProposal(agent, task, bound, {
      arguments: {},
      confidence: 1,
      reasoning: 'Every argument is bound.',
    });
  for (;;) {
    checkAllowance(agent, task, progress);
    const candidate = nextCandidate(agent, task, progress, deps);
    const request = await writeRequest(agent, task, input, progress.complaint, deps);
    const reply = await callModel(candidate, { ...request, signal: cancellationSignal() }, task, deps);
    const call = book(candidate, reply, task, deps);
    if (reply.kind === 'failed') throw failover(candidate, reply, call, progress, task, agent, deps);
    const read = readReply(agent, reply, task.policy.confidenceFloor);
    if ('complaint' in read) {
      progress.called(call, read.complaint);
      continue;
    }
    const proposal = completeProposal(agent, task, bound, read, candidate);
    await progress.keep(proposal, call);
    return proposal;
  }
}

function callModel(
  candidate: Candidate,
  request: ModelRequest,
  { pin }: AgentTask,
  deps: AgentDeps,
): Promise<ModelReply> {
  const { tracer = silentTracer, models } = deps;
  const { provider, model } = candidate;
  const attributes = chatSpan(provider, model, pin.prompt.version, request.maxOutputTokens);
  return tracer.within(`chat ${model}`, { kind: 'client', attributes }, async (span) => {
    const reply = await models.call(candidate, request);
    if (reply.kind === 'failed') span.failed(reply.failure.type);
    else span.note({ ...usageOfChat(reply.usage), 'governor.reply': reply.kind });
    return reply;
  });
}

function checkAllowance(agent: Agent, task: AgentTask, progress: Progress): void {
  const paid = paidCalls(progress.calls).length;
  const { iterations } = task.pin;
  const details = { agent: agent.name, iterations, allowance: task.allowance, made: task.callsBefore + paid };
  if (task.callsBefore + paid >= iterations) {
    throw new Failed(
      fail('IterationCapReached', `${agent.name} made its ${iterations} model calls without a usable answer.`, details),
    );
  }
  if (paid >= task.allowance) {
    throw new Failed(
      fail('AllowanceSpent', `${agent.name} used up the ${task.allowance} model calls that were reserved.`, details),
    );
  }
}

/**
 * The first model that may be asked now; those that failed in this step come last. One that a breaker keeps out is waited
 * for: where that is longer than the step has patience left, the server ends the step at once.
 */
function nextCandidate(agent: Agent, task: AgentTask, progress: Progress, deps: AgentDeps): Candidate {
  const plan = deps.models.plan(planRequest(agent, task, progress));
  const [first] = plan.candidates;
  if (first) return first;
  const details = { agent: agent.name, tier: agent.tier, rejections: plan.rejections };
  const soonest = Math.min(...plan.rejections.map(({ retryInMs }) => retryInMs ?? Number.POSITIVE_INFINITY));
  if (Number.isFinite(soonest)) {
    const words = `Every model of tier ${agent.tier} that ${agent.name} may ask rests for a moment.`;
    throw new Failed(fail('ModelUnavailable', words, details), { retryAfterMs: soonest });
  }
  throw new Failed(fail('NoModelLeft', `No model of tier ${agent.tier} may be asked for ${agent.name} now.`, details));
}

/** Whether a model is left that may be asked, is paid for, and has not failed in this step: the next attempt asks it. */
export function mayAskAnother(agent: Agent, task: AgentTask, progress: Progress, deps: AgentDeps): boolean {
  const paid = paidCalls(progress.calls).length;
  if (paid >= task.allowance || task.callsBefore + paid >= task.pin.iterations) return false;
  const request = planRequest(agent, task, progress);
  return deps.models.plan(request).candidates.some(({ model }) => !request.failed.includes(model));
}

const planRequest = (agent: Agent, { pin }: AgentTask, progress: Progress) => ({
  tier: agent.tier as Exclude<Agent['tier'], 'none'>,
  stakes: agent.stakes,
  failed: progress.calls
    .filter(({ outcome }) => outcome === 'free' || outcome === 'unknown' || outcome === 'refused')
    .map(({ model }) => model),
  worstCaseMicroUsd: pin.worstCaseMicroUsd,
  maxInputBytes: pin.maxInputBytes,
  maxOutputTokens: pin.maxOutputTokens,
});

/** What the call is charged: its usage, its worst case where the answer was lost, nothing where it never began. */
function book(candidate: Candidate, reply: ModelReply, task: AgentTask, deps: AgentDeps): ModelCall {
  const { model, simulated } = candidate;
  const worst = task.pin.worstCaseMicroUsd;
  if (reply.kind === 'failed') {
    const costMicroUsd = reply.charge === 'free' ? 0 : worst;
    return { model, simulated, outcome: reply.charge, costMicroUsd, inputTokens: 0, outputTokens: 0, ms: reply.ms };
  }
  const cost = costOf(candidate.prices, reply.usage);
  if (cost > worst) {
    deps.log.error(
      { model, costMicroUsd: cost, worstCaseMicroUsd: worst, alarm: 'usage-above-bound' },
      'a model reported more usage than it can have had',
    );
    deps.meter?.tell('governor_alarms_total', { alarm: 'usage-above-bound' });
    deps.models.takeOut(model, 'reported usage above its bound');
  }
  const { input, cacheRead, cacheWrite, output } = reply.usage;
  return {
    model,
    simulated,
    outcome: reply.kind,
    costMicroUsd: Math.min(cost, worst),
    inputTokens: input + cacheRead + cacheWrite,
    outputTokens: output,
    ms: reply.ms,
  };
}

/** Leaves this attempt. With another candidate left the next one begins at once, otherwise when the provider allows. */
function failover(
  candidate: Candidate,
  reply: Extract<ModelReply, { kind: 'failed' }>,
  call: ModelCall,
  progress: Progress,
  task: AgentTask,
  agent: Agent,
  deps: AgentDeps,
): Failed {
  progress.called(call);
  const [other] = deps.models
    .plan(planRequest(agent, task, progress))
    .candidates.filter(({ model }) => model !== candidate.model);
  const path = { agent: agent.name, from: candidate.model, to: other?.model ?? 'none' };
  deps.meter?.tell('governor_failovers_total', { ...path, reason: reply.failure.type });
  const failure = {
    ...reply.failure,
    details: { ...reply.failure.details, agent: agent.name, model: candidate.model },
  };
  return new Failed(failure, { retryAfterMs: other ? NEXT_CANDIDATE_MS : reply.retryAfterMs });
}

/** Holds the answer against the schema. What is wrong with it is told to the model in its own terms. */
function readReply(
  agent: Agent,
  reply: Exclude<ModelReply, { kind: 'failed' }>,
  floor: number,
): ReturnType<typeof readAnswer> {
  if (reply.kind === 'answered') return readAnswer(agent, reply.value, unboundSchema(agent), floor);
  return { complaint: reply.why };
}
