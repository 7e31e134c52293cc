import { type Breaker, type BreakerSettings, type BreakerState, createBreaker } from './breaker.ts';

/** One model's breaker, for metrics and alerts. */
export interface ModelHealth {
  readonly model: string;
  readonly state: BreakerState['kind'];
  /** Why it is not closed. */
  readonly why?: string;
}

/** A breaker for each model, made when it is first asked for. `changed` hears of every change of one. */
export function createBreakers(
  settings: BreakerSettings,
  now: () => number,
  changed: (model: string, to: BreakerState['kind']) => void = () => undefined,
) {
  const known = new Map<string, Breaker>();
  const of = (model: string): Breaker => {
    const breaker = known.get(model) ?? createBreaker(settings, now, (to) => changed(model, to));
    known.set(model, breaker);
    return breaker;
  };
  const health = (): ModelHealth[] =>
    [...known].map(([model, breaker]) => {
      const state = breaker.state();
      return { model, state: state.kind, ...(state.kind === 'closed' ? {} : { why: state.why }) };
    });
  return { of, health };
}
