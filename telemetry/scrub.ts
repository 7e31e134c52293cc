/**
 * What looks like it belongs to somebody: addresses, accounts, cards, phones, documents' numbers, keys. A model may quote
 * what it read and a person may type anything; names cannot be told from words, and are taken out where the call is known.
 */
const TELLING: readonly RegExp[] = [
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b/g,
  /\b(?:sk|pk|ghp|gho|xox[a-z]|whsec|eyJ)[-_A-Za-z0-9.]{8,}/g,
  // Seven digits or more, however they are set apart.
  /\+?\(?\d(?:[\s().-]{0,2}\d){6,}/g,
  // Long words of letters and digits are tokens, but for hex digests, which are ours.
  /\b(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*[a-z])[A-Za-z0-9_-]{20,}\b/g,
];
/** Instants and digests are no numbers of anybody's. */
const OURS = /(\d{4}-\d{2}-\d{2}T[\d:.]+Z|\b(?=\d*[a-f])[0-9a-f]{12,64}\b)/;

/** The text with what looks personal or secret left out. */
export const scrub = (text: string): string =>
  text
    .split(OURS)
    .map((part, at) => (at % 2 === 1 ? part : TELLING.reduce((rest, pattern) => rest.replace(pattern, '[…]'), part)))
    .join('');
