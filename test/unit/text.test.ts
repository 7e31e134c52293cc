import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerpt, textWithin, utf8Bytes } from '../../contracts/text.ts';

describe('excerpt', () => {
  test('leaves a text that fits as it is', () => {
    expect(excerpt('Grüße aus Łódź', 30)).toBe('Grüße aus Łódź');
  });

  test('keeps the beginning and the end of a longer one, with a mark between them', () => {
    const text = `My name is Bo. ${'We like pots. '.repeat(100)} Tuesday suits me.`;
    const short = excerpt(text, 120);
    expect(short.startsWith('My name is Bo.')).toBe(true);
    expect(short.endsWith('Tuesday suits me.')).toBe(true);
    expect(short).toContain('[…]');
  });

  test('fits into its bytes, whatever the script, and cuts no character in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.nat(200), (text, bytes) => {
        const short = excerpt(text, bytes);
        expect(utf8Bytes(short)).toBeLessThanOrEqual(bytes);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
  });

  test('counts bytes as UTF-8 does', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => utf8Bytes(text) === Buffer.byteLength(text)));
  });
});

test('a text within bytes is held to bytes, not to characters', () => {
  expect(textWithin(4).safeParse('żółw').success).toBe(false);
  expect(textWithin(4).safeParse('newt').success).toBe(true);
});
