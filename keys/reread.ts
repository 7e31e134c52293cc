import { readFileSync, statSync } from 'node:fs';

/**
 * Reads a small file now, and again whenever another one has taken its place, so that a change needs no restart.
 * @throws Error where it cannot be read or understood, at once as well as later
 */
export function rereading<T>(file: string, parse: (text: string) => T): () => T {
  const load = () => {
    const [seen, text] = whereReadable(file, () => [lookAt(file), readFileSync(file, 'utf8')] as const);
    return { seen, value: parse(text) };
  };
  let held = load();
  return () => {
    if (whereReadable(file, () => lookAt(file)) !== held.seen) held = load();
    return held.value;
  };
}

/** Differs for every file that is put in another's place. */
function lookAt(file: string): string {
  const { ino, mtimeNs, size } = statSync(file, { bigint: true });
  return `${ino}:${mtimeNs}:${size}`;
}

function whereReadable<T>(file: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new Error(`The file ${file} cannot be read${code}.`);
  }
}
