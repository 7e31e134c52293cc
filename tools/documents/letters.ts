/** Whether a font can draw a code point. */
export type Has = (codePoint: number) => boolean;

const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}/gu;
/** What joins and varies pictures, and has no look of its own: joiner, variation selector, keycap. */
const JOINERS = [0x200d, 0xfe0f, 0x20e3];

/** Text without the pictures that a font lacks: nobody misses them, and as empty boxes they would spoil the page. */
export function withoutPictures(text: string, has: Has): string {
  const drawn = text.replace(PICTURE, (picture) => (has(codeOf(picture)) ? picture : ''));
  return [...drawn]
    .filter((letter) => !JOINERS.includes(codeOf(letter)))
    .join('')
    .replace(/ {2,}/g, ' ');
}

/** Letters of a text that a font cannot draw, each once. */
export function missingLetters(text: string, has: Has): string[] {
  const letters = [...new Set(text)].filter((letter) => !/[\s\p{Cf}]/u.test(letter));
  return letters.filter((letter) => !has(codeOf(letter)));
}

const codeOf = (letter: string): number => letter.codePointAt(0) ?? 0;
