import type { ModelCall } from '../contracts/decision.ts';

/** Money and calls set aside before a step, at what they may cost at worst. */
export interface Reservation {
  readonly amountMicroUsd: number;
  readonly calls: number;
}

/** What a reservation lacked. */
export interface Shortfall {
  readonly lacksMicroUsd: number;
  readonly lacksCalls: number;
}

/** Model calls that a person's raise brings along with the money. */
export const CALLS_PER_RAISE = 10;

/**
 * What a case may spend on models. At every instant spent + reserved ≤ cap: money is reserved at its worst case before
 * a call can happen, and a call whose price nobody knows stays charged at that.
 */
export class Budget {
  #cap: number;
  #callCap: number;
  #spent = 0;
  #reserved = 0;
  #calls = 0;
  #callsReserved = 0;
  readonly #ceiling: number;

  constructor(limits: { capMicroUsd: number; raiseCeilingMicroUsd: number; modelCalls: number }) {
    this.#cap = limits.capMicroUsd;
    this.#ceiling = limits.raiseCeilingMicroUsd;
    this.#callCap = limits.modelCalls;
  }

  /** Sets `calls` calls of at most `worstCaseMicroUsd` each aside, or says what is lacking and changes nothing. */
  reserve(worstCaseMicroUsd: number, calls: number): Reservation | Shortfall {
    const amountMicroUsd = worstCaseMicroUsd * calls;
    const lacksMicroUsd = Math.max(0, this.#spent + this.#reserved + amountMicroUsd - this.#cap);
    const lacksCalls = Math.max(0, this.#calls + this.#callsReserved + calls - this.#callCap);
    if (lacksMicroUsd > 0 || lacksCalls > 0) return { lacksMicroUsd, lacksCalls };
    this.#reserved += amountMicroUsd;
    this.#callsReserved += calls;
    return { amountMicroUsd, calls };
  }

  /**
   * Books what the calls really cost and frees the rest. Without a list of calls everything reserved counts as spent.
   * A bill above what was reserved is a lie or a bug: it is booked up to the reservation, and true comes back.
   */
  settle(
    reservation: Reservation,
    made: readonly ModelCall[] | undefined,
  ): { spentMicroUsd: number; overrun: boolean } {
    const bill = made?.reduce((sum, call) => sum + call.costMicroUsd, 0) ?? reservation.amountMicroUsd;
    const calls = made?.filter((call) => call.outcome !== 'free').length ?? reservation.calls;
    const spentMicroUsd = Math.min(bill, reservation.amountMicroUsd);
    this.#reserved -= reservation.amountMicroUsd;
    this.#callsReserved -= reservation.calls;
    this.#spent += spentMicroUsd;
    this.#calls += Math.min(calls, reservation.calls);
    return { spentMicroUsd, overrun: bill > reservation.amountMicroUsd };
  }

  /** A person's yes to `amountMicroUsd` more. False, and nothing changed, where that would pass the ceiling. */
  raise(amountMicroUsd: number): boolean {
    if (this.#cap + amountMicroUsd > this.#ceiling) return false;
    this.#cap += amountMicroUsd;
    this.#callCap += CALLS_PER_RAISE;
    return true;
  }

  /** The most that one raise can bring now. */
  get headroomMicroUsd(): number {
    return this.#ceiling - this.#cap;
  }

  get state(): { capMicroUsd: number; spentMicroUsd: number; reservedMicroUsd: number; calls: number } {
    return { capMicroUsd: this.#cap, spentMicroUsd: this.#spent, reservedMicroUsd: this.#reserved, calls: this.#calls };
  }
}

export const isShortfall = (result: Reservation | Shortfall): result is Shortfall => 'lacksMicroUsd' in result;
