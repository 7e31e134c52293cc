import { CancellationScope, defineQuery, isCancellation, log, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Agent } from '../agents/define-agent.ts';
import type { CaseFacts, Decision } from '../contracts/decision.ts';
import { fail } from '../contracts/failures.ts';
import { type About, type CaseStatus, STATUS } from '../contracts/messages.ts';
import type { ProcessLimits } from '../contracts/policy.ts';
import type { AgentPin, CaseRelease } from '../contracts/release.ts';
import { type StepAnswer, type StepInput, type StepOptions, takeStep } from './agent-step.ts';
import { Requests } from './approval.ts';
import { Budget, isShortfall, type Reservation } from './budget.ts';
import { closeCase, type Ending, type Stopped } from './closing.ts';
import { Deadline } from './deadline.ts';
import { BusinessEnd, CaseFailure, MOST_VOIDED, VoidedYes } from './endings.ts';
import { listenForAnswers } from './listening.ts';
import { type Progress, publishAttributes, publishRequests, showProgress } from './progress.ts';
import { type Booked, recordDecision } from './record.ts';
import type { Setting } from './request.ts';
import { Saga } from './saga.ts';
import { tell } from './signals.ts';

export interface CaseOptions {
  /** The caller's own reference: effects are unique on it. */
  readonly reference: string;
  readonly requestedBy: string;
  /** Lowers the policy's cap. */
  readonly capMicroUsd?: number | undefined;
  /** Of people whom the case is about, and whose own names in the directory it goes by. */
  readonly names?: readonly string[];
}

/** A running case: what it carries from its start to its end, and the few things that a process can do with it. */
export class Case {
  readonly facts: CaseFacts;
  readonly release: CaseRelease;
  readonly budget: Budget;
  readonly saga = new Saga();
  readonly requests: Requests;
  readonly decisions: Decision[] = [];
  readonly #reference: string;
  readonly #deadline: Deadline;
  readonly #work = new CancellationScope();
  readonly #setAside = new Map<string, Reservation>();
  readonly #names = new Map<string, number>();
  #stage = 'open';
  #outcome: string | undefined;
  #leftBehind: readonly string[] = [];

  /** @param wayOut the agents that report how the case ended; what they may cost is set aside before anything is spent */
  constructor(
    facts: CaseFacts,
    release: CaseRelease,
    limits: ProcessLimits,
    options: CaseOptions,
    wayOut: readonly Agent[],
  ) {
    this.facts = facts;
    this.release = release;
    this.#reference = options.reference;
    const capMicroUsd = Math.min(limits.capMicroUsd, options.capMicroUsd ?? limits.capMicroUsd);
    this.budget = new Budget({ ...limits, capMicroUsd });
    const deadline = new Deadline(limits.deadlineSeconds * 1000, () => this.#work.cancel());
    this.#deadline = deadline;
    this.requests = new Requests(requestsOptions(options, release), {
      changed: (what) => this.#requestsChanged(what),
      during: (wait) => deadline.standingStill(wait),
      costMicroUsd: () => this.budget.state.spentMicroUsd,
    });
    for (const agent of wayOut) this.#setAsideFor(agent);
    setHandler(defineQuery<CaseStatus>(STATUS), () => this.status());
    listenForAnswers(this.requests);
    this.#publish();
  }

  /**
   * One agent does its one job. What it answers has been judged, done, held against the question and recorded.
   * @param input a function where an amendment may change it before the step is done
   */
  step<A extends Agent, const O extends StepOptions = StepOptions & { skippable?: false }>(
    agent: A,
    input: StepInput<A> | (() => StepInput<A>),
    options?: O,
  ): Promise<StepAnswer<A, O>> {
    return takeStep(this, agent, typeof input === 'function' ? input : () => input, options ?? {}) as Promise<
      StepAnswer<A, O>
    >;
  }

  /**
   * Asks a person about what tools have answered, before the next effect.
   * @throws BusinessEnd rejected, where the answer is no or there is none
   */
  async ask(
    step: string,
    asks: string,
    facts: Readonly<Record<string, unknown>>,
    about: About,
  ): Promise<'go-on' | 'amended'> {
    const reply = await this.requests.ask({
      kind: 'finding',
      step,
      asks,
      about,
      facts,
      ladder: this.release.policy.ladders.finding,
    });
    if (reply.verdict === 'amended') return 'amended';
    if (reply.verdict === 'unanswered') throw BusinessEnd.unanswered(`Nobody answered: ${asks}`);
    if (reply.verdict === 'reject') throw new BusinessEnd('rejected', `${reply.role} said no: ${asks}`);
    return 'go-on';
  }

  /**
   * Acts on people's yeses. Where one of them no longer holds when it is to be used, they are asked again.
   * @param ask hears whether it is asked again
   * @throws VoidedYes where that happens more than twice
   */
  async agreed<A, R>(ask: (again: boolean) => Promise<A>, actOn: (agreement: A) => Promise<R>): Promise<R> {
    for (let asked = 1; ; asked++) {
      const agreement = await ask(asked > 1);
      try {
        return await actOn(agreement);
      } catch (error) {
        if (!(error instanceof VoidedYes) || asked > MOST_VOIDED) throw error;
      }
    }
  }

  /** Waits for the world, however long that takes: the clock of the case stands still meanwhile. */
  wait<T>(until: () => Promise<T>): Promise<T> {
    return this.#deadline.standingStill(until);
  }

  /** Runs the process's story, and ends the case however the story ends. */
  async run<R extends { readonly outcome: string }>(
    story: (verbs: Pick<Case, 'step' | 'ask'>) => Promise<R>,
  ): Promise<R | Stopped> {
    this.#deadline.start();
    const verbs = { step: this.step.bind(this) as Case['step'], ask: this.ask.bind(this) };
    const ending = await this.#tell(() => story(verbs));
    this.#deadline.stop();
    return CancellationScope.nonCancellable(() => closeCase(this, ending));
  }

  async #tell<R extends { readonly outcome: string }>(story: () => Promise<R>): Promise<Ending<R>> {
    try {
      return { kind: 'told', value: await this.#work.run(story) };
    } catch (error) {
      if (error instanceof BusinessEnd) return { kind: 'stopped', outcome: error.outcome, why: error.why };
      if (error instanceof CaseFailure) return { kind: 'failed', failure: error.failure, step: error.step };
      if (!isCancellation(error)) throw error;
      if (!this.#deadline.expired) return { kind: 'cancelled' };
      const seconds = this.release.policy.processes[this.facts.process]?.deadlineSeconds;
      return {
        kind: 'failed',
        step: this.#stage,
        failure: fail('DeadlineExceeded', `The case was not done within its ${seconds} seconds.`, { seconds }),
      };
    }
  }

  record(decision: Decision, booked: Booked): void {
    this.decisions.push(decision);
    recordDecision(this.facts, this.release.id, decision, booked);
    this.#show();
  }

  alarm(alarm: string): void {
    tell({ kind: 'alarm', process: this.facts.process, alarm });
    log.error('an alarm of the budget', { alarm, process: this.facts.process, ...this.budget.state });
  }

  /** The stage is the step that the case is at; its name is unique in the case. */
  nameStep(agent: Agent): string {
    const times = (this.#names.get(agent.name) ?? 0) + 1;
    this.#names.set(agent.name, times);
    this.#stage = times === 1 ? agent.name : `${agent.name}-${times}`;
    this.#show();
    return this.#stage;
  }

  pin(agent: Agent): AgentPin {
    const pin = this.release.agents[agent.name];
    if (!pin)
      throw new CaseFailure(
        fail('ReleaseBroken', `Release ${this.release.id} has no row for ${agent.name}.`, { agent: agent.name }),
        agent.name,
      );
    return pin;
  }

  /**
   * An effect is unique on its reference and step, whoever runs it. A read is remembered for the run and the round: a
   * retry by a machine hears the same answer, and one by a person a fresh one. With a reference it is remembered for
   * the run and the reference: however often it is asked, the answer is the first.
   */
  keyFor(agent: Agent, step: string, round: number, reference?: string): string {
    if (agent.tool.kind === 'effect') return `${this.facts.process}:${reference ?? this.#reference}:${step}`;
    const { runId } = workflowInfo();
    return reference === undefined ? `${runId}:${step}:${round}` : `${runId}:${agent.name}:${reference}`;
  }

  summarize(agent: Agent, step: string): string {
    return `${this.decisions.length + 1} · ${step} · ${agent.tool.name} · ${agent.tier}${this.release.simulated ? ' (simulated)' : ''}`;
  }

  /** What was set aside at the start for an agent that reports the end; each is there once. */
  takeSetAside(agent: Agent): Reservation | undefined {
    const reservation = this.#setAside.get(agent.name);
    this.#setAside.delete(agent.name);
    return reservation;
  }

  /** Sets the outcome and what stays in the world without a use, and frees what was set aside and not needed. */
  end(outcome: string, leftBehind: readonly string[]): void {
    for (const reservation of this.#setAside.values()) this.budget.settle(reservation, []);
    this.#setAside.clear();
    this.#outcome = outcome;
    this.#leftBehind = leftBehind;
    this.#stage = 'ended';
    this.#publish();
  }

  status(): CaseStatus {
    const { process, startedAt } = this.facts;
    const steps = this.decisions.map(
      ({ agent, step, outcome, verdict, rule, confidence, model, simulated, costMicroUsd, ms }) => ({
        agent,
        step,
        outcome,
        verdict,
        ...(rule ? { rule } : {}),
        ...(confidence === undefined ? {} : { confidence }),
        ...(model ? { model } : {}),
        simulated,
        costMicroUsd,
        ms,
      }),
    );
    return {
      process,
      stage: this.#stage,
      ...(this.#outcome ? { outcome: this.#outcome } : {}),
      ...(this.#leftBehind.length > 0 ? { leftBehind: this.#leftBehind } : {}),
      startedAt,
      deadline: new Date(Date.now() + Math.max(0, this.#deadline.leftMs)).toISOString(),
      release: this.release.id,
      policy: this.release.policy.id,
      budget: this.budget.state,
      steps,
      waiting: this.requests.waiting,
    };
  }

  #setAsideFor(agent: Agent): void {
    const { worstCaseMicroUsd } = this.pin(agent);
    const reservation = this.budget.reserve(worstCaseMicroUsd, 1);
    if (isShortfall(reservation))
      throw new CaseFailure(
        fail('InvalidInput', 'The cap is below what reporting the end of a case may cost.', { ...reservation }),
        agent.name,
      );
    this.#setAside.set(agent.name, reservation);
  }

  /** What is asked stays in the memo when the last question closes: the stage says that it is over. */
  #requestsChanged(what: 'opened' | 'moved' | 'closed'): void {
    const { waiting } = this.requests;
    const { answersChecked, searchAttributes } = this.release;
    const lasting = answersChecked && searchAttributes && what === 'closed' && waiting.length === 0;
    if (!lasting) publishRequests(waiting, this.facts.process);
    this.#publish();
  }

  #publish(): void {
    if (this.release.searchAttributes) publishAttributes(this.#progress());
    this.#show();
  }

  #show(): void {
    showProgress(this.#progress());
  }

  #progress(): Progress {
    const { spentMicroUsd, capMicroUsd } = this.budget.state;
    const { waiting } = this.requests;
    const stage = waiting.length > 0 ? 'waiting' : this.#stage;
    return {
      process: this.facts.process,
      release: this.release.id,
      stage,
      outcome: this.#outcome,
      leftBehind: this.#leftBehind,
      spentMicroUsd,
      capMicroUsd,
      decisions: this.decisions,
      waiting,
    };
  }
}

/** Whoever asked is the caller that the API knows, and whom the input names: neither answers. */
function requestsOptions({ requestedBy }: CaseOptions, release: CaseRelease): Setting {
  const { policy, answersChecked = false, steadyWaits = false } = release;
  const startedBy = workflowInfo().memo?.['startedBy'];
  return {
    requestedBy: typeof startedBy === 'string' ? [requestedBy, startedBy] : [requestedBy],
    policy: policy.id,
    calendar: policy.calendar,
    checked: answersChecked,
    steady: steadyWaits,
  };
}
