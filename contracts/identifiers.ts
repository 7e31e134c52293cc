/** A piece of a text that names somebody or something of theirs, and the mark that stands for it. */
export interface Identifier {
  readonly mark: string;
  readonly value: string;
}

interface Kind {
  readonly kind: 'mail' | 'iban' | 'card' | 'phone';
  readonly pattern: RegExp;
  readonly holds: (part: string) => boolean;
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** In this order, since a phone number looks like part of the others. Names are not among them, and nobody promises it. */
const KINDS: readonly Kind[] = [
  {
    kind: 'mail',
    pattern: /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/gu,
    holds: (found) => !found.endsWith('.'),
  },
  { kind: 'iban', pattern: /\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}\b/g, holds: isIban },
  {
    kind: 'card',
    pattern: /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g,
    holds: (found) => /\d$/.test(found) && isCard(digitsOf(found)),
  },
  {
    kind: 'phone',
    pattern: /(?<![\p{L}\p{N}.,])(?:\+|00|0|\()[\d(][\d ()/.-]{5,20}\d(?![\p{L}\p{N}])/gu,
    holds: isPhone,
  },
];

/** The mark that stood for a value before it was read as data; nobody can bring one along. */
const MARK = /\[(?:mail|iban|card|phone)-\d{1,3}\]/g;
const MOST = 100;

/**
 * The text with a mark in place of each mail address, IBAN, card and phone number; the same value has the same mark.
 * What already looks like a mark loses its brackets, so that a text cannot name somebody else's value. After a hundred
 * values the rest is left out of the text altogether.
 */
export function redactIdentifiers(text: string): {
  readonly text: string;
  readonly identifiers: readonly Identifier[];
} {
  const marks = new Map<string, string>();
  const identifiers: Identifier[] = [];
  const markOf = (kind: string, value: string): string => {
    const known = marks.get(value);
    if (known) return known;
    if (identifiers.length >= MOST) return '[…]';
    const mark = `[${kind}-${identifiers.length + 1}]`;
    marks.set(value, mark);
    identifiers.push({ mark, value });
    return mark;
  };
  const plain = text.replace(MARK, (mark) => mark.slice(1, -1));
  const redacted = KINDS.reduce(
    (rest, { kind, pattern, holds }) =>
      rest.replace(pattern, (found) => {
        const value = longestPart(found, holds);
        return value ? markOf(kind, value) + found.slice(value.length) : found;
      }),
    plain,
  );
  return { text: redacted, identifiers };
}

/** Puts back what the marks stand for. */
export const restoreIdentifiers = (text: string, identifiers: readonly Identifier[]): string =>
  text.replace(MARK, (mark) => identifiers.find((one) => one.mark === mark)?.value ?? mark);

/** Marks in a text that stand for nothing. */
export const unknownMarks = (text: string, identifiers: readonly Identifier[]): readonly string[] =>
  [...text.matchAll(MARK)].map(([mark]) => mark).filter((mark) => !identifiers.some((one) => one.mark === mark));

/** What begins a find and holds, since the words after a number can look like more of it. */
function longestPart(found: string, holds: Kind['holds']): string | undefined {
  for (let end = found.length; end > 6; end--) {
    const wordGoesOn = /[\p{L}\p{N}]/u.test(found[end] ?? '');
    if (!wordGoesOn && holds(found.slice(0, end))) return found.slice(0, end);
  }
  return undefined;
}

/** ISO 13616: country and check digits go to the end, letters count from ten, and the remainder of 97 is one. */
function isIban(found: string): boolean {
  const plain = found.replace(/[ -]/g, '').toUpperCase();
  if (/[ -]$/.test(found)) return false;
  if (plain.length < 15 || plain.length > 34) return false;
  let remainder = 0;
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** The Luhn check. */
function isCard(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return digits.length >= 13 && sum % 10 === 0;
}

/** Enough digits for a number, and no date. */
function isPhone(found: string): boolean {
  const digits = digitsOf(found);
  return (
    /\d$/.test(found) && digits.length >= 7 && digits.length <= 15 && !/^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$/.test(found)
  );
}
