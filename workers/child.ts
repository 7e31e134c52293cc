import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
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
 */
export function startChild(name: string, args: readonly string[], settings: Readonly<Record<string, string>>): Child {
  const child = fork(join(import.meta.dirname, `${name}.ts`), args, {
    env: childEnvironment(settings),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // A group of its own: Ctrl-C reaches us alone, and we decide in which order things stop.
    detached: true,
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    name,
    pid: child.pid ?? 0,
    ready: untilReady(name, child),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
      await gone;
      clearTimeout(late);
    },
  };
}

function untilReady(name: string, child: ChildProcess): Promise<void> {
  const ready = new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code, signal) => reject(new Error(`The ${name} process ended (${signal ?? code}) before it was ready.`)));
  });
  // Whoever stops it early does not wait for it.
  ready.catch(() => undefined);
  return ready;
}

/** For the child: says that it is ready, and stops when whoever started it is gone. False in a process of its own. */
export function tellParent(): boolean {
  if (!process.send) return false;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  return process.send('ready');
}
