import { createHmac, generateKeyPairSync } from 'node:crypto';
import { readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { CompactSign, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { ANSWER_LIFETIME_S, ANSWER_TYPE } from '../../contracts/answer-token.ts';
import {
  areEmbedded,
  KeyProblem,
  listAnswerKeys,
  makeAnswerKeys,
  retireAnswerKey,
  rotateAnswerKeys,
} from '../../keys/answer-files.ts';
import { openAnswerSigner, openAnswerVerifier } from '../../keys/answers.ts';
import { forSigning, parseSigningKey } from '../../keys/key-shapes.ts';
import { answerKeys, yes } from '../support/answer-keys.ts';

const files = answerKeys();
const signer = openAnswerSigner(files.signing);
const verifier = openAnswerVerifier(files.public);
const parts = (token: string) => token.split('.') as [string, string, string];
const decode = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString());
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const key = forSigning(parseSigningKey(readFileSync(files.signing, 'utf8')));
const ourHeader = { alg: 'EdDSA', kid: signer.keyId, typ: ANSWER_TYPE };
/** With our own key: what nobody but a broken signer of ours could make. */
const signedByUs = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
  new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader({ ...ourHeader, ...header }).sign(key);
const goodClaims = async () => decode(parts(await signer.sign(yes()))[1]);

test('a signed answer is verified, with the key that signed it', async () => {
  const grant = { tool: 'expenses.reimburse', args: { requestId: 'r-1', homeMinor: 60_000 } };
  const verified = await verifier.verify(await signer.sign(yes({ grant })));
  expect(verified).toMatchObject({ ok: true, keyId: signer.keyId, claims: { ...yes(), grant, iss: 'governor' } });
});

test('two tokens over one answer are told apart', async () => {
  const [one, other] = await Promise.all([goodClaims(), goodClaims()]);
  expect(one['jti']).not.toBe(other['jti']);
});

describe('a claim that was altered on the way is refused (BA-87)', () => {
  const ALTERED: Record<string, unknown> = {
    iss: 'governor2',
    aud: 'others',
    sub: 'ruth.achterberg',
    role: 'director',
    case: 'expense-2',
    step: 'createOrder',
    approval: 'reimburseExpense-2',
    digest: 'c'.repeat(64),
    verdict: 'go-on',
    answer: 'd'.repeat(64),
    grant: { tool: 'orders.create', args: {} },
    iat: 1,
    exp: 4_000_000_000,
    jti: 'another-token',
  };

  test.each(Object.entries(ALTERED))('%s', async (claim, value) => {
    const [header, payload, signature] = parts(await signer.sign(yes()));
    const forged = [header, encode({ ...decode(payload), [claim]: value }), signature].join('.');
    expect(await verifier.verify(forged)).toEqual({ ok: false, why: 'the signature does not fit' });
  });

  test('every claim of a token is among them', async () => {
    const claims = { ...(await goodClaims()), grant: {} };
    expect(Object.keys(claims).sort()).toEqual(Object.keys(ALTERED).sort());
  });
});

describe('an envelope that is not ours is refused (BA-87)', () => {
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const publicText = readFileSync(files.public, 'utf8');
  const hmac = async (secret: string) => {
    const head = `${encode({ ...ourHeader, alg: 'HS256' })}.${encode(await goodClaims())}`;
    return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
  };
  const FORGED: Record<string, () => Promise<string>> = {
    'another key under our key id': async () =>
      new SignJWT(await goodClaims()).setProtectedHeader(ourHeader).sign(stranger),
    'another key under its own key id': async () =>
      new SignJWT(await goodClaims()).setProtectedHeader({ ...ourHeader, kid: 'theirs-123' }).sign(stranger),
    'no key id': async () => signedByUs(await goodClaims(), { kid: undefined }),
    'alg none': async () => `${encode({ ...ourHeader, alg: 'none' })}.${encode(await goodClaims())}.`,
    'alg none with our signature': async () => {
      const [, payload, signature] = parts(await signer.sign(yes()));
      return [encode({ ...ourHeader, alg: 'none' }), payload, signature].join('.');
    },
    'HS256 over the file of public keys': () => hmac(publicText),
    'HS256 over the public key': () => hmac(JSON.parse(publicText).keys[0].x),
    'a key that the token brings along': async () => {
      const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
      return new SignJWT(await goodClaims()).setProtectedHeader({ ...ourHeader, jwk }).sign(stranger);
    },
    'another type': async () => signedByUs(await goodClaims(), { typ: 'JWT' }),
    'no type': async () => signedByUs(await goodClaims(), { typ: undefined }),
    'another audience': async () => signedByUs({ ...(await goodClaims()), aud: 'governor-webhooks' }),
    'another issuer': async () => signedByUs({ ...(await goodClaims()), iss: 'https://issuer.example' }),
    'claims of another shape': async () => signedByUs({ ...(await goodClaims()), verdict: 'pay-anyway' }),
    'no person': async () => signedByUs({ ...(await goodClaims()), sub: undefined }),
    'no expiry': async () => signedByUs({ ...(await goodClaims()), exp: undefined }),
    'a payload that is no JSON': () => new CompactSign(Buffer.from('yes')).setProtectedHeader(ourHeader).sign(key),
    'no signature': async () =>
      `${parts(await signer.sign(yes()))
        .slice(0, 2)
        .join('.')}.`,
    'a signature cut short': async () => (await signer.sign(yes())).slice(0, -4),
    nothing: async () => '',
    'words that are no token': async () => 'approve, please',
    'more bytes than any token has': async () => signedByUs({ ...(await goodClaims()), case: 'x'.repeat(4000) }),
  };

  test.each(Object.entries(FORGED))('%s', async (_, forge) => {
    expect(await verifier.verify(await forge())).toEqual({ ok: false, why: expect.any(String) });
  });
});

describe('a token has its time', () => {
  const at = Date.UTC(2026, 10, 2);
  const checking = (seconds: number) => openAnswerVerifier(files.public, { now: () => at + seconds * 1000 });

  test('it counts to its end, and half a minute longer for clocks that differ', async () => {
    const token = await signer.sign(yes(), at);
    expect((await checking(ANSWER_LIFETIME_S + 29).verify(token)).ok).toBe(true);
    const late = await checking(ANSWER_LIFETIME_S + 30).verify(token);
    expect(late).toEqual({ ok: false, why: 'the token has expired' });
  });

  test('one from the future is refused', async () => {
    const token = await signer.sign(yes(), at);
    expect((await checking(-29).verify(token)).ok).toBe(true);
    expect(await checking(-31).verify(token)).toEqual({ ok: false, why: 'the token is from the future' });
  });

  test('one that claims a longer life is refused, though we have signed it', async () => {
    const claims = await goodClaims();
    const endless = await signedByUs({ ...claims, exp: Number(claims['iat']) + ANSWER_LIFETIME_S + 1 });
    expect(await verifier.verify(endless)).toEqual({ ok: false, why: 'the token would live for too long' });
  });

  test('whoever acts on an answer that was in time counts from its signing', async () => {
    const token = await signer.sign(yes(), at);
    const tenDays = 10 * 24 * 3600;
    expect((await checking(tenDays).verify(token, tenDays)).ok).toBe(true);
    expect((await checking(tenDays + 30).verify(token, tenDays)).ok).toBe(false);
  });
});

describe('keys rotate while processes run', () => {
  test('a signer takes the new key, a verifier takes both, and a retired one counts no more (BA-87)', async () => {
    const own = answerKeys();
    const [signing, checking] = [openAnswerSigner(own.signing), openAnswerVerifier(own.public)];
    const before = await signing.sign(yes());
    const first = signing.keyId;
    const second = rotateAnswerKeys(own);
    const after = await signing.sign(yes());
    expect(signing.keyId).toBe(second);
    expect(await checking.verify(before)).toMatchObject({ ok: true, keyId: first });
    expect(await checking.verify(after)).toMatchObject({ ok: true, keyId: second });
    retireAnswerKey(own, first);
    expect(await checking.verify(before)).toEqual({
      ok: false,
      why: 'the token names a key that does not count here',
    });
    expect((await checking.verify(after)).ok).toBe(true);
  });

  test('the list tells which one signs', () => {
    const own = answerKeys();
    const second = rotateAnswerKeys(own);
    expect(listAnswerKeys(own).map(({ keyId, signs }) => [keyId, signs])).toEqual([
      [second, true],
      [expect.any(String), false],
    ]);
  });

  test('the key that signs is not retired, and an unknown one is named', () => {
    const own = answerKeys();
    const [only] = listAnswerKeys(own);
    expect(() => retireAnswerKey(own, only?.keyId ?? '')).toThrow(KeyProblem);
    expect(() => retireAnswerKey(own, 'no-such-key')).toThrow(/There is no key no-such-key/);
  });

  test('two changes at once are not made', () => {
    const own = answerKeys();
    writeFileSync(`${own.signing}.lock`, '');
    expect(() => rotateAnswerKeys(own)).toThrow(/right now/);
    unlinkSync(`${own.signing}.lock`);
    rotateAnswerKeys(own);
  });

  test('keys that cannot be read let nothing through', async () => {
    const own = answerKeys();
    const checking = openAnswerVerifier(own.public);
    const token = await openAnswerSigner(own.signing).sign(yes());
    writeFileSync(own.public, '{}');
    expect(await checking.verify(token)).toMatchObject({ ok: false, why: expect.stringContaining('cannot be read') });
    unlinkSync(own.public);
    expect((await checking.verify(token)).ok).toBe(false);
  });
});

describe('the files', () => {
  test('the private one is for its owner alone, and the public one holds nothing private', () => {
    expect(statSync(files.signing).mode & 0o777).toBe(0o600);
    const { d } = JSON.parse(readFileSync(files.signing, 'utf8'));
    expect(readFileSync(files.public, 'utf8')).not.toContain(d);
    expect(readFileSync(files.public, 'utf8')).not.toContain('"d"');
  });

  test('a private key in the place of the public ones is refused, without a word of it', () => {
    const own = answerKeys();
    const secret = readFileSync(own.signing, 'utf8');
    writeFileSync(own.public, JSON.stringify({ keys: [JSON.parse(secret)] }));
    const open = () => openAnswerVerifier(own.public);
    expect(open).toThrow('The file of answer keys is not a set of Ed25519 public keys.');
  });

  test('those of a house for trying stay marked as such when they rotate', () => {
    const own = answerKeys({ embedded: true });
    rotateAnswerKeys(own);
    expect([areEmbedded(own.public), areEmbedded(files.public)]).toEqual([true, false]);
  });

  test('making them a second time changes nothing', () => {
    const own = answerKeys();
    const before = readFileSync(own.public, 'utf8');
    makeAnswerKeys(own);
    expect(readFileSync(own.public, 'utf8')).toBe(before);
  });
});
