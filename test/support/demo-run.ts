import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { inject } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
/** Any free port: several demos may run at once. */
const PORTS = ['TEMPORAL', 'TEMPORAL_UI', 'TOOLS', 'MAIL', 'WEBHOOK', 'REGISTRY'].map((name) => [`${name}_PORT`, '0']);
/** Keys would make it ask real models, and a server of somebody else's is not for demos. */
const NOT_OURS = /^(ANTHROPIC_|OPENAI_|TEMPORAL_|GOVERNOR_)/;

export interface DemoRun {
  readonly child: ChildProcess;
  /** The demo's own state folder. */
  readonly stateDir: string;
  /** What it has said so far. */
  said(): { readonly stdout: string; readonly stderr: string };
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Removes what it left on disk. */
  remove(): void;
}

/** Starts `npm run demo` without npm, in a state folder and on ports of its own. */
export function runDemo(...args: string[]): DemoRun {
  const base = mkdtempSync(join(tmpdir(), 'governor-demo-'));
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_OURS.test(name));
  const child = spawn(process.execPath, [join(ROOT, 'workers', 'demo.ts'), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries([...inherited, ...PORTS]),
      GOVERNOR_STATE_DIR: base,
      GOVERNOR_BUNDLE_DIR: dirname(inject('bundlePath')),
      PATH: `${dirname(inject('temporalProgram'))}${delimiter}${process.env['PATH']}`,
    },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk;
  });
  return {
    child,
    stateDir: join(base, 'demo'),
    said: () => said,
    ended: once(child, 'close').then(([code, signal]) => code ?? signal),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** Process ids of everything that a process has started, and what that has started in turn. */
export function descendantsOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const under = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child = 0]) => [child, ...under(child)]);
  return under(pid);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
