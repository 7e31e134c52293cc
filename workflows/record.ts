import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { Agent } from '../agents/define-agent.ts';
import { paidCalls } from '../contracts/checkpoint.ts';
import type { AgentResult, Answer, CaseFacts, Decision, ModelCall, Proposal, Sealed, Verdict } from '../contracts/decision.ts';
import { digestOf } from '../contracts/digest.ts';
import type { Failure } from '../contracts/failures.ts';
import { textsIn } from '../contracts/outgoing.ts';
import { redact } from '../contracts/redact.ts';

/** A decision as it leaves the workflow: with the case it belongs to, and nothing personal in it. */
export interface DecisionLine extends Decision {
  readonly caseId: string;
  readonly process: string;
  readonly release: string;
}

export interface DecisionSinks extends Sinks {
  readonly decisions: { record(line: DecisionLine): void };
}

const { decisions } = proxySinks<DecisionSinks>();

/** Gathers what happened in one step, attempt by attempt, into the one decision that it is recorded as. */
export class StepRecord {
  readonly #agent: Agent;
  readonly #step: string;
  readonly #began = Date.now();
  readonly #answers: Answer[] = [];
  readonly #calls: ModelCall[] = [];
  #costMicroUsd = 0;
  #lostCalls = 0;
  #actMs = 0;
  #sealed: Sealed | undefined;
  #done: Readonly<Record<string, unknown>> | undefined;
  #replayed = false;

  constructor(agent: Agent, step: string) {
    this.#agent = agent;
    this.#step = step;
  }

  /** What an attempt has cost; without a list of calls all that was reserved for it. */
  paid(spentMicroUsd: number, made: readonly ModelCall[] | undefined, reservedCalls: number): void {
    this.#costMicroUsd += spentMicroUsd;
    if (made) this.#calls.push(...made);
    else this.#lostCalls += reservedCalls;
  }

  proposed(sealed: Sealed): void {
    this.#sealed = sealed;
  }

  answered(answer: Answer): void {
    this.#answers.push(answer);
  }

  acted({ sealed, done, replayed, actMs }: AgentResult): void {
    this.#sealed = sealed;
    this.#done = done;
    this.#replayed = replayed ?? false;
    this.#actMs = actMs;
  }

  /** Ends the step. */
  end(outcome: Decision['outcome'], failure?: Failure): Decision {
    const proposal = this.#sealed?.proposal;
    const verdict: Verdict | undefined = this.#sealed?.verdict;
    const call = this.#done ?? proposal?.call;
    return {
      step: this.#step,
      agent: this.#agent.name,
      tool: this.#agent.tool.name,
      outcome,
      verdict: verdict?.kind ?? 'none',
      ...(verdict ? { rule: verdict.rule, why: verdict.why } : {}),
      ...(proposal ? this.#described(proposal) : {}),
      simulated: this.#calls.some((each) => each.simulated),
      ...(call ? { call: redact(this.#agent.tool, call), callDigest: digestOf(call) } : {}),
      answers: this.#answers.map(({ edit: _edit, ...answer }) => answer),
      ...(failure ? { failure: { type: failure.type, message: failure.message } } : {}),
      modelCalls: paidCalls(this.#calls).length + this.#lostCalls,
      costMicroUsd: this.#costMicroUsd,
      proposeMs: this.#calls.reduce((sum, each) => sum + each.ms, 0),
      actMs: this.#actMs,
      ms: Date.now() - this.#began,
      replayed: this.#replayed,
    };
  }

  #described({ confidence, reasoning, model, prompt, call }: Proposal): Partial<Decision> {
    const personal = textsIn(Object.fromEntries(this.#agent.tool.personal.map((name) => [name, call[name]])));
    return { confidence, reasoning: withoutThese(reasoning, personal), model, prompt: `${prompt.version} ${prompt.sha256.slice(0, 12)}` };
  }
}

/** Names, numbers and addresses; common words that also stand in a personal text tell nothing. */
const TELLING = /[\p{Lu}\d@]/u;

/** A model may quote what it read; what is personal in the call is not to be found in its reasons. */
function withoutThese(text: string, personal: readonly string[]): string {
  const words = personal.flatMap((value) => [value, ...value.split(/[\s,]+/)]).filter((word) => word.length > 2 && TELLING.test(word));
  return words.sort((a, b) => b.length - a.length).reduce((rest, word) => rest.split(word).join('[…]'), text);
}

/** One line of the decision log for each decision; replay writes none. */
export function recordDecision(facts: CaseFacts, release: string, decision: Decision): void {
  decisions.record({ caseId: facts.caseId, process: facts.process, release, ...decision });
}
