import { fold } from './words.ts';

/** How the months begin in English, German, French, Spanish, Polish, Greek and Ukrainian, accents left out. */
const STEMS: readonly (readonly string[])[] = [
  ['jan', 'ene', 'sty', 'ιαν', 'січ'],
  ['feb', 'fev', 'lut', 'φεβ', 'лют'],
  ['mar', 'μαρ', 'бер'],
  ['apr', 'avr', 'abr', 'kwi', 'απρ', 'кві'],
  ['may', 'mai', 'maj', 'μαι', 'μαϊ', 'тра'],
  ['jun', 'juin', 'cze', 'ιουν', 'чер'],
  ['jul', 'juil', 'lip', 'ιουλ', 'лип'],
  ['aug', 'aou', 'ago', 'sie', 'αυγ', 'сер'],
  ['sep', 'wrz', 'σεπ', 'вер'],
  ['oct', 'okt', 'paz', 'οκτ', 'жов'],
  ['nov', 'lis', 'νοε', 'лис'],
  ['dec', 'dez', 'dic', 'gru', 'δεκ', 'гру'],
].map((stems) => stems.map(fold));

/** 1 to 12, or nothing where the word names no month. */
export function monthOf(word: string): number | undefined {
  const folded = fold(word);
  const index = STEMS.findIndex((stems) => stems.some((stem) => folded.startsWith(stem)));
  return index === -1 ? undefined : index + 1;
}
