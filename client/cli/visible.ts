/**
 * What moves a cursor, changes the direction of writing or shows nothing at all: control characters, bidi marks, tags,
 * fillers, separators, halves of characters. A line's end is none of them.
 */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u3164\uffa0]/gu;

/**
 * A text as a terminal may have it: what would not be seen is written as `\u202e`. JSON still means the same after it,
 * and nothing of a text is lost without a trace.
 */
export const visible = (text: string): string => text.replace(UNSEEN, escaped);

/** The same on one line: for a cell of a table, or a name. */
export const visibleLine = (text: string): string => visible(text).replaceAll('\n', '\\n');

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
