import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { childEnvironment } from './config.ts';

/** A process of the house that another one has started. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Done when it says that it is ready. Fails where it ends before that. */
  readonly ready: Promise<void>;
  /** Asks it to stop and waits until it is gone; a signal of its own for those who pull the plug. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const STOP_PATIENCE_MS = 15_000;

/**
 * Starts `workers/<name>.ts` beside us. Its life hangs on ours: when we are gone, however we went, it stops.
 * @param settings environment variables that it gets beside our own
 * @param logFile where its log lines go; without it, to our standard error
 */
export function startChild(
  name: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  logFile?: string,
): Child {
  const words = logFile === undefined ? ('inherit' as const) : openLogFile(logFile);
  const child = fork(join(import.meta.dirname, `${name}.ts`), args, {
    env: childEnvironment(settings),
    stdio: ['ignore', 'ignore', words, 'ipc'],
    // A group of its own: Ctrl-C reaches us alone, and we decide in which order things stop.
    detached: true,
  });
  if (typeof words === 'number') closeSync(words);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    name,
    pid: child.pid ?? 0,
    ready: untilReady(name, child, logFile),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
      await gone;
      clearTimeout(late);
    },
  };
}

function openLogFile(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, 'a');
}

function untilReady(name: string, child: ChildProcess, logFile: string | undefined): Promise<void> {
  const where = logFile === undefined ? '' : ` Its last words are in ${logFile}.`;
  const ready = new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code, signal) =>
      reject(new Error(`The ${name} process ended (${signal ?? code}) before it was ready.${where}`)),
    );
  });
  // Whoever stops it early does not wait for it.
  ready.catch(() => undefined);
  return ready;
}

/** For the child: says that it is ready, and stops when whoever started it is gone. False in a process of its own. */
export function tellParent(): boolean {
  if (!process.send) return false;
  process.once('disconnect', stopMyself);
  // Gone already, while we were starting.
  if (!process.connected) stopMyself();
  else process.send('ready', undefined, undefined, () => undefined);
  return true;
}

const stopMyself = (): void => void process.kill(process.pid, 'SIGTERM');
