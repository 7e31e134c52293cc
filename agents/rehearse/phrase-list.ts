/** Several short phrases written as one text, parted by commas; where a line ends makes no difference. */
export const phrases = (text: string): readonly string[] =>
  text.split(',').map((phrase) => phrase.trim().replace(/\s+/gu, ' '));
