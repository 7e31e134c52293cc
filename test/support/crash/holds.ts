/** A call that was stopped on its way. */
export interface Hold {
  /** Done when the call has arrived and waits. */
  readonly reached: Promise<void>;
  release(): void;
}

interface Waiting<C> {
  readonly matches: (call: C) => boolean;
  readonly reach: () => void;
  readonly released: Promise<void>;
}

/** Stops the first call that fits, for as long as a test wants: the far side's way to fix an instant. */
export class Holds<C> {
  readonly #waiting: Waiting<C>[] = [];

  hold(matches: (call: C) => boolean): Hold {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    this.#waiting.push({ matches, reach, released });
    return { reached, release };
  }

  /** Comes back at once, or when whoever holds the call lets it go. */
  async pass(call: C): Promise<void> {
    const found = this.#waiting.findIndex(({ matches }) => matches(call));
    if (found < 0) return;
    const [waiting] = this.#waiting.splice(found, 1);
    waiting?.reach();
    await waiting?.released;
  }
}
