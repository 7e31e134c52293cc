import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { changeKeyFile, KeyFileBroken, readKeyFile, writePrivate } from './key-file.ts';
import { MAX_KEY_DAYS, type MadeKey, makeKey, openKeys } from './keys.ts';
import { type Address, isLoopback } from './origin.ts';
import { type ApiRole, DEFAULT_TENANT } from './principal.ts';

/** Who is there for trying, by the names of the directory; the last one is a program and not a person. */
const EMBEDDED: Readonly<Record<string, readonly ApiRole[]>> = {
  'marta.lindqvist': ['requester', 'approver', 'operator'],
  'darius.wren': ['requester', 'approver', 'auditor'],
  'ruth.achterberg': ['requester', 'approver', 'admin'],
  application: ['application'],
};
const APPLICATION = 'application';
const DAY_MS = 24 * 3600 * 1000;

/** Name → key, of three people and the application. */
export type EmbeddedKeys = Readonly<Record<string, string>>;
const EmbeddedFile = z.record(z.string(), z.string().startsWith('gov_'));

export interface EmbeddedFiles {
  /** The digests, as of all keys. */
  readonly keysFile: string;
  /** The keys themselves, for who may read the state folder. */
  readonly peopleFile: string;
}

/**
 * The keys of the people for trying: those that are there as long as they are good for another day, else new ones, random
 * for this folder. Throws `KeyFileBroken` where a file is open to others.
 */
export async function embeddedPeople(files: EmbeddedFiles, now: number = Date.now()): Promise<EmbeddedKeys> {
  const kept = await readEmbeddedKeys(files.peopleFile);
  if (kept && (await areGood(kept, files.keysFile, now + DAY_MS))) return kept;
  const made = Object.entries(EMBEDDED).map(([name, roles]) => [name, makeFor(name, roles, now)] as const);
  await changeKeyFile(files.keysFile, (keys) => [
    ...keys.filter(({ embedded }) => !embedded),
    ...made.map(([, { record }]) => record),
  ]);
  const fresh = Object.fromEntries(made.map(([name, { key }]) => [name, key]));
  await mkdir(dirname(files.peopleFile), { recursive: true, mode: 0o700 });
  await writePrivate(files.peopleFile, JSON.stringify(fresh, undefined, 2));
  return fresh;
}

/** The keys in the file, or nothing where there is none. Throws `KeyFileBroken` where others may read it. */
export async function readEmbeddedKeys(peopleFile: string): Promise<EmbeddedKeys | undefined> {
  const found = await stat(peopleFile).catch(() => undefined);
  if (!found) return undefined;
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new KeyFileBroken(`${peopleFile} holds keys and is open to others. Remove it; new ones are made.`);
  }
  try {
    return EmbeddedFile.parse(JSON.parse(await readFile(peopleFile, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Whether keys for trying are good: not where another machine could use them. */
export const takesEmbedded = (hosts: readonly string[], { origins, isLoopback: isNear }: Address): boolean =>
  isNear && hosts.every(isLoopback) && origins.every((origin) => isLoopback(new URL(origin).hostname));

/**
 * Why an API must not start: there are keys for trying, and others reach this machine. Nothing where all is well.
 * Throws `KeyFileBroken`.
 */
export async function embeddedProblem(
  keysFile: string,
  hosts: readonly string[],
  address: Address,
): Promise<string | undefined> {
  if (takesEmbedded(hosts, address)) return undefined;
  const embedded = (await readKeyFile(keysFile)).filter((record) => record.embedded && !record.revokedAt);
  if (embedded.length === 0) return undefined;
  return `${keysFile} has keys for trying, and this machine would be reached by others. Bind 127.0.0.1, or revoke them: ${embedded.map(({ id }) => id).join(', ')}.`;
}

function makeFor(name: string, roles: readonly ApiRole[], now: number): MadeKey {
  const person = name === APPLICATION ? undefined : name;
  return makeKey({ name, tenant: DEFAULT_TENANT, roles, person, days: MAX_KEY_DAYS, embedded: true }, now);
}

async function areGood(kept: EmbeddedKeys, keysFile: string, then: number): Promise<boolean> {
  const keys = openKeys({ file: keysFile, now: () => then, takesEmbedded: true });
  const found = await Promise.all(Object.keys(EMBEDDED).map((name) => keys.identify(kept[name] ?? '')));
  return found.every((identity) => identity !== undefined);
}
