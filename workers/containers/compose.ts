import { spawn } from 'node:child_process';
import { childEnvironment } from '../config.ts';
import { containerUser } from './secrets.ts';

/** Services that start only when asked for. Who stops everything has to name them, or they hold on to what they depend on. */
export const PROFILES: readonly string[] = ['family', 'observe'];

/** What one call of the compose program is: its words, and settings for the compose file. */
export interface ComposeCall {
  readonly words: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

const OBSERVE = '--observe';
const COLLECTOR = 'http://collector:4318';

/**
 * Builds and starts everything, and waits until all of it is well. With `--observe` what looks on is started too, and
 * everybody sends spans to its collector; all other words are the compose program's own.
 */
export function upCall(words: readonly string[]): ComposeCall {
  const up = ['up', '-d', '--build', '--wait', ...words.filter((word) => word !== OBSERVE)];
  if (!words.includes(OBSERVE)) return { words: up, settings: {} };
  return { words: ['--profile', 'observe', ...up], settings: { OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR } };
}

/**
 * Calls the compose program in this terminal.
 * @returns its exit code
 * @throws Error where there is no such program
 */
export function compose(
  [program = 'docker', ...first]: readonly string[],
  { words, settings }: ComposeCall,
): Promise<number> {
  const { uid, gid } = containerUser();
  const env = childEnvironment({ GOVERNOR_USER: `${uid}:${gid}`, ...settings });
  const child = spawn(program, [...first, ...words], { stdio: 'inherit', env });
  return new Promise((resolve, reject) => {
    child.once('error', () => reject(new Error(`${program} cannot be run. GOVERNOR_COMPOSE says what is called.`)));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
