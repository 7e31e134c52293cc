import { Command, CommanderError } from 'commander';
import { Failed } from '../../contracts/failures.ts';
import { visible, visibleLine } from './visible.ts';
import { Mistake, Refused, type Terminal } from './words.ts';

/** Adds one group of commands. */
export type CommandGroup = (program: Command, terminal: Terminal) => void;

const REFUSED = 1;
const MISTYPED = 2;

/**
 * Runs one command line, without the names of node and script, and gives the number to exit with: 0 done, 1 refused or
 * failed, 2 mistyped.
 */
export async function runCommandLine(
  words: readonly string[],
  groups: readonly CommandGroup[],
  screen: Terminal,
): Promise<number> {
  const terminal = showingAll(screen);
  const program = new Command('governor').description('Look after an installation of Governor.');
  const writeOut = (text: string) => terminal.out(text.trimEnd());
  const writeErr = (text: string) => terminal.err(text.trimEnd());
  program.exitOverride().configureOutput({ writeOut, writeErr });
  for (const add of groups) add(program, terminal);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeFor(error, terminal);
  }
}

/** Whatever a command prints, nothing of it can move a cursor or hide. */
function showingAll(screen: Terminal): Terminal {
  const { redraw, choose } = screen;
  return {
    ...screen,
    out: (text) => screen.out(visible(text)),
    err: (text) => screen.err(visible(text)),
    ...(choose ? { choose: (question, choices) => choose(visibleLine(question), choices) } : {}),
    ...(redraw ? { redraw: (lines: readonly string[]) => redraw(lines.map(visibleLine)) } : {}),
  };
}

/** Mistakes of the person and refusals of ours are told in words; anything else is a bug and keeps its stack. */
function exitCodeFor(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : MISTYPED;
  if (!(error instanceof Mistake || error instanceof Refused || error instanceof Failed)) throw error;
  terminal.err(error.message);
  return error instanceof Mistake ? MISTYPED : REFUSED;
}
