import type { TicketPolicy } from '../contracts/ticket-policy.ts';
import type { Priority } from '../contracts/tickets.ts';
import { afterMinutes, minutesBetween } from './business-hours.ts';

export type Bell = 'page' | 'due';

/** How long a ticket may wait for its answer. It stands still while the customer has the word. */
export class TicketClock {
  readonly #hours: TicketPolicy['clock'] | undefined;
  readonly #minutes: number;
  readonly #pageAfter: number;
  readonly #rung = new Set<Bell>();
  #passed = 0;
  #runningSince: number | undefined;

  /** @param since instant from which it runs, milliseconds since 1970 */
  constructor({ answerWithinMinutes, pageAt, clock }: TicketPolicy, priority: Priority, since: number) {
    // What is urgent is so at night too.
    this.#hours = priority === 'urgent' ? undefined : clock;
    this.#minutes = answerWithinMinutes[priority];
    this.#pageAfter = this.#minutes * pageAt;
    this.#runningSince = since;
  }

  get dueAt(): number | undefined {
    return this.#instantOf(this.#minutes);
  }

  /** The next bell and when it rings; nothing while the clock stands still, or when all have rung. */
  get next(): { readonly bell: Bell; readonly at: number } | undefined {
    const bell = (['page', 'due'] as const).find((each) => !this.#rung.has(each));
    const at = bell && this.#instantOf(bell === 'page' ? this.#pageAfter : this.#minutes);
    return bell && at !== undefined ? { bell, at } : undefined;
  }

  rang(bell: Bell): void {
    this.#rung.add(bell);
  }

  /** Somebody else has it now, who has not been paged. */
  handedOver(): void {
    if (!this.#rung.has('due')) this.#rung.delete('page');
  }

  pause(now: number): void {
    if (this.#runningSince === undefined) return;
    this.#passed += minutesBetween(this.#runningSince, now, this.#hours);
    this.#runningSince = undefined;
  }

  resume(now: number): void {
    this.#runningSince ??= now;
  }

  #instantOf(minutes: number): number | undefined {
    if (this.#runningSince === undefined) return undefined;
    return afterMinutes(this.#runningSince, Math.max(0, minutes - this.#passed), this.#hours);
  }
}
