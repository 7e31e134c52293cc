import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

const base = {
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  /** 32 bytes as base64url. */
  x: z.string().regex(/^[\w-]{43}$/),
  kid: z.string().regex(/^[\w-]{8,64}$/),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
  /** ISO instant at which it was made. */
  since: z.iso.datetime(),
};

/** A key that answers are checked with. A private part in this place is refused: this file is handed around. */
export const PublicKey = z.strictObject(base);
export type PublicKey = z.output<typeof PublicKey>;

/** The key that answers are signed with. */
export const SigningKey = z.strictObject({ ...base, d: z.string().regex(/^[\w-]{43}$/) });
export type SigningKey = z.output<typeof SigningKey>;

/** The public keys, a JSON Web Key Set. */
export const PublicKeys = z.strictObject({
  keys: z.array(PublicKey).min(1).max(20),
  /** Made by a house for trying, on one machine: no process that others can reach may rely on it. */
  embedded: z.literal(true).optional(),
});
export type PublicKeys = z.output<typeof PublicKeys>;

/** @throws Error without a word of what the file holds */
export function parsePublicKeys(text: string): PublicKeys {
  const parsed = PublicKeys.safeParse(jsonIn(text));
  if (!parsed.success) throw new Error('The file of answer keys is not a set of Ed25519 public keys.');
  const { keys } = parsed.data;
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) throw new Error('Two answer keys have one key id.');
  return parsed.data;
}

/** @throws Error without a word of what the file holds */
export function parseSigningKey(text: string): SigningKey {
  const parsed = SigningKey.safeParse(jsonIn(text));
  if (!parsed.success) throw new Error('The file of the answer signing key is not an Ed25519 private key.');
  return parsed.data;
}

export const forSigning = ({ kty, crv, x, d }: SigningKey): KeyObject =>
  createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' });

export const forChecking = ({ kty, crv, x }: PublicKey): KeyObject =>
  createPublicKey({ key: { kty, crv, x }, format: 'jwk' });

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
