import { spawn } from 'node:child_process';
import { childEnvironment } from '../config.ts';
import { containerUser } from './secrets.ts';

/** Services that start only when asked for. Who stops everything has to name them, or they hold on to what they depend on. */
export const PROFILES: readonly string[] = ['family'];

/**
 * Calls the compose program with these words, in this terminal.
 * @returns its exit code
 * @throws Error where there is no such program
 */
export function compose([program = 'docker', ...first]: readonly string[], words: readonly string[]): Promise<number> {
  const { uid, gid } = containerUser();
  const env = childEnvironment({ GOVERNOR_USER: `${uid}:${gid}` });
  const child = spawn(program, [...first, ...words], { stdio: 'inherit', env });
  return new Promise((resolve, reject) => {
    child.once('error', () => reject(new Error(`${program} cannot be run. GOVERNOR_COMPOSE says what is called.`)));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
