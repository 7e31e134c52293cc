import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { z } from 'zod';
import type { Agent } from '../agents/define-agent.ts';
import { paidCalls } from '../contracts/checkpoint.ts';
import type { ActedResult, AgentOrder, AgentResult, Answer, ModelCall, Seal, Sealed } from '../contracts/decision.ts';
import { FAILURES, type Failure, fail } from '../contracts/failures.ts';
import type { AgentPin, StepPin } from '../contracts/release.ts';
import { stepPolicy } from '../contracts/step-policy.ts';
import type { ToolOutput } from '../contracts/tool.ts';
import { agentActivity } from './activities.ts';
import { askAboutFailure, askAboutProposal, reserve, reserveWithMore } from './asking.ts';
import type { Reservation } from './budget.ts';
import type { Case } from './case.ts';
import { BusinessEnd, CaseFailure, type Failing, MOST_VOIDED, mayHaveActed, readBroken, VoidedYes } from './endings.ts';
import { StepRecord } from './record.ts';
import type { Effect } from './saga.ts';

export interface StepOptions {
  /** What the step leaves in the world, for the saga and for people; only where it has an effect. */
  readonly leaves?: string;
  /** Takes it back, also where nobody knows whether it happened. */
  readonly undo?: () => Promise<unknown>;
  /** A person may let the case go on without this step. */
  readonly skippable?: boolean;
  /** What the effect is unique on, where that is not the case's reference; or what a read is remembered by for the run. */
  readonly reference?: string;
  /** People's yeses that the effect rests on; where one of them does not hold any more, it throws `VoidedYes`. */
  readonly approvals?: readonly Answer[];
}

export type StepInput<A extends Agent> = z.input<A['input']>;

/** The answer of the agent's tool; where the step says that people may skip it, perhaps nothing. */
export type StepAnswer<A extends Agent, O> =
  | ToolOutput<A['tool']>
  | (O extends { readonly skippable: true } ? undefined : never);

/** A step on its way. */
interface Step<A extends Agent> {
  readonly host: Case;
  readonly agent: A;
  readonly name: string;
  readonly record: StepRecord;
  readonly effect: Effect;
  readonly options: StepOptions;
}

/** What the next activity of a step starts from. */
interface Round {
  readonly number: number;
  readonly callsBefore: number;
  readonly seal?: Seal | undefined;
  readonly complaint?: string | undefined;
  /** How often a yes to the proposal has lost its ground. */
  readonly voided?: number;
}

/** Failures by which an activity, or a tool, says that a yes does not hold any more. */
const VOIDED: readonly string[] = ['SealBroken', 'ApprovalMissing'];

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
  // A cancelled case begins nothing new.
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) await scope.cancelRequested;
  const step = beginStep(host, agent, options);
  let round: Round | undefined = { number: 1, callsBefore: 0 };
  try {
    while (round) {
      const asked = input();
      const outcome: Outcome = await runRound(step, asked, round);
      if (outcome.result?.outcome === 'done') {
        host.record(step.record.end('done'), step.record.booked);
        return outcome.result.answer as ToolOutput<A['tool']>;
      }
      round = await nextRound(step, asked, round, outcome);
    }
    host.record(step.record.end('skipped'), step.record.booked);
    return undefined;
  } catch (error) {
    host.record(endOf(step.record, error), step.record.booked);
    throw error;
  }
}

function beginStep<A extends Agent>(host: Case, agent: A, options: StepOptions): Step<A> {
  const name = host.nameStep(agent);
  const effect: Effect = { happened: 'no' };
  if (options.leaves !== undefined) host.saga.register(effect, options.leaves, options.undo);
  return {
    host,
    agent,
    name,
    record: new StepRecord(agent, name, host.release.agents[agent.name]?.prompt),
    effect,
    options,
  };
}

interface Outcome {
  readonly result?: AgentResult;
  readonly broken?: Failing;
}

/** One activity of the step, with its money set aside before and settled after, however it ends. */
async function runRound<A extends Agent>(step: Step<A>, input: StepInput<A>, round: Round): Promise<Outcome> {
  const { host, agent, name, record, effect } = step;
  const pin = host.pin(agent);
  const iterationsLeft = pin.iterations - round.callsBefore;
  const reservation =
    reserve(host, agent, iterationsLeft) ?? (await reserveWithMore(host, agent, name, iterationsLeft));
  const run = agentActivity(agent, pin, host.release, host.summarize(agent, name));
  const before = effect.happened;
  effect.happened = 'perhaps';
  try {
    const result = await run(taskOf(step, input, round, reservation));
    settle(host, record, reservation, result.calls);
    record.acted(result);
    effect.happened = result.outcome === 'done' ? doneBy(result) : before;
    return { result };
  } catch (error) {
    const broken = readBroken(error, agent.tier === 'none' ? 0 : pin.worstCaseMicroUsd);
    settle(host, record, reservation, broken.checkpoint?.calls);
    const { proposal } = broken.checkpoint ?? {};
    if (proposal)
      record.proposed({ proposal, verdict: { kind: 'allowed', rule: 'checkpoint', why: '' }, contract: '' });
    if (!mayHaveActed(broken, agent.tier)) effect.happened = before;
    if (broken.cancelled) throw error;
    return { broken };
  }
}

const taskOf = <A extends Agent>(
  { host, agent, name, options }: Step<A>,
  input: StepInput<A>,
  round: Round,
  { calls }: Reservation,
): AgentOrder => ({
  step: name,
  startedAt: host.facts.startedAt,
  key: host.keyFor(agent, name, round.number, options.reference),
  input,
  pin: withoutQueue(host.pin(agent)),
  policy: stepPolicy(host.release.policy, agent.name),
  allowance: calls,
  ...(round.callsBefore > 0 ? { callsBefore: round.callsBefore } : {}),
  ...(round.seal ? { seal: round.seal } : {}),
  ...(round.complaint ? { complaint: round.complaint } : {}),
  ...(options.approvals && options.approvals.length > 0 ? { approvals: options.approvals } : {}),
});

const withoutQueue = ({ taskQueue: _queue, patienceMs: _patience, ...pin }: AgentPin): StepPin => pin;

function settle(
  host: Case,
  record: StepRecord,
  reservation: Reservation,
  calls: readonly ModelCall[] | undefined,
): void {
  const { spentMicroUsd, overrun } = host.budget.settle(reservation, calls);
  record.paid(spentMicroUsd, calls, reservation.calls);
  if (overrun) host.alarm('usage-above-reservation');
}

/** What an earlier run of the same request did is there, and is not ours to undo. */
const doneBy = ({ ofAnotherRun }: ActedResult): Effect['happened'] => (ofAnotherRun ? 'earlier' : 'yes');

/** Where the step goes on after a round without a result; nothing where a person skips it. */
async function nextRound<A extends Agent>(
  step: Step<A>,
  input: StepInput<A>,
  round: Round,
  { result, broken }: Outcome,
): Promise<Round | undefined> {
  if (result?.outcome === 'sealed') return putBefore(step, input, round, result.sealed);
  const voided = broken && voidedYes(step.host, broken.failure, round);
  if (voided) return putBefore(step, input, { ...round, voided: (round.voided ?? 0) + 1 }, voided);
  if (broken?.failure.type === 'AllowanceSpent') {
    const { calls = [], complaint } = broken.checkpoint ?? {};
    return { number: round.number + 1, callsBefore: round.callsBefore + paidCalls(calls).length, complaint };
  }
  const rule = result?.outcome === 'refused' ? result.sealed.verdict.rule : 'unknown';
  return afterFailure(step, round, broken?.failure ?? refusalOf(step.agent, rule), broken);
}

/** Puts what was proposed before people, who let it through or not. */
async function putBefore<A extends Agent>(
  { host, agent, name, record }: Step<A>,
  input: StepInput<A>,
  { number, callsBefore, voided = 0 }: Round,
  sealed: Sealed,
): Promise<Round> {
  const seal = await askAboutProposal(host, agent, name, record, input, sealed);
  return seal ? { number: number + 1, callsBefore, seal, voided } : { number: number + 1, callsBefore: 0 };
}

/** What time did not mend is for people to decide, where the table of failures leaves it to them. */
async function afterFailure<A extends Agent>(
  { host, name, record, options }: Step<A>,
  round: Round,
  failure: Failure,
  broken: Failing | undefined,
): Promise<Round | undefined> {
  if (FAILURES[failure.type].retry === 'never') throw new CaseFailure(failure, name);
  if (VOIDED.includes(failure.type) && options.approvals) throw new VoidedYes(failure, name);
  const verdict = await askAboutFailure(host, name, record, failure, options);
  if (verdict === 'abort') throw new CaseFailure(failure, name);
  if (verdict === 'skip') return undefined;
  return { number: round.number + 1, callsBefore: 0, seal: verdict === 'retry' ? sealFrom(broken, round) : undefined };
}

/** What people are asked about again, at once: who said yes may not any more, and nothing else has changed. */
function voidedYes(host: Case, { type, details }: Failure, { seal, voided = 0 }: Round): Sealed | undefined {
  if (!host.release.answersChecked || !VOIDED.includes(type) || voided >= MOST_VOIDED) return undefined;
  if (!seal?.answer || details['holds'] !== 'call') return undefined;
  const { proposal, verdict, contract } = seal;
  return { proposal, verdict, contract };
}

const refusalOf = (agent: Agent, rule: string): Failure =>
  fail('ProposalRefused', `What ${agent.name} proposed is not allowed: ${rule}.`, {
    agent: agent.name,
    tool: agent.tool.name,
    rule,
  });

/** What the model has proposed already is not paid for again, unless it was the proposal that was at fault. */
function sealFrom(broken: Failing | undefined, { seal }: Round): Seal | undefined {
  if (!broken || ['ToolRejected', 'SealBroken', 'ApprovalMissing', 'IterationCapReached'].includes(broken.failure.type))
    return undefined;
  if (seal) return seal;
  const { proposal } = broken.checkpoint ?? {};
  return proposal && { proposal, verdict: { kind: 'allowed', rule: 'checkpoint', why: '' }, contract: '' };
}

function endOf(record: StepRecord, error: unknown): ReturnType<StepRecord['end']> {
  if (error instanceof CaseFailure) return record.end('failed', error.failure);
  if (error instanceof BusinessEnd) return record.end(error.unanswered ? 'unanswered' : 'rejected');
  return record.end(isCancellation(error) ? 'cancelled' : 'failed');
}
