import { styleText } from 'node:util';

const WIDTH = 100;
const LABEL = 14;

/** Where the demo speaks to people: calm lines of at most 100 columns, colours only on a terminal. */
export interface Screen {
  heading(title: string): void;
  /** A paragraph; long ones are broken. */
  say(words: string): void;
  /** Something to be copied, or a table: never broken. */
  verbatim(line: string): void;
  /** A fact with its name in front. */
  fact(name: string, words: string): void;
  /** What came out, good or bad news for whoever reads. */
  verdict(good: boolean, words: string): void;
  gap(): void;
}

export function createScreen(stream: NodeJS.WriteStream): Screen {
  const paint = (style: Parameters<typeof styleText>[0], words: string): string => styleText(style, words, { stream });
  const write = (line: string): void => void stream.write(`${line}\n`);
  return {
    heading: (title) => write(`\n${paint('bold', title)}`),
    say: (words) => broken(words, WIDTH - 2).forEach((line) => void write(`  ${line}`)),
    verbatim: (line) => write(`  ${line}`),
    fact: (name, words) => {
      const [first = '', ...rest] = broken(words, WIDTH - 2 - LABEL);
      write(`  ${paint('dim', name.padEnd(LABEL))}${first}`);
      for (const line of rest) write(`  ${' '.repeat(LABEL)}${line}`);
    },
    verdict: (good, words) => {
      const [first = '', ...rest] = broken(words, WIDTH - 4);
      write(`  ${paint(good ? 'green' : 'red', good ? '✓' : '✗')} ${first}`);
      for (const line of rest) write(`    ${line}`);
    },
    gap: () => write(''),
  };
}

/** The words in lines of at most `width` columns; a word that is longer stands alone. */
export function broken(words: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}

/** `1 case`, `2 cases`. */
export const countOf = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Milliseconds as seconds with one digit: `6.2 s`. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The time of day of an ISO instant, UTC. */
export const timeOfDay = (instant: string): string => new Date(instant).toISOString().slice(11, 23);

/** An ISO instant for people, to the minute: `2026-11-23 07:57 UTC`. */
export const minuteOf = (instant: string): string => `${instant.slice(0, 16).replace('T', ' ')} UTC`;
