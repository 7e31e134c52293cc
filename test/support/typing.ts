import { type CommandGroup, runCommandLine } from '../../client/cli/run.ts';
import type { Terminal } from '../../client/cli/words.ts';

export interface Typed {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  /** Each picture that was drawn, where somebody looked on. */
  readonly drawn: readonly (readonly string[])[];
}

export interface Person {
  /** What is chosen when asked; without it nobody is there to be asked. */
  readonly choose?: (question: string, choices: readonly string[]) => string | undefined;
  /** Columns of the terminal that somebody looks at. */
  readonly columns?: number;
}

/** Types a command line as at a terminal, and tells what came of it. */
export async function typing(
  groups: readonly CommandGroup[],
  words: readonly string[],
  person: Person = {},
): Promise<Typed> {
  const said = { out: '', err: '', drawn: [] as (readonly string[])[] };
  const { choose, columns } = person;
  const terminal: Terminal = {
    out: (text) => {
      said.out += `${text}\n`;
    },
    err: (text) => {
      said.err += `${text}\n`;
    },
    ...(columns === undefined ? {} : { columns, redraw: (lines: readonly string[]) => void said.drawn.push(lines) }),
    ...(choose ? { choose: async (question: string, choices: readonly string[]) => choose(question, choices) } : {}),
  };
  const exit = await runCommandLine(words, groups, terminal);
  return { exit, ...said };
}
