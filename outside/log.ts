import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';

/** Appends one event and is done only when it is on disk: what was counted stays counted. */
export function appendLine(file: string, event: Readonly<Record<string, unknown>>): void {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`, { flush: true });
}

/** Every event of a log, none where there is no log. A last line that was cut off is left out. */
export async function readLines<T>(file: string, line: z.ZodType<T>): Promise<T[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((one) => line.parse(JSON.parse(one)));
}

/** A name for what may not be written down. */
export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
