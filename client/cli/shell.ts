/** As one word of a shell, whatever a caller has put into it. */
export const shellWord = (text: string): string =>
  /^[\w.:/@=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** A command of ours, ready to be pasted into a shell in the project's folder. */
export const ourCommand = (...words: readonly string[]): string =>
  ['npm run -s governor --', ...words.map(shellWord)].join(' ');
