import type { Random } from '../support/random.ts';

/** Deals kinds of fault one after the other, each as often as the others, in an order that a seed decides. */
export class Deck<K extends string> {
  readonly #kinds: readonly K[];
  readonly #random: Random;
  readonly #dealt = new Map<K, number>();
  #left: K[] = [];

  constructor(kinds: readonly K[], random: Random) {
    this.#kinds = kinds;
    this.#random = random;
  }

  deal(): K {
    if (this.#left.length === 0) this.#left = [...this.#kinds];
    const [kind] = this.#left.splice(this.#random.integer(this.#left.length), 1);
    if (!kind) throw new Error('a deck without kinds');
    return kind;
  }

  /** It has really happened. */
  count(kind: K): void {
    this.#dealt.set(kind, (this.#dealt.get(kind) ?? 0) + 1);
  }

  /** How often each kind has happened. */
  get counts(): Readonly<Record<K, number>> {
    return Object.fromEntries(this.#kinds.map((kind) => [kind, this.#dealt.get(kind) ?? 0])) as Record<K, number>;
  }
}

/** Every so many calls one fault, at places that a seed decides; nothing where a call goes well. */
export class Sprinkler<K extends string> {
  readonly deck: Deck<K>;
  readonly #random: Random;
  readonly #every: number;
  #until: number;

  /** @param every calls for one fault, on average; 0 for none */
  constructor(kinds: readonly K[], every: number, random: Random) {
    this.deck = new Deck(kinds, random);
    this.#random = random;
    this.#every = every;
    this.#until = this.#next();
  }

  next(): K | undefined {
    if (this.#every === 0) return undefined;
    this.#until -= 1;
    if (this.#until > 0) return undefined;
    this.#until = this.#next();
    const kind = this.deck.deal();
    this.deck.count(kind);
    return kind;
  }

  #next(): number {
    return 1 + this.#random.integer(2 * this.#every - 1);
  }
}
