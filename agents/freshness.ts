/** When an answer came, for a case that began then. */
export interface Heard {
  /** ISO instant at which the case began. */
  readonly startedAt: string;
  /** How far clocks may differ, milliseconds. */
  readonly skewMs: number;
  /** The instant of the answer, milliseconds since 1970. */
  readonly now: number;
}

/** Whether something was looked up for this case: neither before it began nor later than now, as instants. */
export function isFresh(at: string, { startedAt, skewMs, now }: Heard): boolean {
  const instant = Date.parse(at);
  return instant >= Date.parse(startedAt) - skewMs && instant <= now + skewMs;
}
