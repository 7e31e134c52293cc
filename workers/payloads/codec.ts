import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import type { Keyring, PayloadKey } from './keyring.ts';

const CIPHER = 'aes-256-gcm';
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const LENGTH_BYTES = 4;

/**
 * Locks every payload that goes to the Temporal server and opens those that come back. What is not locked passes as it
 * is: a signal from a command line without keys, and cases that began before there were any.
 */
export const createCodec = (keyring: Keyring): PayloadCodec => ({
  encode: async (payloads) =>
    payloads.map((payload) => (isLocked(payload) ? payload : lock(payload, keyring.locking()))),
  decode: async (payloads) => payloads.map((payload) => (isLocked(payload) ? open(payload, keyring) : payload)),
});

const isLocked = ({ metadata }: Payload): boolean => textOf(metadata?.['encoding']) === ENCODING;
const textOf = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('utf8');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

function lock(payload: Payload, { id, secret }: PayloadKey): Payload {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, secret, iv).setAAD(Buffer.from(id));
  const locked = Buffer.concat([cipher.update(pack(payload)), cipher.final()]);
  const data = new Uint8Array(Buffer.concat([iv, cipher.getAuthTag(), locked]));
  return { metadata: { encoding: bytesOf(ENCODING), [KEY_ID]: bytesOf(id) }, data };
}

/**
 * A payload whose key is here and that does not open was not written by us: it stays as it is, so that our payload
 * converter reads it as nothing. An error instead would let anybody who can send a signal stop a run for ever.
 * @throws MissingPayloadKey where the key is not here: what we cannot read for now must not be taken for nothing
 */
function open(payload: Payload, keyring: Keyring): Payload {
  const key = keyring.opening(textOf(payload.metadata?.[KEY_ID]));
  if (!key) return payload;
  const data = Buffer.from(payload.data ?? []);
  try {
    const iv = data.subarray(0, IV_BYTES);
    const decipher = createDecipheriv(CIPHER, key.secret, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(key.id));
    decipher.setAuthTag(data.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const locked = data.subarray(IV_BYTES + TAG_BYTES);
    return unpack(Buffer.concat([decipher.update(locked), decipher.final()]));
  } catch {
    return payload;
  }
}

const Metadata = z.record(z.string(), z.base64());

/** Length of the metadata, the metadata as JSON, then the data as they are. */
function pack({ metadata, data }: Payload): Buffer {
  const named = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  const head = Buffer.from(JSON.stringify(Object.fromEntries(named)));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, Buffer.from(data ?? [])]);
}

function unpack(packed: Buffer): Payload {
  const end = LENGTH_BYTES + packed.readUInt32BE(0);
  const named = Metadata.parse(JSON.parse(packed.toString('utf8', LENGTH_BYTES, end)));
  const metadata = Object.fromEntries(
    Object.entries(named).map(([name, value]) => [name, new Uint8Array(Buffer.from(value, 'base64'))]),
  );
  return { metadata, data: new Uint8Array(packed.subarray(end)) };
}
