import { isCancellation } from '@temporalio/workflow';
import type { z } from 'zod';
import type { Agent } from '../agents/define-agent.ts';
import { paidCalls } from '../contracts/checkpoint.ts';
import type { AgentResult, AgentTask, ModelCall, Seal } from '../contracts/decision.ts';
import { FAILURES, type Failure, fail } from '../contracts/failures.ts';
import { stepPolicy } from '../contracts/policy.ts';
import type { ToolOutput } from '../contracts/tool.ts';
import { agentActivity } from './activities.ts';
import { askAboutFailure, askAboutProposal, reserve } from './asking.ts';
import type { Reservation } from './budget.ts';
import type { Case } from './case.ts';
import { type Broken, BusinessEnd, CaseFailure, readBroken } from './endings.ts';
import { StepRecord } from './record.ts';

export interface StepOptions {
  /** What the step leaves in the world, for the saga and for people; only where it has an effect. */
  readonly leaves?: string;
  /** Takes it back, also where nobody knows whether it happened. */
  readonly undo?: () => Promise<unknown>;
  /** A person may let the case go on without this step. */
  readonly skippable?: boolean;
  /** What the effect is unique on, where that is not the case's reference. */
  readonly reference?: string;
}

export type StepInput<A extends Agent> = z.input<A['input']>;

/** The answer of the agent's tool; where the step says that people may skip it, perhaps nothing. */
export type StepAnswer<A extends Agent, O> = ToolOutput<A['tool']> | (O extends { readonly skippable: true } ? undefined : never);

/** What the next activity of a step starts from. */
interface Round {
  readonly number: number;
  readonly callsBefore: number;
  readonly seal?: Seal | undefined;
  readonly complaint?: string | undefined;
}

/**
 * One step of a case: reserve, run the agent's activity, ask where it came back sealed or broken and run it again with
 * the answer, settle, record. The only caller of agents' activities.
 * @param input read anew in each round, since people may amend what a case was started with
 * @returns the tool's answer, or nothing where a person let the case go on without it
 * @throws BusinessEnd where people or the budget say no, CaseFailure where it is broken and stays so
 */
export async function takeStep<A extends Agent>(
  host: Case,
  agent: A,
  input: () => StepInput<A>,
  options: StepOptions,
): Promise<ToolOutput<A['tool']> | undefined> {
  const step = host.nameStep(agent);
  const record = new StepRecord(agent, step);
  const effect = options.leaves === undefined ? undefined : host.saga.register(options.leaves, options.undo);
  let round: Round | undefined = { number: 1, callsBefore: 0 };
  try {
    while (round) {
      const outcome: Outcome = await runRound(host, agent, step, record, input(), round, options);
      const { result } = outcome;
      if (result?.outcome === 'done') {
        effect?.('yes');
        host.record(record.end('done'));
        return result.answer as ToolOutput<A['tool']>;
      }
      round = await nextRound(host, agent, step, record, input(), round, outcome, options);
    }
    effect?.('no');
    host.record(record.end('skipped'));
    return undefined;
  } catch (error) {
    if (cannotHaveHappened(error)) effect?.('no');
    host.record(endOf(record, error));
    throw error;
  }
}

interface Outcome {
  readonly result?: AgentResult;
  readonly broken?: Broken;
}

/** One activity of the step, with its money set aside before and settled after, however it ends. */
async function runRound<A extends Agent>(
  host: Case,
  agent: A,
  step: string,
  record: StepRecord,
  input: StepInput<A>,
  round: Round,
  options: StepOptions,
): Promise<Outcome> {
  const pin = host.pin(agent);
  const reservation = await reserve(host, agent, step, pin.iterations - round.callsBefore);
  const task: AgentTask = {
    step,
    facts: host.facts,
    key: host.keyFor(agent, step, round.number, options.reference),
    input,
    pin,
    policy: stepPolicy(host.release.policy, agent.name),
    allowance: reservation.calls,
    callsBefore: round.callsBefore,
    ...(round.seal ? { seal: round.seal } : {}),
    ...(round.complaint ? { complaint: round.complaint } : {}),
  };
  const patienceMs = host.patienceFor(pin, step);
  const run = agentActivity(agent, pin, host.release, { patienceMs, summary: host.summarize(agent, step) });
  try {
    const result = await run(task);
    settle(host, record, reservation, result.calls);
    record.acted(result);
    return { result };
  } catch (error) {
    const broken = readBroken(error, agent.tier === 'none' ? 0 : pin.worstCaseMicroUsd);
    settle(host, record, reservation, broken.checkpoint?.calls);
    const { proposal } = broken.checkpoint ?? {};
    if (proposal) record.proposed({ proposal, verdict: { kind: 'allowed', rule: 'checkpoint', why: '' }, contract: '' });
    if (broken.cancelled) throw error;
    return { broken };
  }
}

function settle(host: Case, record: StepRecord, reservation: Reservation, calls: readonly ModelCall[] | undefined): void {
  const { spentMicroUsd, overrun } = host.budget.settle(reservation, calls);
  record.paid(spentMicroUsd, calls, reservation.calls);
  if (overrun) host.alarm('usage-above-reservation');
}

/** Where the step goes on after a round without a result; nothing where a person skips it. */
async function nextRound<A extends Agent>(
  host: Case,
  agent: A,
  step: string,
  record: StepRecord,
  input: StepInput<A>,
  round: Round,
  { result, broken }: Outcome,
  options: StepOptions,
): Promise<Round | undefined> {
  const number = round.number + 1;
  if (result?.outcome === 'sealed') {
    const seal = await askAboutProposal(host, agent, step, record, input, result.sealed);
    return seal ? { number, callsBefore: round.callsBefore, seal } : { number, callsBefore: 0 };
  }
  const checkpoint = broken?.checkpoint;
  if (broken?.failure.type === 'AllowanceSpent') {
    return { number, callsBefore: round.callsBefore + paidCalls(checkpoint?.calls ?? []).length, complaint: checkpoint?.complaint };
  }
  const failure = broken?.failure ?? refusalOf(agent, result);
  if (FAILURES[failure.type].retry === 'never') throw new CaseFailure(failure, step);
  const verdict = await askAboutFailure(host, step, record, failure, options);
  if (verdict === 'abort') throw new CaseFailure(failure, step);
  if (verdict === 'skip') return undefined;
  return { number, callsBefore: 0, seal: verdict === 'retry' ? sealFrom(broken, round) : undefined };
}

const refusalOf = (agent: Agent, result: AgentResult | undefined): Failure =>
  fail('ProposalRefused', `What ${agent.name} proposed is not allowed: ${result?.sealed.verdict.rule ?? 'unknown'}.`, {
    agent: agent.name,
    tool: agent.tool.name,
    rule: result?.sealed.verdict.rule,
  });

/** What the model has proposed already is not paid for again, unless it was the proposal that was at fault. */
function sealFrom(broken: Broken | undefined, { seal }: Round): Seal | undefined {
  if (!broken || ['ToolRejected', 'SealBroken', 'IterationCapReached'].includes(broken.failure.type)) return undefined;
  if (seal) return seal;
  const { proposal } = broken.checkpoint ?? {};
  return proposal && { proposal, verdict: { kind: 'allowed', rule: 'checkpoint', why: '' }, contract: '' };
}

/** Certain that nothing was done: people said no before act, or the tool refused without effect. */
const cannotHaveHappened = (error: unknown): boolean =>
  error instanceof BusinessEnd || (error instanceof CaseFailure && ['ProposalRefused', 'ToolRejected', 'NoModelLeft'].includes(error.failure.type));

function endOf(record: StepRecord, error: unknown): ReturnType<StepRecord['end']> {
  if (error instanceof CaseFailure) return record.end('failed', error.failure);
  if (error instanceof BusinessEnd) return record.end(error.unanswered ? 'unanswered' : 'rejected');
  return record.end(isCancellation(error) ? 'cancelled' : 'failed');
}
