/** One step of a rising load, as it was measured once it had settled. */
export interface Step {
  /** Cases a second that were begun, whether or not earlier ones had ended. */
  readonly offered: number;
  /** Cases a second that were done. */
  readonly done: number;
  /** From the call that begins a case until its result is there, milliseconds; NaN where none ended. */
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** A load is held while so much of it is done, and cases take at most so many times what they take under the lightest. */
export const HELD = { doneShare: 0.95, timesSlower: 1.5 } as const;

/** The value that this share of all others does not exceed, by the nearest rank; NaN where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Where no case has ended, p95 is no number, and nothing is held. */
export const isHeld = (step: Step, lightest: Step): boolean =>
  step.done >= HELD.doneShare * step.offered && step.p95Ms <= HELD.timesSlower * lightest.p50Ms;

/** The last step that was held before the first that was not; nothing where already the lightest was not. */
export function kneeOf<S extends Step>(steps: readonly S[]): S | undefined {
  const [lightest] = steps;
  if (!lightest) return undefined;
  const fallen = steps.findIndex((step) => !isHeld(step, lightest));
  return steps[(fallen < 0 ? steps.length : fallen) - 1];
}

/** The most cases a second that were done at any step. It lies past the knee, where the load is more than can be done. */
export const mostDone = (steps: readonly Step[]): number => Math.max(0, ...steps.map(({ done }) => done));

export interface Ladder {
  /** Cases a second. */
  readonly from: number;
  readonly factor: number;
  readonly most: number;
}

/** Cases a second, step by step. */
export const rungs = ({ from, factor, most }: Ladder): number[] =>
  Array.from({ length: most }, (_, step) => from * factor ** step);
