/**
 * Whether something happened in the world. While a call is on its way, and where its end is unknown, it is `perhaps`;
 * what an earlier run of the same request did is not this run's to undo.
 */
export interface Effect {
  happened: 'yes' | 'no' | 'perhaps' | 'earlier';
}

interface Entry {
  readonly effect: Effect;
  readonly leaves: string;
  readonly undo: (() => Promise<unknown>) | undefined;
}

/** What a case has done to the world, and how to take it back when the case does not come to its end. */
export class Saga {
  readonly #entries: Entry[] = [];

  /**
   * Registered before the step, so that a step which breaks off is not forgotten.
   * @param leaves what stays in the world, in words without personal data
   */
  register(effect: Effect, leaves: string, undo?: () => Promise<unknown>): void {
    this.#entries.push({ effect, leaves, undo });
  }

  /** Undoes what can be undone, last first, and says what is left behind. */
  async compensate(): Promise<string[]> {
    const left: string[] = [];
    for (const {
      effect: { happened },
      leaves,
      undo,
    } of this.#entries.splice(0).reverse()) {
      if (happened === 'no') continue;
      if (happened === 'earlier') {
        left.push(`${leaves} (of an earlier run)`);
        continue;
      }
      if (undo) await undo().catch(() => left.push(`${leaves} (could not be undone)`));
      else left.push(happened === 'yes' ? leaves : `${leaves} (perhaps)`);
    }
    return left;
  }
}
