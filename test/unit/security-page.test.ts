import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'security.md'), 'utf8');
const sections = page.split(/^## /m).slice(1);
const threats = sections.filter((section) => /^T\d+ /.test(section));

const proofsIn = (text: string): { file: string; title: string }[] =>
  [...text.matchAll(/^- `(test\/[^`]+)`: (.+)$/gm)].map(([, file = '', title = '']) => ({ file, title }));

/** A title is in a file where a test or a group of tests begins with it or has it in its name. */
function isTestedIn(file: string, title: string): boolean {
  if (!existsSync(join(ROOT, file))) return false;
  const text = readFileSync(join(ROOT, file), 'utf8');
  return text.split('\n').some((line, at, lines) => {
    if (!line.includes(title)) return false;
    return /\b(it|test|describe)\b|^\]\)\(/.test(`${lines[at - 1] ?? ''}${line}`.trim());
  });
}

describe('docs/security.md', () => {
  it('has all fifteen threats, in their order, and the one that is not among them', () => {
    expect(threats.map((section) => /^T(\d+)/.exec(section)?.[1])).toEqual(
      Array.from({ length: 16 }, (_each, at) => String(at + 1)),
    );
  });

  it('leads from each of the ten to threats that there are', () => {
    const ten = [...page.matchAll(/^\| (ASI\d\d) [^|]+ \| ([^|]+) \|$/gm)];
    expect(ten.map(([, id]) => id)).toEqual(
      Array.from({ length: 10 }, (_each, at) => `ASI${`${at + 1}`.padStart(2, '0')}`),
    );
    const known = threats.map((section) => section.split(' ')[0]);
    const named = ten.map(([, , where = '']) => where.match(/T\d+/g) ?? []);
    for (const ids of named) expect(ids.length).toBeGreaterThan(0);
    expect([...new Set(named.flat())].sort()).toEqual([...known].sort());
  });

  it.each(threats.map((section) => [section.split('\n')[0] ?? '', section]))(
    'proves what it says of %s',
    (_name, section) => {
      expect(proofsIn(section).length).toBeGreaterThan(0);
    },
  );

  it.each(proofsIn(page))('names a test that there is: $file, $title', ({ file, title }) => {
    expect(isTestedIn(file, title)).toBe(true);
  });

  it('would notice a test that is gone', () => {
    expect(isTestedIn('test/unit/no-such.test.ts', 'anything')).toBe(false);
    expect(isTestedIn('test/unit/budget.test.ts', 'never has more spent than anybody ever wrote')).toBe(false);
  });

  it('says what is not defended', () => {
    const open = sections.find((section) => section.startsWith('What is not defended')) ?? '';
    expect(open.match(/^- \*\*/gm)?.length).toBeGreaterThan(4);
  });
});
