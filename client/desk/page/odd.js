import { h } from './dom.js';

// Text from outside may hold characters that show nothing, turn the reading direction, or look like others. They are
// shown by their numbers, so that people decide on what is really there.

/** Controls, format characters (bidi, zero width, tags), separators, private and lone ones; spaces that are no space. */
const ODD =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]|[\u115f\u1160\u3164\uffa0\u2800]|\p{Variation_Selector}/u;

const NAMES = new Map([
  [0x09, 'tab'],
  [0x0a, 'new line'],
  [0x0d, 'carriage return'],
  [0x00a0, 'no-break space'],
  [0x200b, 'zero width space'],
  [0x200d, 'zero width joiner'],
  [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'],
  [0x202a, 'left-to-right embedding'],
  [0x202b, 'right-to-left embedding'],
  [0x202c, 'end of direction'],
  [0x202d, 'left-to-right override'],
  [0x202e, 'right-to-left override'],
  [0x2066, 'left-to-right isolate'],
  [0x2067, 'right-to-left isolate'],
  [0x2068, 'first strong isolate'],
  [0x2069, 'end of isolate'],
  [0xfeff, 'byte order mark'],
]);

/**
 * The text as people may trust it, in an element that keeps its reading direction to itself. New lines stay where
 * `lines` says so.
 * @param {string} text
 * @param {{ lines?: boolean }} [how]
 * @returns {HTMLElement}
 */
export function shown(text, { lines = false } = {}) {
  const holder = h('bdi');
  let plain = '';
  const flush = () => {
    if (plain) holder.append(...withMixed(plain));
    plain = '';
  };
  for (const character of text) {
    if (lines && character === '\n') plain += character;
    else if (ODD.test(character)) {
      flush();
      holder.append(mark(character));
    } else plain += character;
  }
  flush();
  return holder;
}

/**
 * The same as plain text, for labels and titles.
 * @param {string} text
 */
export const shownText = (text) => [...text].map((each) => (ODD.test(each) ? `⟨${number(each)}⟩` : each)).join('');

/** @param {string} character */
function mark(character) {
  const code = character.codePointAt(0) ?? 0;
  const name = NAMES.get(code) ?? 'a character that shows nothing';
  return h('span', { class: 'odd', title: `${number(character)}, ${name}` }, `⟨${number(character)}⟩`);
}

/** @param {string} character */
const number = (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const LATIN = /\p{Script=Latin}/u;
const LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Cherokee}\p{Script=Armenian}]/u;

/**
 * A word of two alphabets that look alike is marked: the second letter of `раypal` may be another one than it seems.
 * @param {string} text
 * @returns {(string | HTMLElement)[]}
 */
function withMixed(text) {
  if (!LOOKALIKE.test(text)) return [text];
  return text
    .split(/(\s+)/)
    .map((word) =>
      LATIN.test(word) && LOOKALIKE.test(word)
        ? h('span', { class: 'mixed', title: 'letters of two alphabets that look alike' }, word)
        : word,
    );
}
