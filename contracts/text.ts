import { z } from 'zod';

/** Bytes of a customer's message that the later agents of a case read; see `excerpt`. */
export const EXCERPT_BYTES = 4_000;

/** Marks the place where `excerpt` left something out. */
const GAP = '\n[…]\n';

/** Length of the text in UTF-8 bytes, which is what requests and budgets are counted in. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += bytesOf(character);
  return bytes;
}

/** A text of at most so many UTF-8 bytes; longer ones must be shortened by `excerpt` first. */
export const textWithin = (bytes: number) =>
  z.string().refine((text) => utf8Bytes(text) <= bytes, `at most ${bytes} bytes of UTF-8`);

/**
 * The text itself where it fits into `bytes` of UTF-8, else its beginning and its end with a mark between them: people
 * introduce themselves first and ask for a date last. Never cuts a character in two.
 */
export function excerpt(text: string, bytes: number): string {
  if (utf8Bytes(text) <= bytes) return text;
  const room = Math.max(0, bytes - utf8Bytes(GAP));
  const tailRoom = Math.floor(room / 3);
  const characters = [...text];
  const head = takeWithin(characters, room - tailRoom);
  const tail = takeWithin(characters.toReversed(), tailRoom).toReversed();
  return bytes < utf8Bytes(GAP) ? '' : head.join('') + GAP + tail.join('');
}

function takeWithin(characters: readonly string[], bytes: number): string[] {
  let left = bytes;
  const end = characters.findIndex((character) => {
    left -= bytesOf(character);
    return left < 0;
  });
  return characters.slice(0, end === -1 ? characters.length : end);
}

function bytesOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
