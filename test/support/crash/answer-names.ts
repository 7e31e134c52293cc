const LETTERS = 'abcdefghij';

/** A model's answer by its number, in small letters: numbers in a model's reasons may be taken for personal ones. */
export const answerName = (id: number): string =>
  `answer ${[...String(id)].map((digit) => LETTERS[Number(digit)]).join('')}`;

/** The number of the answer that gives these reasons; nothing where it is no model's. */
export function answerNumber(reasoning: string): number | undefined {
  const letters = /^answer ([a-j]+)$/.exec(reasoning)?.[1];
  return letters === undefined ? undefined : Number([...letters].map((letter) => LETTERS.indexOf(letter)).join(''));
}
