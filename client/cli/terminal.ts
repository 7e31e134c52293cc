import { stripVTControlCharacters } from 'node:util';
import { isCancel, select } from '@clack/prompts';
import { widthOf, wrapped } from './layout.ts';
import type { Terminal } from './words.ts';

/** The terminal that this process was started from. Questions are put only where a person can see and answer them. */
export function openTerminal(): Terminal {
  process.stdout.on('error', endQuietly);
  const words = {
    out: (text: string) => void process.stdout.write(`${text}\n`),
    err: (text: string) => void process.stderr.write(`${text}\n`),
  };
  if (!process.stdout.isTTY) return words;
  const watched = { ...words, columns: process.stdout.columns, redraw: drawer(process.stdout) };
  return process.stdin.isTTY ? { ...watched, choose } : watched;
}

/** What of a terminal is needed to draw on it. */
export type Canvas = Pick<
  NodeJS.WriteStream,
  'columns' | 'rows' | 'moveCursor' | 'cursorTo' | 'clearScreenDown' | 'write'
>;

/**
 * Shows lines in place of those that it showed before; no lines take them away. Lines longer than the terminal is wide, or
 * more than it is high, would not be found again to be replaced.
 */
export function drawer(stream: Canvas): (lines: readonly string[]) => void {
  let drawn = 0;
  return (lines) => {
    const seen = lines.slice(-Math.max(1, stream.rows - 1)).map((line) => clipped(line, stream.columns));
    if (drawn > 0) stream.moveCursor(0, -drawn);
    stream.cursorTo(0);
    stream.clearScreenDown();
    if (seen.length > 0) stream.write(`${seen.join('\n')}\n`);
    drawn = seen.length;
  };
}

/** Colours take no columns; a line that is cut has none. */
function clipped(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  if (widthOf(plain) <= columns) return line;
  return `${wrapped(plain.replaceAll(' ', '\u00a0'), columns - 1)[0]?.replaceAll('\u00a0', ' ') ?? ''}…`;
}

async function choose(message: string, choices: readonly string[]): Promise<string | undefined> {
  const chosen = await select({ message, options: choices.map((value) => ({ value })) });
  return isCancel(chosen) ? undefined : chosen;
}

/** Whoever read our words, such as `head`, has had enough. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}
