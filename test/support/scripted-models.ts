import type { Candidate, ModelReply, ModelRequest, Models, Plan, PlanRequest } from '../../models/model.ts';

type Script = (
  request: ModelRequest,
  times: number,
  model: string,
) => ModelReply | undefined | Promise<ModelReply | undefined>;

const prices = { input: 100_000, cacheRead: 10_000, cacheWrite: 125_000, output: 500_000 };
export const usage = { input: 1000, cacheRead: 0, cacheWrite: 0, output: 100 };

/** What the agent's own rules would answer, as a model's reply. */
export function rehearsed({ agent, input }: ModelRequest): ModelReply {
  const value = agent.rehearse?.(input as Record<string, unknown>) ?? { arguments: {}, confidence: 0, reasoning: '' };
  return { kind: 'answered', value, usage, ms: 1 };
}

/** Models whose replies a test writes; where it writes none, they answer as rehearsed. They keep count of every call. */
export class ScriptedModels implements Models {
  readonly calls: { agent: string; model: string; user: string }[] = [];
  readonly takenOut: string[] = [];
  #script: Script;
  #names: readonly string[];
  #restUntil = 0;

  constructor(script: Script = () => undefined, names: readonly string[] = ['first', 'second']) {
    this.#script = script;
    this.#names = names;
  }

  /** Replaces the script and forgets what was called. */
  reset(script: Script = () => undefined, names: readonly string[] = ['first', 'second']): void {
    this.#script = script;
    this.#names = names;
    this.calls.length = 0;
    this.takenOut.length = 0;
    this.#restUntil = 0;
  }

  /** A breaker keeps all of them out for so many milliseconds. */
  rest(ms: number): void {
    this.#restUntil = Date.now() + ms;
  }

  plan({ stakes, failed }: PlanRequest): Plan {
    const able = stakes === 'high' ? this.#names.slice(0, 1) : this.#names;
    const order = [...able.filter((name) => !failed.includes(name)), ...able.filter((name) => failed.includes(name))];
    const retryInMs = this.#restUntil - Date.now();
    if (retryInMs > 0)
      return { candidates: [], rejections: order.map((model) => ({ model, why: 'breaker open', retryInMs })) };
    const candidates = order.map((model): Candidate => ({ model, provider: 'anthropic', simulated: false, prices }));
    return { candidates, rejections: [] };
  }

  async call({ model }: Candidate, request: ModelRequest): Promise<ModelReply> {
    this.calls.push({ agent: request.agent.name, model, user: request.user });
    const times = this.calls.filter(({ agent }) => agent === request.agent.name).length;
    return (await this.#script(request, times, model)) ?? rehearsed(request);
  }

  takeOut(model: string): void {
    this.takenOut.push(model);
  }
}
