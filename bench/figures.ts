import { median, quartiles } from './statistics.ts';

/** One line of the result. `value` is what is held against the target: a ratio, or how much more ours needs. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly bare: number;
  readonly compared: 'ratio' | 'more';
  readonly value: number;
  /** From the lowest to the highest quarter of the single comparisons. */
  readonly spread: readonly [number, number];
  /** Undefined where the figure is told and nobody has set a limit. */
  readonly target: number | undefined;
  readonly pass: boolean;
}

/** Ours and bare, measured in the same minute. */
export interface Pair {
  readonly ours: number;
  readonly bare: number;
}

/** Compares pair by pair, so that a machine which gets slower meanwhile slows both sides of each comparison. */
export function ratio(name: string, unit: string, pairs: readonly Pair[], target?: number): Figure {
  return figure(
    'ratio',
    name,
    unit,
    pairs,
    pairs.map(({ ours, bare }) => ours / bare),
    target,
  );
}

export function more(name: string, unit: string, pairs: readonly Pair[], target?: number): Figure {
  return figure(
    'more',
    name,
    unit,
    pairs,
    pairs.map(({ ours, bare }) => ours - bare),
    target,
  );
}

/** Compares the middle values of two lists that are no pairs. */
export function medianRatio(
  name: string,
  unit: string,
  ours: readonly number[],
  bare: readonly number[],
  target: number,
): Figure {
  return ratio(name, unit, [{ ours: median(ours), bare: median(bare) }], target);
}

function figure(
  compared: Figure['compared'],
  name: string,
  unit: string,
  pairs: readonly Pair[],
  compare: readonly number[],
  target: number | undefined,
): Figure {
  const value = median(compare);
  const ours = median(pairs.map((pair) => pair.ours));
  const bare = median(pairs.map((pair) => pair.bare));
  return {
    name,
    unit,
    ours,
    bare,
    compared,
    value,
    spread: quartiles(compare),
    target,
    pass: target === undefined || value <= target,
  };
}

/** The result for people. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, ours, bare, compared, value, spread, target, pass }) => {
    const show = (number: number) =>
      compared === 'ratio' ? number.toFixed(2) : `${number < 0 ? '' : '+'}${plain(number)}`;
    return [
      name,
      `${plain(ours)} ${unit}`,
      `${plain(bare)} ${unit}`,
      show(value),
      spread.map(show).join(' to '),
      ...verdict(show, target, pass),
    ];
  });
  const all = [['', 'ours', 'bare', 'compared', 'middle half', 'target', ''], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return all.map((row) => line(row).trimEnd()).join('\n');
}

const verdict = (
  show: (number: number) => string,
  target: number | undefined,
  pass: boolean,
): readonly [string, string] => (target === undefined ? ['', ''] : [`≤ ${show(target)}`, pass ? 'pass' : 'MISS']);

const plain = (value: number): string =>
  Math.abs(value) < 100 ? Number(value.toFixed(1)).toString() : Math.round(value).toString();
