import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const TEST = join(import.meta.dirname, '..');
const ID = /\b(?:ON|EX|DA|TR|OD|PF|TF|SR|WD|PM|MC|WS|CD|KS|BA|OB|RD)-\d+\b/g;

interface Row {
  readonly check: string;
  readonly state: string;
  readonly files: string[];
}

const page = readFileSync(join(TEST, '../docs/checks.md'), 'utf8');
const rows: Row[] = [...page.matchAll(/^\| ([A-Z]{2}-\d+) \| [^|]+ \| ([a-z ]+) \| ([^|]*) \|$/gm)].map(
  ([, check = '', state = '', files = '']) => ({
    check,
    state,
    files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
  }),
);

const named = new Map<string, Set<string>>(
  readdirSync(TEST, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !file.endsWith('checks.test.ts'))
    .map((file) => [file, new Set(readFileSync(join(TEST, file), 'utf8').match(ID) ?? [])]),
);

describe('the page of checks', () => {
  it('has all 106, each once', () => {
    expect(rows).toHaveLength(106);
    expect(rows.map(({ check }) => Number(check.split('-')[1]))).toEqual(Array.from({ length: 106 }, (_, n) => n + 1));
  });

  it('calls proven only what the tests that it names do name', () => {
    const proven = rows.filter(({ state }) => state === 'proven');
    expect(proven.length).toBeGreaterThan(50);
    for (const { check, files } of proven) {
      expect(files, `${check} names its tests`).not.toEqual([]);
      for (const file of files) expect(named.get(file)?.has(check), `${file} names ${check}`).toBe(true);
    }
  });

  it('counts right', () => {
    expect(page).toContain(`${rows.filter(({ state }) => state === 'proven').length} of 106 are proven.`);
  });
});
