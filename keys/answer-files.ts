import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type PublicKeys, parsePublicKeys, parseSigningKey, type SigningKey } from './key-shapes.ts';
import { rereading } from './reread.ts';

/** The two files of an installation. The public one goes to every process that checks, the other to those that sign. */
export interface AnswerKeyFiles {
  readonly signing: string;
  readonly public: string;
}

export interface ListedKey {
  readonly keyId: string;
  /** ISO instant. */
  readonly since: string;
  /** True for the one that signs now; the others check what was signed before. */
  readonly signs: boolean;
}

/** What was asked for cannot be done; the message says what can. */
export class KeyProblem extends Error {}

/** Makes the first key where there is none. */
export function makeAnswerKeys(files: AnswerKeyFiles, { embedded = false } = {}): void {
  if (existsSync(files.public) && existsSync(files.signing)) return;
  underLock(files, () => {
    if (!existsSync(files.public) || !existsSync(files.signing)) change(files, embedded);
  });
}

/** Whether a house made them for trying, on one machine. Throws where the file cannot be read. */
export const areEmbedded = (file: string): boolean => rereading(file, parsePublicKeys)().embedded === true;

/** Newest first. */
export function listAnswerKeys(files: AnswerKeyFiles): ListedKey[] {
  const signs = signingKeyId(files);
  return [...keysIn(files).keys].reverse().map(({ kid, since }) => ({ keyId: kid, since, signs: kid === signs }));
}

/**
 * A new key signs from now on. What was signed with those before it counts until they are retired. Makes the first key
 * where there is none. Gives the new key's id.
 */
export const rotateAnswerKeys = (files: AnswerKeyFiles): string =>
  underLock(files, () => change(files, existsSync(files.public) && areEmbedded(files.public)));

/** From now on nothing counts that was signed with this key. Throws `KeyProblem` for the key that signs. */
export function retireAnswerKey(files: AnswerKeyFiles, keyId: string): void {
  underLock(files, () => {
    const { keys, ...rest } = keysIn(files);
    const known = keys.map(({ kid }) => kid);
    if (!known.includes(keyId)) throw new KeyProblem(`There is no key ${keyId}. There are: ${known.join(', ')}.`);
    if (keyId === signingKeyId(files)) throw new KeyProblem(`The key ${keyId} signs. Rotate first, then retire it.`);
    replace(files.public, { ...rest, keys: keys.filter(({ kid }) => kid !== keyId) }, 0o644);
  });
}

/** Those who check hear of the new key before anybody signs with it. */
function change(files: AnswerKeyFiles, embedded: boolean): string {
  const key = freshKey();
  const { d: _private, ...publicPart } = key;
  const before = existsSync(files.public) ? keysIn(files).keys : [];
  const made: PublicKeys = { keys: [...before, publicPart], ...(embedded ? { embedded } : {}) };
  // What is too much is found out before anything is written.
  parsePublicKeys(JSON.stringify(made));
  replace(files.public, made, 0o644);
  replace(files.signing, key, 0o600);
  return key.kid;
}

function freshKey(): SigningKey {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(x).digest('hex').slice(0, 12);
  const since = new Date().toISOString();
  return { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid, since, x, d };
}

const keysIn = (files: AnswerKeyFiles): PublicKeys => parsePublicKeys(readFileSync(files.public, 'utf8'));

const signingKeyId = (files: AnswerKeyFiles): string | undefined =>
  existsSync(files.signing) ? parseSigningKey(readFileSync(files.signing, 'utf8')).kid : undefined;

/** At no instant is the file half written, nor readable by more people than `mode` says. */
function replace(file: string, content: unknown, mode: number): void {
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(fresh, `${JSON.stringify(content, null, 2)}\n`, { mode, flag: 'wx' });
  keepOwner(file, fresh);
  renameSync(fresh, file);
}

/** What root makes anew stays readable for the process that has read it before. */
function keepOwner(before: string, fresh: string): void {
  const owner = process.getuid?.() === 0 ? statSync(before, { throwIfNoEntry: false }) : undefined;
  if (owner) chownSync(fresh, owner.uid, owner.gid);
}

/** Two changes at once would lose one of the keys, and with it every answer that it signs. */
function underLock<T>(files: AnswerKeyFiles, work: () => T): T {
  mkdirSync(dirname(files.signing), { recursive: true, mode: 0o700 });
  mkdirSync(dirname(files.public), { recursive: true });
  const lock = `${files.signing}.lock`;
  try {
    writeFileSync(lock, '', { flag: 'wx' });
  } catch {
    throw new KeyProblem(`Somebody changes these keys right now. If nobody does, remove ${lock} and try again.`);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}
