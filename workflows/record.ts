import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { Agent } from '../agents/define-agent.ts';
import { paidCalls } from '../contracts/checkpoint.ts';
import type {
  AgentResult,
  Answer,
  CaseFacts,
  Decision,
  Made,
  ModelCall,
  Sealed,
  Verdict,
} from '../contracts/decision.ts';
import type { Failure } from '../contracts/failures.ts';
import { madeOf } from '../contracts/made.ts';
import type { AgentPin } from '../contracts/release.ts';
import type { BookedCall, StepSignal } from '../contracts/signals.ts';
import { bookedCalls, tell } from './signals.ts';
import { startedIn } from './trace-context.ts';

/** A decision as it leaves the workflow: with the case it belongs to, and nothing personal in it. */
export interface DecisionLine extends Decision {
  readonly caseId: string;
  readonly process: string;
  readonly release: string;
}

export interface DecisionSinks extends Sinks {
  readonly decisions: { record(line: DecisionLine, traceparent?: string): void };
}

const { decisions } = proxySinks<DecisionSinks>();

/** What the metrics of a step need beside its decision. */
export type Booked = Pick<StepSignal, 'asksModel' | 'prompt' | 'calls'>;

/** Gathers what happened in one step, attempt by attempt, into the one decision that it is recorded as. */
export class StepRecord {
  readonly #agent: Agent;
  readonly #step: string;
  readonly #prompt: string;
  readonly #version: string;
  readonly #began = Date.now();
  readonly #answers: Answer[] = [];
  readonly #calls: ModelCall[] = [];
  readonly #bookedCalls: BookedCall[] = [];
  #costMicroUsd = 0;
  #lostCalls = 0;
  #actMs = 0;
  #verdict: (Pick<Verdict, 'kind' | 'rule'> & Partial<Verdict>) | undefined;
  #made: Made | undefined;
  #replayed = false;

  constructor(agent: Agent, step: string, prompt: AgentPin['prompt'] | undefined) {
    this.#agent = agent;
    this.#step = step;
    this.#version = prompt?.version ?? 'none';
    this.#prompt = prompt ? `${prompt.version} ${prompt.sha256.slice(0, 12)}` : '';
  }

  /** What an attempt has cost; without a list of calls all that was reserved for it. */
  paid(spentMicroUsd: number, made: readonly ModelCall[] | undefined, reservedCalls: number): void {
    this.#costMicroUsd += spentMicroUsd;
    this.#bookedCalls.push(...bookedCalls(spentMicroUsd, made, reservedCalls));
    if (made) this.#calls.push(...made);
    else this.#lostCalls += reservedCalls;
  }

  proposed({ proposal, verdict }: Sealed): void {
    this.#verdict = verdict;
    this.#made = madeOf(this.#agent.tool, proposal);
  }

  answered(answer: Answer): void {
    this.#answers.push(...(answer.with ?? []), answer);
  }

  acted(result: AgentResult): void {
    if (result.outcome !== 'done') {
      this.proposed(result.sealed);
      return;
    }
    this.#verdict = result.verdict;
    this.#made = result.made;
    this.#replayed = result.replayed ?? false;
    this.#actMs = result.actMs;
  }

  get booked(): Booked {
    return { asksModel: this.#agent.tier !== 'none', prompt: this.#version, calls: this.#bookedCalls };
  }

  /** Ends the step. */
  end(outcome: Decision['outcome'], failure?: Failure): Decision {
    const verdict = this.#verdict;
    return {
      step: this.#step,
      at: new Date().toISOString(),
      agent: this.#agent.name,
      tool: this.#agent.tool.name,
      outcome,
      verdict: verdict?.kind ?? 'none',
      ...(verdict ? { rule: verdict.rule, why: verdict.why ?? '' } : {}),
      ...(this.#made ? { ...this.#made, prompt: this.#prompt } : {}),
      simulated: this.#calls.some((each) => each.simulated),
      answers: this.#answers.map(({ edit: _edit, token: _token, with: _with, ...answer }) => answer),
      ...(failure ? { failure: { type: failure.type, message: failure.message } } : {}),
      modelCalls: paidCalls(this.#calls).length + this.#lostCalls,
      costMicroUsd: this.#costMicroUsd,
      proposeMs: this.#calls.reduce((sum, each) => sum + each.ms, 0),
      actMs: this.#actMs,
      ms: Date.now() - this.#began,
      replayed: this.#replayed,
    };
  }
}

/** One line of the decision log for each decision, and its metrics; replay writes none. */
export function recordDecision(facts: CaseFacts, release: string, decision: Decision, booked: Booked): void {
  decisions.record({ caseId: facts.caseId, process: facts.process, release, ...decision }, startedIn());
  tell({ kind: 'step', process: facts.process, decision, ...booked });
}
