import type { ModelCall } from '../../../contracts/decision.ts';
import { costOf } from '../../../models/cost.ts';
import type { ModelAsk } from '../../../outside/model-provider.ts';
import type { Evidence } from './evidence.ts';

/** The providers' books held against what the cases say that they have paid. */
export interface ModelBooks {
  /** Answers that went out, and so are billed. */
  readonly answered: number;
  /** Those whose worker was dead before the server had heard of them. */
  readonly lostWithWorker: number;
  /** Those that no case knows of, and that none has booked at their worst either. */
  readonly neverBooked: number;
  readonly bookedTwice: number;
  /** Steps that paid for an answer when they had one. */
  readonly askedAgain: number;
  /** Proposals that the server had acknowledged when the worker was killed, and those of them that were not used. */
  readonly checkpoints: number;
  readonly checkpointsLost: number;
  /** Micro-dollars: what the providers bill for the answers that are booked, and what the cases have booked for them. */
  readonly billed: number;
  readonly booked: number;
}

type Usage = Pick<ModelCall, 'model' | 'inputTokens' | 'outputTokens'>;
type Billed = ModelAsk & { readonly billed: NonNullable<ModelAsk['billed']> };

/** No two answers used the same, so that each is found again by its usage. */
const markOf = ({ model, inputTokens, outputTokens }: Usage): string => `${model} ${inputTokens} ${outputTokens}`;
const markOfAsk = ({ model, billed }: Billed): string => markOf({ model, ...billed });

const isHeard = ({ outcome }: ModelCall): boolean => outcome !== 'unknown' && outcome !== 'free';

export function modelBooks({ cases, books, prices, killed }: Evidence): ModelBooks {
  const steps = cases.flatMap(({ history }) => history.steps.map((step) => ({ ...step, id: history.workflowId })));
  const calls = steps.flatMap(({ paidCalls }) => paidCalls.filter(isHeard));
  const inHistory = Map.groupBy(calls, markOf);
  const answered = books.filter((ask): ask is Billed => ask.billed !== undefined);
  const isBooked = (ask: Billed): boolean => inHistory.has(markOfAsk(ask));
  const lost = answered.filter((ask) => !isBooked(ask));
  const kept = killed.cutOff.flatMap((cut) => (cut.kept?.some(isHeard) ? [cut.kept.filter(isHeard)] : []));
  const perStep = Map.groupBy(steps, ({ id, step }) => `${id} ${step}`);
  const bookedAsks = answered.filter(isBooked);
  return {
    answered: answered.length,
    lostWithWorker: lost.filter(({ key }) => key === killed.name).length,
    neverBooked: uncovered(
      lost,
      steps.flatMap(({ paidCalls }) => paidCalls.filter(isLost)),
    ),
    bookedTwice: [...inHistory.values()].filter((same) => same.length > 1).length,
    askedAgain: [...perStep.values()].filter((own) => own.flatMap((step) => step.paidCalls.filter(isAnswer)).length > 1)
      .length,
    checkpoints: kept.length,
    checkpointsLost: kept.filter((own) => !own.every((call) => inHistory.has(markOf(call)))).length,
    billed: bookedAsks.reduce((sum, { model, billed }) => sum + bill(prices, model, billed), 0),
    booked: calls.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
  };
}

const isLost = ({ outcome }: ModelCall): boolean => outcome === 'unknown';
/** The model of a call whose whole attempt died without a word. */
const SILENT = 'unknown';

/** Answers that were lost on their way and are not among the calls that cases have booked as lost, model by model. */
function uncovered(lost: readonly Billed[], booked: readonly ModelCall[]): number {
  const bookedOf = (name: string): number => booked.filter(({ model }) => model === name).length;
  const byModel = [...Map.groupBy(lost, ({ model }) => model)];
  const open = byModel.map(([model, own]) => Math.max(0, own.length - bookedOf(model)));
  return Math.max(0, open.reduce((sum, count) => sum + count, 0) - bookedOf(SILENT));
}

const isAnswer = ({ outcome }: ModelCall): boolean => outcome === 'answered';

/** The provider's own arithmetic. Of a model without a price nothing can be billed, and the sums differ. */
function bill(prices: Evidence['prices'], model: string, { inputTokens, outputTokens }: Billed['billed']): number {
  const own = prices.get(model);
  return own ? costOf(own, { input: inputTokens, output: outputTokens, cacheRead: 0, cacheWrite: 0 }) : 0;
}
