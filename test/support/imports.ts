import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One import statement of a source file. */
export interface Import {
  /** Path from the root of the project. */
  readonly file: string;
  /** A path from the root for files of ours, else the name of the package or the Node module. */
  readonly target: string;
  /** It is gone when the code runs. */
  readonly typeOnly: boolean;
}

export interface Source {
  readonly file: string;
  readonly text: string;
}

const ROOT = join(import.meta.dirname, '..', '..');
const STATEMENT = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'/gm;

/** Every TypeScript file in these folders. */
export function sourcesIn(folders: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => posix.join(folder, name))
      .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') })),
  );
}

export function importsOf({ file, text }: Source): Import[] {
  return [...text.matchAll(STATEMENT)].map(([, type, from, dynamic]) => {
    const specifier = from ?? dynamic ?? '';
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : packageOf(specifier);
    return { file, target, typeOnly: type !== undefined };
  });
}

/** `@scope/name/part` is a part of `@scope/name`; Node's own keep their name. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
