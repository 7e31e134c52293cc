import { isCancel, select } from '@clack/prompts';
import type { Terminal } from './words.ts';

/** The terminal that this process was started from. Questions are put only where a person can see and answer them. */
export function openTerminal(): Terminal {
  process.stdout.on('error', endQuietly);
  const words = {
    out: (text: string) => void process.stdout.write(`${text}\n`),
    err: (text: string) => void process.stderr.write(`${text}\n`),
  };
  return process.stdin.isTTY && process.stdout.isTTY ? { ...words, choose } : words;
}

async function choose(message: string, choices: readonly string[]): Promise<string | undefined> {
  const chosen = await select({ message, options: choices.map((value) => ({ value })) });
  return isCancel(chosen) ? undefined : chosen;
}

/** Whoever read our words, such as `head`, has had enough. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}
