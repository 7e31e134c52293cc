import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { changeKeyFile, KeyFileBroken, type KeyRecord, readKeyFile } from './key-file.ts';
import type { ApiRole, Identity, Principal } from './principal.ts';

/** A key is good for at most so long. */
export const MAX_KEY_DAYS = 90;

const KEY = /^gov_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
const DAY_MS = 24 * 3600 * 1000;
/** For so long after its end a key is listed. */
const REMEMBERED_MS = 365 * DAY_MS;
/** Compared where no key of that id is known, so that both answers take the same time. */
const NO_DIGEST = Buffer.alloc(32);

export interface NewKey {
  readonly name: string;
  readonly tenant: string;
  readonly roles: readonly ApiRole[];
  readonly person?: string | undefined;
  /** 1 to `MAX_KEY_DAYS`. */
  readonly days: number;
  readonly embedded?: true | undefined;
}

/** A key with its secret; the only moment at which the secret is seen. */
export interface MadeKey {
  readonly key: string;
  readonly record: KeyRecord;
}

/** The keys of this API. */
export interface Keys {
  /** Whose key it is, if it is one, whole, and good now. */
  identify(key: string): Promise<Identity | undefined>;
  /** The same of a key that was identified before: it may have been revoked since. */
  stillGood(keyId: string): Promise<Identity | undefined>;
}

export interface KeysSettings {
  readonly file: string;
  readonly now?: () => number;
  /** Hears once of each change that made the file unreadable; nobody gets in by a key meanwhile. */
  readonly tell?: (why: string) => void;
  /** Whether keys that were made for trying are good here; they are not where others reach this machine. */
  readonly takesEmbedded: boolean;
}

/** Reads the file again whenever it was changed, so that a key that is revoked there is good no more at once. */
export function openKeys({ file, now = Date.now, tell, takesEmbedded }: KeysSettings): Keys {
  let seen = { stamp: '', keys: new Map<string, KeyRecord>() };
  const current = async (): Promise<ReadonlyMap<string, KeyRecord>> => {
    const stamp = await stampOf(file);
    if (stamp !== seen.stamp) seen = { stamp, keys: await readOrNone(file, tell) };
    return seen.keys;
  };
  const identityOf = (record: KeyRecord | undefined): Identity | undefined => {
    if (!record || record.revokedAt || (record.embedded && !takesEmbedded)) return undefined;
    const until = Math.min(Date.parse(record.expiresAt), Date.parse(record.createdAt) + MAX_KEY_DAYS * DAY_MS);
    return now() < until ? { principal: principalOf(record), until } : undefined;
  };
  return {
    identify: async (key) => {
      const record = (await current()).get(KEY.exec(key)?.[1] ?? '');
      const isThisOne = sameDigest(key, record?.sha256);
      return isThisOne ? identityOf(record) : undefined;
    },
    stillGood: async (keyId) => identityOf((await current()).get(keyId)),
  };
}

/** Makes a key and keeps its digest. Throws `KeyFileBroken`, or `RangeError` for a life outside 1 to 90 days. */
export async function addKey(file: string, wanted: NewKey, now: number = Date.now()): Promise<MadeKey> {
  const made = makeKey(wanted, now);
  const isRemembered = ({ expiresAt }: KeyRecord): boolean => Date.parse(expiresAt) > now - REMEMBERED_MS;
  await changeKeyFile(file, (keys) => [...keys.filter(isRemembered), made.record]);
  return made;
}

/** Ends a key for good. Gives its record, or nothing where there is no such key; a key that was revoked stays so. */
export async function revokeKey(file: string, id: string, now: number = Date.now()): Promise<KeyRecord | undefined> {
  const revokedAt = new Date(now).toISOString();
  let found: KeyRecord | undefined;
  await changeKeyFile(file, (keys) =>
    keys.map((record) => {
      if (record.id !== id) return record;
      found = { revokedAt, ...record };
      return found;
    }),
  );
  return found;
}

/** A new key, not yet kept anywhere. */
export function makeKey({ name, tenant, roles, person, days, embedded }: NewKey, now: number): MadeKey {
  if (!Number.isInteger(days) || days < 1 || days > MAX_KEY_DAYS) {
    throw new RangeError(`A key lives for 1 to ${MAX_KEY_DAYS} days.`);
  }
  const id = randomBytes(6).toString('hex');
  const key = `gov_${id}_${randomBytes(32).toString('base64url')}`;
  const record: KeyRecord = {
    id,
    sha256: digestOf(key).toString('hex'),
    name,
    tenant,
    roles: [...new Set(roles)],
    ...(person && { person }),
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + days * DAY_MS).toISOString(),
    ...(embedded && { embedded }),
  };
  return { key, record };
}

function principalOf({ id, name, tenant, roles, person }: KeyRecord): Principal {
  return { sub: person ?? `app:${name}`, tenant, roles, ...(person && { person }), via: 'key', keyId: id };
}

/** Compared by digests of one length, so that the time tells neither how much of it was right nor how long it was. */
function sameDigest(key: string, sha256: string | undefined): boolean {
  const known = sha256 ? Buffer.from(sha256, 'hex') : NO_DIGEST;
  return timingSafeEqual(digestOf(key), known) && sha256 !== undefined;
}

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

async function readOrNone(file: string, tell: KeysSettings['tell']): Promise<Map<string, KeyRecord>> {
  try {
    return new Map((await readKeyFile(file)).map((record) => [record.id, record]));
  } catch (error) {
    tell?.(error instanceof KeyFileBroken ? error.message : `${file} can't be read.`);
    return new Map();
  }
}

/** Changes with the file, its rights included. */
async function stampOf(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found ? `${found.ino} ${found.size} ${found.mtimeNs} ${found.mode}` : 'none';
}
