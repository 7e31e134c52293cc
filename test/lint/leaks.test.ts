import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const clock = 'export const now = Temporal.Now.instant();\n';
const environment = 'export const key = process.env.KEY;\n';
const lines = (count: number): string => Array.from({ length: count }, (_, index) => `  call(${index});`).join('\n');
const branches = (depth: number): string =>
  depth === 0 ? 'call(0);' : `if (value > ${depth}) {\n${branches(depth - 1)}\n} else {\ncall(${depth});\n}`;
const withCall = (code: string): string => `declare function call(value: number): void;\n${code}\n`;

/** A file that has to be refused, and words of the reason. */
const REFUSED: readonly [title: string, file: string, text: string, reason: string][] = [
  ['the real clock in a workflow', 'workflows/clock.ts', clock, 'Temporal.Now reads the real clock'],
  ['the real clock in a contract', 'contracts/clock.ts', clock, 'Temporal.Now reads the real clock'],
  ['the real clock in an agent', 'agents/rehearse/clock.ts', clock, 'Temporal.Now reads the real clock'],
  [
    'Intl without an argument',
    'workflows/intl.ts',
    "export const now = new Intl.DateTimeFormat('en').format();\n",
    'format() without an argument',
  ],
  [
    'a path of the building machine',
    'workflows/meta.ts',
    'export const here = import.meta.url;\n',
    'import.meta bakes a path',
  ],
  ['performance', 'workflows/performance.ts', 'export const now = performance.now();\n', 'performance does not exist'],
  ['the environment in a workflow', 'workflows/environment.ts', environment, 'noProcessEnv'],
  ['the environment in a tool', 'tools/environment.ts', environment, 'noProcessEnv'],
  ['the environment in a worker but for its configuration', 'workers/other.ts', environment, 'noProcessEnv'],
  [
    'a function of 61 lines (KS-81, KS-82)',
    'tools/long.ts',
    withCall(`export function long() {\n${lines(61)}\n}`),
    'noExcessiveLinesPerFunction',
  ],
  ['a file of 301 lines (KS-81, KS-82)', 'tools/file.ts', withCall(lines(301)), 'noExcessiveLinesPerFile'],
  [
    'a function that nests too deep (KS-81, KS-82)',
    'tools/deep.ts',
    withCall(`export function deep(value: number) {\n${branches(5)}\n}`),
    'noExcessiveCognitiveComplexity',
  ],
  ['any', 'tools/any.ts', 'export const anything: any = 1;\n', 'noExplicitAny'],
];

/** What looks alike and is right. */
const ALLOWED: readonly [title: string, file: string, text: string][] = [
  ['the clock outside workflows', 'tools/clock.ts', clock],
  ['Date in a workflow, which the SDK makes deterministic', 'workflows/date.ts', 'export const now = new Date();\n'],
  [
    'Intl with an instant',
    'workflows/intl-instant.ts',
    "export const day = new Intl.DateTimeFormat('en').format(0);\n",
  ],
  ['the environment in the configuration', 'workers/config.ts', environment],
  ['a function of 60 lines', 'tools/short.ts', withCall(`export function short() {\n${lines(58)}\n}`)],
];

describe('the linter', () => {
  let folder: string;
  let found: ReadonlyMap<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'governor-lint-'));
    await cp(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
    await cp(join(ROOT, '.ci', 'biome'), join(folder, '.ci', 'biome'), { recursive: true });
    for (const [, file, text] of [...REFUSED, ...ALLOWED]) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    found = await lint(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(REFUSED)('refuses %s', (_, file, __, reason) => {
    expect(found.get(file) ?? 'nothing').toContain(reason);
  });

  it.each(ALLOWED)('allows %s', (_, file) => {
    expect(found.get(file)).toBeUndefined();
  });
});

/** The errors of each file, as one text. */
async function lint(folder: string): Promise<ReadonlyMap<string, string>> {
  const biome = join(ROOT, 'node_modules', '.bin', 'biome');
  const args = ['lint', '--reporter=github', '--diagnostic-level=error', '--max-diagnostics=none', '.'];
  const output = await new Promise<string>((resolve) => {
    execFile(biome, args, { cwd: folder }, (_, stdout) => resolve(stdout));
  });
  const errors = new Map<string, string>();
  for (const [line, path = ''] of output.matchAll(/^::error .*?file=([^,]+),.*$/gm)) {
    const file = relative(folder, path);
    errors.set(file, `${errors.get(file) ?? ''}${line}\n`);
  }
  return errors;
}
