import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';

/** SHA-256 in hex over the value's canonical JSON (RFC 8785), so that the order of keys changes nothing. */
export function digestOf(value: unknown): string {
  return digestOfText(canonicalize(value) ?? 'null');
}

/** SHA-256 in hex over the text's UTF-8 bytes. The same code runs in the workflow sandbox and outside it. */
export function digestOfText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
