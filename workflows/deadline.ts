import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

/** A durable timer over the work of a case, which stands still while the case waits for a person. */
export class Deadline {
  #remainingMs: number;
  #since: number | undefined;
  #timer: CancellationScope | undefined;
  #started = false;
  #waits = 0;
  readonly #onExpiry: () => void;
  expired = false;

  constructor(ms: number, onExpiry: () => void) {
    this.#remainingMs = ms;
    this.#onExpiry = onExpiry;
  }

  start(): void {
    this.#started = true;
    this.#go();
  }

  stop(): void {
    this.#started = false;
    this.#halt();
  }

  /** Runs a wait for a person with the clock stopped; of several at once, the last one sets it going again. */
  async standingStill<T>(wait: () => Promise<T>): Promise<T> {
    this.#waits += 1;
    this.#halt();
    try {
      return await wait();
    } finally {
      this.#waits -= 1;
      if (this.#started && this.#waits === 0) this.#go();
    }
  }

  /** Time left for work, milliseconds. */
  get leftMs(): number {
    return this.#remainingMs - (this.#since === undefined ? 0 : Date.now() - this.#since);
  }

  #go(): void {
    this.#since = Date.now();
    const timer = new CancellationScope();
    this.#timer = timer;
    timer
      .run(() => sleep(Math.max(1, this.#remainingMs), { summary: 'deadline of the case' }))
      .then(
        () => this.#expire(),
        (error: unknown) => {
          if (!isCancellation(error)) throw error;
        },
      );
  }

  #halt(): void {
    if (this.#since === undefined) return;
    this.#remainingMs -= Date.now() - this.#since;
    this.#since = undefined;
    this.#timer?.cancel();
  }

  #expire(): void {
    this.expired = true;
    this.#started = false;
    this.#since = undefined;
    this.#onExpiry();
  }
}
