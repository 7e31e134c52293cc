/**
 * A name as people read it: letters that are written in several ways in one of them, capitals as small letters, and
 * without what nobody sees. Letters of another alphabet that only look alike stay others.
 */
export const asRead = (name: string): string =>
  name
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\p{Cc}]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .toLowerCase()
    .normalize('NFKC');
