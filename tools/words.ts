/** Text as it is compared: without case, accents, punctuation and extra spaces; ß is ss, ł is l, and so on. */
export function folded(text: string): string {
  return [...text.normalize('NFKD').toLowerCase()]
    .map((letter) => LETTERS.get(letter) ?? letter)
    .join('')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}@.]+/gu, ' ')
    .replace(/\.(?=\s|$)/g, '')
    .trim();
}

/** Letters that Unicode does not take apart. */
const LETTERS = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['ł', 'l'],
  ['ı', 'i'],
  ['þ', 'th'],
]);

/** The words of a name in one order, so that "Weber, Anna" and "Anna Weber" are the same. */
export const nameKey = (name: string): string => folded(name).split(' ').filter(Boolean).sort().join(' ');

const LEGAL_FORMS = new Set([
  'gmbh',
  'ag',
  'kg',
  'ltd',
  'limited',
  'inc',
  'llc',
  'plc',
  'sa',
  's.a',
  'sarl',
  'sas',
  'sl',
  's.l',
  'bv',
  'b.v',
  'oy',
  'ab',
  'as',
  'srl',
  's.r.l',
  'sp',
  'z',
  'o.o',
  'co',
]);

/** Whether a folded word of a company's name only says what kind of company it is. */
export const isLegalForm = (word: string): boolean => LEGAL_FORMS.has(word);
