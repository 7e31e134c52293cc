import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

/** One key that payloads are encrypted with. */
export interface PayloadKey {
  /** Its name and a digest of it, so that two keys of one name are told apart; it stands in clear beside what it locks. */
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}

/** The keys of an installation: all of them open, one of them locks. */
export interface Keyring {
  /** The key that locks what is written from now on. */
  locking(): PayloadKey;
  /**
   * Nothing where the file calls that key lost, so that what it locked counts as never sent.
   * @throws MissingPayloadKey where the file does not know it
   */
  opening(id: string): PayloadKey | undefined;
}

/** Something was written with a key that is not here. It can be read once the key is. */
export class MissingPayloadKey extends Error {
  constructor(id: string, file: string, held: readonly string[]) {
    super(
      `A payload was written with the key ${id}, and ${file} holds ${held.join(', ')}. Put that key into the file, ` +
        'which is read again without a restart; until then the case waits. Whoever reaches the server can make such an ' +
        'id up: where no key of yours ever had it, name it under "lost".',
    );
    this.name = 'MissingPayloadKey';
  }
}

const KEY_BYTES = 32;
const Secret = z.base64().refine((value) => Buffer.from(value, 'base64').length === KEY_BYTES, {
  error: `has to be ${KEY_BYTES} bytes in base64`,
});
/**
 * What `PAYLOAD_KEYS_FILE` holds: keys by their names, the name of the one that locks, and ids of keys that nobody will
 * ever have.
 */
export const KeyFile = z
  .strictObject({
    encode: z.string(),
    keys: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'has to be a short plain name'), Secret),
    lost: z.array(z.string().min(1).max(100)).max(1000).optional(),
  })
  .refine(({ encode, keys }) => keys[encode] !== undefined, { error: 'names no key of this file', path: ['encode'] });
export type KeyFile = z.output<typeof KeyFile>;

/** How long a key file is taken as unchanged, milliseconds. */
const LOOK_MS = 1000;

interface Held {
  readonly changedAt: number;
  readonly locking: PayloadKey;
  readonly keys: ReadonlyMap<string, PayloadKey>;
  readonly lost: ReadonlySet<string>;
}

/**
 * The keys of a file, read again when it has changed, so that a rotation needs no restart. A change that cannot be read
 * leaves the keys as they were.
 * @throws Error where the file cannot be read at first; no key stands in the message
 */
export function openKeyring(file: string): Keyring {
  let held = readHeld(file);
  let lookedAt = Date.now();
  const look = (): void => {
    lookedAt = Date.now();
    try {
      if (statSync(file).mtimeMs !== held.changedAt) held = readHeld(file);
    } catch {
      // Half written, or gone for a moment: what is known goes on to hold.
    }
  };
  return {
    locking: () => {
      if (Date.now() - lookedAt > LOOK_MS) look();
      return held.locking;
    },
    opening: (id) => {
      if (!held.keys.has(id) && !held.lost.has(id)) look();
      const key = held.keys.get(id);
      if (!key && !held.lost.has(id)) throw new MissingPayloadKey(id, file, [...held.keys.keys()]);
      return key;
    },
  };
}

function readHeld(file: string): Held {
  const changedAt = statSync(file).mtimeMs;
  const { encode, keys, lost = [] } = readKeyFile(file);
  const all = Object.entries(keys).map(([name, secret]) => payloadKey(name, secret));
  const locking = all[Object.keys(keys).indexOf(encode)];
  if (!locking) throw new Error(`${file}: encode names no key of this file`);
  return { changedAt, locking, keys: new Map(all.map((key) => [key.id, key])), lost: new Set(lost) };
}

/** @throws Error that names the field that is wrong, and no key */
export function readKeyFile(file: string): KeyFile {
  const parsed = KeyFile.safeParse(jsonIn(file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new Error(`${file} is no file of payload keys: ${problems.join('; ')}`);
}

function jsonIn(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would quote the file.
    throw new Error(`${file} is no file of payload keys: it is not JSON`);
  }
}

function payloadKey(name: string, base64: string): PayloadKey {
  const secret = Buffer.from(base64, 'base64');
  const check = createHash('sha256').update('governor payload key\n').update(secret).digest('hex').slice(0, 8);
  return { id: `${name}.${check}`, secret };
}
