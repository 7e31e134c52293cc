import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { Failed, fail } from '../contracts/failures.ts';

/** Something published is not as it has to be. */
export const broken = (problem: string, details: Record<string, unknown> = {}): Failed =>
  new Failed(fail('ReleaseBroken', problem, details));

/** SHA-256 in hex over a file's bytes. */
export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export function parseJson<S extends z.ZodType>(shape: S, bytes: Buffer | undefined, name: string): z.output<S> {
  if (!bytes) throw broken(`There is no ${name}.`);
  const parsed = shape.safeParse(readAsJson(bytes, name));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'all of it'}: ${message}`);
  throw broken(`${name} cannot be used: ${problems.join('; ')}.`, { problems });
}

function readAsJson(bytes: Buffer, name: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw broken(`${name} is not JSON.`);
  }
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
