import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, sourcesIn } from '../support/imports.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const folderOf = (path: string): string => path.split('/')[0] ?? '';

/** The folders that the files in this one import when they run, and those that these import, and so on. */
function reachedFrom(folder: string): Set<string> {
  const reached = new Set([folder]);
  for (const each of reached) {
    const targets = sourcesIn([each])
      .flatMap(importsOf)
      .filter(({ typeOnly, target }) => !typeOnly && target.endsWith('.ts'));
    for (const { target } of targets) reached.add(folderOf(target));
  }
  return reached;
}

describe('the image', () => {
  const dockerfile = read('Dockerfile');
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const copied = [...last.matchAll(/^COPY ([a-z]+) \1$/gm)].map(([, folder = '']) => folder);

  it('has every folder that anything in it imports (CD-74)', () => {
    const reached = [...reachedFrom('workers')];
    expect(reached.length).toBeGreaterThan(8);
    expect(copied).toEqual(expect.arrayContaining(reached));
    const ignored = read('.dockerignore').split('\n');
    for (const folder of copied) expect(ignored).toContain(`!${folder}`);
    expect(ignored[0]).toBe('**');
  });

  it('is built in stages, without what only develops, and runs as nobody in particular', () => {
    expect(dockerfile).toMatch(/npm ci --omit=dev --ignore-scripts/);
    expect(last).not.toMatch(/^RUN .*npm/m);
    expect(copied).not.toContain('test');
    expect(last).toMatch(/^USER node$/m);
  });
});
