import { visibleLine } from './visible.ts';

/** Columns of a terminal that nobody has made wider. */
export const USUAL_COLUMNS = 80;
/** A column is not made narrower than this. */
const NARROWEST = 8;
const GAP = '  ';

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NARROW = /\p{M}/u;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += NARROW.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** A text in lines of at most so many columns, broken at spaces where it has any. Nothing of it is cut. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => chopped(each, columns))) {
    if (line === '') line = word;
    else if (widthOf(line) + 1 + widthOf(word) <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** A word that is longer than a line, in parts that are not. */
function chopped(word: string, columns: number): string[] {
  const parts = [''];
  for (const character of word) {
    const last = parts.at(-1) ?? '';
    if (last && widthOf(last) + widthOf(character) > columns) parts.push(character);
    else parts[parts.length - 1] = last + character;
  }
  return parts;
}

/** Rows as columns within a width: the widest columns are broken into lines until all fit. The first row is the head. */
export function fitted(rows: readonly (readonly string[])[], columns = USUAL_COLUMNS): string {
  const shown = rows.map((row) => row.map(visibleLine));
  const widest = (measure: (cell: string) => number): number[] =>
    (shown[0] ?? []).map((_, at) => Math.max(...shown.map((row) => measure(row[at] ?? ''))));
  const longestWord = (cell: string): number => Math.max(...cell.split(' ').map(widthOf));
  const widths = narrowed(widest(widthOf), widest(longestWord), columns);
  return shown.flatMap((row) => linesOf(row, widths)).join('\n');
}

/** The widest columns give first, down to their longest word; only where that is not enough words are chopped. */
function narrowed(natural: readonly number[], words: readonly number[], columns: number): number[] {
  const widths = [...natural];
  const room = columns - GAP.length * (widths.length - 1);
  const takeFrom = (least: (at: number) => number): void => {
    while (widths.reduce((sum, width) => sum + width, 0) > room) {
      const spare = widths.map((width, at) => (width > least(at) ? width : 0));
      const widest = Math.max(...spare);
      if (widest === 0) return;
      widths[spare.indexOf(widest)] = widest - 1;
    }
  };
  takeFrom((at) => Math.max(NARROWEST, words[at] ?? 0));
  takeFrom(() => NARROWEST);
  return widths;
}

function linesOf(row: readonly string[], widths: readonly number[]): string[] {
  const cells = row.map((cell, at) => wrapped(cell, widths[at] ?? NARROWEST));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, at) => padded(lines[line] ?? '', widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** A paragraph behind an indent, within a width. */
export const paragraph = (text: string, indent = '  ', columns = USUAL_COLUMNS): string =>
  text
    .split('\n')
    .flatMap((line) => wrapped(line, columns - indent.length))
    .map((line) => `${indent}${line}`.trimEnd())
    .join('\n');

/** Facts with their names in front, each wrapped within a width. */
export function facts(named: readonly (readonly [name: string, words: string])[], columns = USUAL_COLUMNS): string {
  const label = Math.max(0, ...named.map(([name]) => name.length)) + GAP.length;
  return named
    .flatMap(([name, words]) =>
      linesFor(visibleLine(words), columns - label).map((line, at) =>
        `${(at === 0 ? name : '').padEnd(label)}${line}`.trimEnd(),
      ),
    )
    .join('\n');
}

/** An address that was broken could not be followed. */
const linesFor = (words: string, columns: number): string[] =>
  /^https?:\/\/\S+$/.test(words) ? [words] : wrapped(words, columns);
