type Happened = 'yes' | 'no' | 'perhaps';

interface Entry {
  readonly leaves: string;
  readonly undo: (() => Promise<unknown>) | undefined;
  happened: Happened;
}

/** What a case has done to the world, and how to take it back when the case does not come to its end. */
export class Saga {
  readonly #entries: Entry[] = [];

  /**
   * Registered before the step: a step that timed out may have happened all the same, and counts until it is known not
   * to have.
   * @param leaves what stays in the world, in words without personal data
   * @returns to be told how it went
   */
  register(leaves: string, undo?: () => Promise<unknown>): (happened: Happened) => void {
    const entry: Entry = { leaves, undo, happened: 'perhaps' };
    this.#entries.push(entry);
    return (happened) => {
      entry.happened = happened;
    };
  }

  /** Undoes what can be undone, last first, and says what is left behind. */
  async compensate(): Promise<string[]> {
    const left: string[] = [];
    for (const { leaves, undo, happened } of this.#entries.splice(0).reverse()) {
      if (happened === 'no') continue;
      if (undo) await undo().catch(() => left.push(`${leaves} (could not be undone)`));
      else left.push(happened === 'yes' ? leaves : `${leaves} (perhaps)`);
    }
    return left;
  }
}
