import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rigParts } from '../support/crash/rig-parts.ts';
import { holds, markdownOf, reportOf } from './report.ts';
import { soak } from './run.ts';

/**
 * `npm run soak -- --cases 1000 --seed 1 [--json] [--report DIR]`: the whole house as real processes, every part of which
 * fails now and then, and an observer who believes the far sides alone. It ends well only if every invariant holds.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      report: { type: 'string' },
    },
  });
  const [cases, seed] = [Number(values.cases), Number(values.seed)];
  if (!(Number.isSafeInteger(cases) && cases > 0 && Number.isSafeInteger(seed)))
    throw new Error('--cases takes a number from 1 up, and --seed a whole number.');
  const commit = commitOf();
  const say = (words: string): void => console.error(words);
  say(`soak: ${cases} cases, seed ${seed}, commit ${commit}`);
  const result = await soak({ cases, seed, say, ...(await rigParts(say)) });
  const report = reportOf(result, { cases, seed, commit });
  const text = markdownOf(report);
  if (values.report) await write(values.report, cases, text, report);
  console.log(values.json ? JSON.stringify(report, null, 2) : text);
  return holds(report) ? 0 : 1;
}

async function write(folder: string, cases: number, text: string, report: unknown): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `soak-${cases}.md`), text);
  await writeFile(join(folder, `soak-${cases}.json`), `${JSON.stringify(report, null, 2)}\n`);
}

/** Marked where files have changed since. */
function commitOf(): string {
  const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

process.exitCode = await main();
