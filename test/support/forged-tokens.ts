import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

type Part = Record<string, unknown>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): Part => JSON.parse(Buffer.from(part, 'base64url').toString());

/** What can be made of a token that is good by somebody without its key. */
export function forgeriesOf(good: string, publicFile: string): Record<string, string> {
  const [head = '', body = '', signature = ''] = good.split('.');
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const publicText = readFileSync(publicFile, 'utf8');
  const [jwk] = JSON.parse(publicText).keys;
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const header = (change: Part = {}): Part => ({ ...decode(head), ...change });
  const claims = (change: Part = {}): Part => ({ ...decode(body), ...change });
  const signedWith = (key: KeyObject, change: Part = {}): string => {
    const input = `${encode(header(change))}.${body}`;
    return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
  };
  const hmac = (alg: string, hash: string, secret: string | Buffer): string => {
    const input = `${encode(header({ alg }))}.${body}`;
    return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
  };
  const own = { ...createPublicKey(stranger).export({ format: 'jwk' }), kid: 'stranger-1' };
  const altered = (change: Part): string => `${head}.${encode(claims(change))}.${signature}`;
  const flipped = (part: string, at: number): string =>
    `${part.slice(0, at)}${part[at] === 'A' ? 'B' : 'A'}${part.slice(at + 1)}`;
  const other = 'f'.repeat(64);
  return {
    'a word': 'yes',
    'two dots': '..',
    'a header alone': `${head}..`,
    'no algorithm and no signature': `${encode(header({ alg: 'none' }))}.${body}.`,
    'no algorithm and the old signature': `${encode(header({ alg: 'none' }))}.${body}.${signature}`,
    'no algorithm in capitals': `${encode(header({ alg: 'NONE' }))}.${body}.`,
    'HS256 with the public key': hmac('HS256', 'sha256', Buffer.from(jwk.x, 'base64url')),
    'HS256 with the file of public keys': hmac('HS256', 'sha256', publicText),
    'HS512 with the public key as PEM': hmac('HS512', 'sha512', pem),
    'a key of their own under our name': signedWith(stranger),
    'a key of their own under its own name': signedWith(stranger, { kid: 'stranger-1' }),
    'a key of their own that the token brings along': signedWith(stranger, { jwk: own }),
    'a key of their own at an address': signedWith(stranger, {
      jku: 'https://keys.example/jwks.json',
      kid: 'stranger-1',
    }),
    'no key’s name': signedWith(stranger, { kid: undefined }),
    'an unknown extension': signedWith(stranger, { crit: ['b64'], b64: false }),
    'half a signature': `${head}.${body}.${signature.slice(0, 43)}`,
    'no signature': `${head}.${body}.`,
    'half the claims': `${head}.${body.slice(0, 80)}.${signature}`,
    'another signature': `${head}.${body}.${flipped(signature, 20)}`,
    'another type': `${encode(header({ typ: 'JWT' }))}.${body}.${signature}`,
    'five parts': `${head}.${body}.${signature}.${body}.${signature}`,
    'more than a token has': `${good}${'A'.repeat(3900 - good.length)}`,
    'another person': altered({ sub: 'cleo' }),
    'another role': altered({ role: 'director' }),
    'another case': altered({ case: 'other' }),
    'another step': altered({ step: 'sendWelcomeEmail' }),
    'another request': altered({ approval: 'createAccount-2' }),
    'another digest': altered({ digest: other }),
    'another verdict': altered({ verdict: 'reject' }),
    'another answer': altered({ answer: other }),
    'another grant': altered({ grant: { tool: 'orders.create', args: {} } }),
    'a later end': altered({ exp: Number(claims()['exp']) + 1 }),
    'another name of itself': altered({ jti: 'a-name-of-its-own' }),
  };
}
