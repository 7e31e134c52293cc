/**
 * A breaker stands before each model. It opens when calls keep failing, or keep being slow, and then the model is passed
 * over at once instead of being waited for. After a while one call may try; if that goes well, the breaker closes, and if
 * not, the next try comes after twice as long.
 */
export interface BreakerSettings {
  /** Errors in a row that open it. */
  readonly errors: number;
  /** It opens when `slowCalls` of the last `slowOf` calls took longer than `slowMs`. */
  readonly slowCalls: number;
  readonly slowOf: number;
  readonly slowMs: number;
  /** Milliseconds from opening to the first trial call: shorter than any step's patience. */
  readonly coolDownMs: number;
  /** Milliseconds to the next trial at the most, however many have failed. */
  readonly longestCoolDownMs: number;
}

export const BREAKER_DEFAULTS: BreakerSettings = {
  errors: 5,
  slowCalls: 3,
  slowOf: 5,
  slowMs: 10_000,
  coolDownMs: 5000,
  longestCoolDownMs: 60_000,
};

export type BreakerState =
  | { readonly kind: 'closed'; readonly errors: number; readonly slow: readonly boolean[] }
  | { readonly kind: 'open'; readonly why: string; readonly until: number; readonly coolDownMs: number }
  | { readonly kind: 'half-open'; readonly why: string; readonly coolDownMs: number; readonly onTrial: boolean }
  | { readonly kind: 'out'; readonly why: string };

/**
 * How a call went, for the breaker: `error` counts, `trip` opens it at once (the key or the account is refused), and
 * `unrelated` is the caller's own doing and says nothing about the model.
 */
export type CallHealth = 'ok' | 'error' | 'trip' | 'unrelated';

/** Leave to make one call; `ended` is to be told once how it went. */
export interface Pass {
  ended(health: CallHealth, ms: number, why?: string): void;
}

export interface Breaker {
  state(): BreakerState;
  /** Nothing where the call may not be made. */
  begin(): Pass | undefined;
  takeOut(why: string): void;
}

const CLOSED: BreakerState = { kind: 'closed', errors: 0, slow: [] };

/** A closed breaker. `now` gives milliseconds; `changed` hears of each kind of state that it comes to. */
export function createBreaker(
  settings: BreakerSettings,
  now: () => number,
  changed: (to: BreakerState['kind']) => void = () => undefined,
): Breaker {
  let state: BreakerState = CLOSED;

  const become = (next: BreakerState): void => {
    const isOther = next.kind !== state.kind;
    state = next;
    if (isOther) changed(next.kind);
  };

  const current = (): BreakerState => {
    if (state.kind === 'open' && now() >= state.until) {
      const { why, coolDownMs } = state;
      become({ kind: 'half-open', why, coolDownMs, onTrial: false });
    }
    return state;
  };
  const end = (trial: boolean, health: CallHealth, ms: number, why: string): void => {
    const before = current();
    if (before.kind === 'closed') become(afterCall(before, health, ms, why, settings, now()));
    if (before.kind === 'half-open' && trial) become(afterTrial(before, health, ms, why, settings, now()));
  };
  const begin = (): Pass | undefined => {
    const before = current();
    const trial = before.kind === 'half-open' && !before.onTrial;
    if (before.kind !== 'closed' && !trial) return undefined;
    if (before.kind === 'half-open') state = { ...before, onTrial: true };
    let told = false;
    const ended: Pass['ended'] = (health, ms, why = 'errors') => {
      if (told) return;
      told = true;
      end(trial, health, ms, why);
    };
    return { ended };
  };
  const takeOut = (why: string): void => {
    become({ kind: 'out', why });
  };
  return { state: current, begin, takeOut };
}

/** Why a call may not be made now, and for how many milliseconds at least; nothing where it may. */
export function closedReason(state: BreakerState, now: number): { why: string; retryInMs?: number } | undefined {
  if (state.kind === 'closed') return undefined;
  if (state.kind === 'out') return { why: `taken out: ${state.why}` };
  if (state.kind === 'open') return { why: `breaker open: ${state.why}`, retryInMs: Math.max(0, state.until - now) };
  return state.onTrial ? { why: `breaker on trial: ${state.why}`, retryInMs: 1000 } : undefined;
}

type Closed = Extract<BreakerState, { kind: 'closed' }>;
type HalfOpen = Extract<BreakerState, { kind: 'half-open' }>;

function afterCall(
  before: Closed,
  health: CallHealth,
  ms: number,
  why: string,
  settings: BreakerSettings,
  now: number,
): BreakerState {
  if (health === 'unrelated') return before;
  const open = (reason: string): BreakerState => openFor(settings.coolDownMs, reason, now);
  const errors = health === 'ok' ? 0 : before.errors + 1;
  const slow = [...before.slow, ms > settings.slowMs].slice(-settings.slowOf);
  const slowCalls = slow.filter(Boolean).length;

  if (health === 'trip') return open(why);
  if (errors >= settings.errors) return open(`${errors} errors in a row, the last: ${why}`);
  if (slowCalls >= settings.slowCalls)
    return open(`${slowCalls} of the last ${slow.length} calls took over ${settings.slowMs} ms`);
  return { kind: 'closed', errors, slow };
}

function afterTrial(
  before: HalfOpen,
  health: CallHealth,
  ms: number,
  why: string,
  settings: BreakerSettings,
  now: number,
): BreakerState {
  if (health === 'unrelated') return { ...before, onTrial: false };
  if (health === 'ok' && ms <= settings.slowMs) return CLOSED;
  const reason = health === 'ok' ? `the trial took over ${settings.slowMs} ms` : `the trial failed: ${why}`;
  return openFor(Math.min(2 * before.coolDownMs, settings.longestCoolDownMs), reason, now);
}

const openFor = (coolDownMs: number, why: string, now: number): BreakerState => ({
  kind: 'open',
  why,
  until: now + coolDownMs,
  coolDownMs,
});
