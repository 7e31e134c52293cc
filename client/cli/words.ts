/** A mistake in what was typed; the message says what to type instead. The command ends with 2. */
export class Mistake extends Error {}

/** What was asked for was looked at and is not good. The command ends with 1. */
export class Refused extends Error {}

/** Where a command's words go. `choose` is there only if a person sits at a terminal. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Columns of the terminal; nothing where the words go into a file or a pipe. */
  readonly columns?: number;
  /** Shows these lines in place of those that it showed before; there only where somebody looks on. */
  redraw?(lines: readonly string[]): void;
  choose?(question: string, choices: readonly string[]): Promise<string | undefined>;
}

/** Columns as wide as their widest cell, two spaces between them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** The known name that was meant: letter case and dashes do not matter. Throws `Mistake` with the known ones. */
export function findName(kind: string, typed: string, known: readonly string[]): string {
  const plain = (name: string) => name.replaceAll('-', '').toLowerCase();
  const found = known.find((name) => plain(name) === plain(typed));
  if (found) return found;
  throw new Mistake(`There is no ${kind} ${typed}. There are: ${known.join(', ') || 'none'}.`);
}
