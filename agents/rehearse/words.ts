/**
 * The text in lower case and without accents, of the same length, so that a position found in it holds for the text
 * too. Both must be in composed form, see `composed`.
 */
export function fold(text: string): string {
  return text.replace(/[^a-z0-9\s]/gu, (character) => {
    const plain = character.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace('ł', 'l');
    return plain.length === character.length ? plain : character;
  });
}

/** The form in which an accented letter is one character, with plain spaces and apostrophes. */
export const composed = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\u00a0\u202f\u2009]/gu, ' ')
    .replace(/[’ʼ`´]/gu, "'")
    .replace(/\r\n?/gu, '\n');

/** Where a cue stands in a text: from `start` up to `end`. */
export interface Found<Kind> {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
}

/** Every phrase of a table in the folded text, at the start of a word; one inside a longer one is left out. */
export function findCues<Kind extends string>(
  folded: string,
  table: Readonly<Record<Kind, readonly string[]>>,
): Found<Kind>[] {
  const kinds = Object.keys(table) as Kind[];
  const found = kinds.flatMap((kind) => table[kind].flatMap((phrase) => findPhrase(folded, phrase, kind)));
  const outer = found.filter((cue) => !found.some((other) => other !== cue && contains(other, cue)));
  return outer.toSorted((one, other) => one.start - other.start);
}

/** Whether the folded text has one of the phrases at the start of a word. */
export const hasCue = (folded: string, phrases: readonly string[]): boolean =>
  phrases.some((phrase) => findPhrase(folded, phrase, 'any').length > 0);

function findPhrase<Kind>(folded: string, phrase: string, kind: Kind): Found<Kind>[] {
  const needle = fold(phrase);
  const found: Found<Kind>[] = [];
  for (let start = folded.indexOf(needle); start !== -1; start = folded.indexOf(needle, start + 1)) {
    const inWord = /\p{L}$/u.test(folded.slice(Math.max(0, start - 2), start)) && /^\p{L}/u.test(needle);
    if (!inWord) found.push({ kind, start, end: start + needle.length });
  }
  return found;
}

const contains = <Kind>(outer: Found<Kind>, inner: Found<Kind>): boolean =>
  outer.start <= inner.start && outer.end >= inner.end && outer.end - outer.start > inner.end - inner.start;

/**
 * The value that most likely belongs to a kind of cue: of all values whose nearest cue is of that kind, the one that
 * stands nearest, and of two as near the one with the longer cue. A label before a value counts more than a remark after
 * it, and a cue is no longer one 80 characters on.
 */
export function valueBeside<Kind, Value extends Span>(
  cues: readonly Found<Kind>[],
  kind: Kind,
  values: readonly Value[],
): Value | undefined {
  const beside = values.flatMap((value) => {
    const nearest = cues.map((cue) => ({ cue, value, distance: distanceTo(cue, value) })).toSorted(byDistance)[0];
    return nearest?.cue.kind === kind && nearest.distance <= 80 ? [nearest] : [];
  });
  return beside.toSorted(byDistance)[0]?.value;
}

type Span = Pick<Found<unknown>, 'start' | 'end'>;
type Beside = { readonly cue: Span; readonly distance: number };

const byDistance = (one: Beside, other: Beside): number =>
  one.distance - other.distance || other.cue.end - other.cue.start - (one.cue.end - one.cue.start);

/** A colon and two spaces are no distance. */
const distanceTo = (cue: Span, value: Span): number =>
  cue.end <= value.start ? Math.max(3, value.start - cue.end) : 20 + 2 * Math.max(0, cue.start - value.end);

/** Each value once, compared without case and accents; the first spelling stays. */
export function distinct(values: readonly string[]): string[] {
  const seen = new Map(values.toReversed().map((value) => [fold(value), value]));
  return [...seen.values()].toReversed();
}
