import { folded, isLegalForm } from '../words.ts';

/** A name is split at so many places at most; a long one at fewer, since a search has room for so much. */
const MOST_SPLITS = 5;
const SPLITS_OF_LONG = 2;
const LONG = 60;

/** The words of one name as two fields of a record may hold them. All are in lower case. */
export interface NameParts {
  /** Beginnings and ends of the name: either may be the first name, or the last. */
  readonly parts: readonly string[];
  /** The name in one piece, for those who have no other. */
  readonly whole: readonly string[];
}

/** As it was written, and without accents, since a record may have lost them. */
export function namePartsOf(name: string): NameParts {
  const written = wordsOf(name);
  const plain = wordsOf(folded(name));
  return {
    parts: unique([...partsOf(written), ...partsOf(plain)]),
    whole: unique([written.join(' '), plain.join(' ')]),
  };
}

const wordsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .split(/[\s,;]+/u)
    .filter(Boolean);

function partsOf(words: readonly string[]): string[] {
  const splits = words.slice(1).map((_, index) => index + 1);
  return splits
    .slice(0, words.join(' ').length > LONG ? SPLITS_OF_LONG : MOST_SPLITS)
    .flatMap((at) => [words.slice(0, at).join(' '), words.slice(at).join(' ')]);
}

/** The word of a company's name that fewest others have: its longest, legal forms left out. */
export function tellingWordOf(company: string): string | undefined {
  const words = wordsOf(company).filter((word) => !isLegalForm(folded(word)) && folded(word) !== '');
  return words.sort((left, right) => right.length - left.length)[0];
}

export const unique = (words: readonly string[]): string[] => [...new Set(words)].filter(Boolean);

/** Packs items into as few loads as may be made in order, none of more than `most` items or `room` characters. */
export function packed<Item>(
  items: readonly Item[],
  most: number,
  room: number,
  size: (item: Item) => number,
): Item[][] {
  const loads: Item[][] = [];
  let left = 0;
  for (const item of items) {
    const load = loads.at(-1);
    left -= size(item);
    if (load && load.length < most && left >= 0) {
      load.push(item);
      continue;
    }
    loads.push([item]);
    left = room - size(item);
  }
  return loads;
}
