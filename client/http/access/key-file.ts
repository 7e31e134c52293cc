import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ApiRole, PersonName, Tenant } from './principal.ts';

/** One key as it is kept: enough to know it again, and nothing to make it from. */
export const KeyRecord = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  /**
   * SHA-256 of the whole key. A slow hash is for secrets that can be guessed; these are 256 random bits, so a search would
   * not end, and each request can be checked at once.
   */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** What it is for; a key without a person acts as `app:<name>`, so its successor of the same name owns the same cases. */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,59}$/, 'has to be small letters, digits, dots and dashes'),
  tenant: Tenant,
  roles: z.array(ApiRole).min(1),
  person: PersonName.optional(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().optional(),
  /** Made for trying, and known to whoever can read the state folder: good on this machine alone. */
  embedded: z.literal(true).optional(),
});
export type KeyRecord = z.output<typeof KeyRecord>;

const KeyFile = z.strictObject({ keys: z.array(KeyRecord).max(10_000) });

/** The file of keys can't be trusted or read; the message says what to mend. */
export class KeyFileBroken extends Error {}

const LOCK_PATIENCE_MS = 3000;

/** The keys that are kept, none where there is no file. Throws `KeyFileBroken`. */
export async function readKeyFile(file: string): Promise<KeyRecord[]> {
  const found = await stat(file).catch(missing);
  if (!found) return [];
  // A group may read it, since that is how secrets are mounted; who may write it could let anybody in.
  if (process.platform !== 'win32' && (found.mode & 0o027) !== 0) {
    throw new KeyFileBroken(`${file} may be read or written by others. Mend it with: chmod 600 ${file}`);
  }
  const parsed = KeyFile.safeParse(jsonOf(await readFile(file, 'utf8')));
  if (!parsed.success) throw new KeyFileBroken(`${file} is not a file of keys. Restore it, or remove it and add keys.`);
  return parsed.data.keys;
}

/**
 * Changes the keys, one writer at a time, and leaves either the old file or the new one, whatever happens.
 * @throws KeyFileBroken where the file is, or another writer does not end
 */
export async function changeKeyFile(file: string, change: (keys: readonly KeyRecord[]) => KeyRecord[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const lock = await takeLock(`${file}.lock`);
  try {
    const changed = KeyFile.safeParse({ keys: change(await readKeyFile(file)) });
    if (!changed.success) throw new KeyFileBroken(`${file} would be no file of keys any more, so it stays as it is.`);
    await writePrivate(file, JSON.stringify(changed.data, undefined, 2));
  } finally {
    await lock.close();
    await rm(`${file}.lock`, { force: true });
  }
}

/** Writes a file that only its owner reads, all of it or nothing. */
export async function writePrivate(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  await rm(fresh, { force: true });
  const handle = await open(fresh, 'wx', 0o600);
  try {
    await handle.writeFile(`${text}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}

async function takeLock(lock: string, until = Date.now() + LOCK_PATIENCE_MS) {
  try {
    return await open(lock, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (Date.now() > until) throw new KeyFileBroken(`Somebody is writing the keys. If nobody is, remove ${lock}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    return takeLock(lock, until);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
