import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CompactSign } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANSWER_TYPE } from '../../contracts/answer-token.ts';
import type { Grant } from '../../contracts/grants.ts';
import { answerKeys, type Signed, yes } from '../support/answer-keys.ts';
import { STORES } from '../support/databases.ts';
import { type GatedTools, gatedTools, lineGrant, lineYes, reimbursement } from '../support/gated-tools.ts';

type Claims = Record<string, unknown>;

const LINE = { lineId: 'a', homeMinor: 60_000 };
const CALL = reimbursement('exp-1', [LINE]);
let gated: GatedTools;
let good: string;

beforeAll(async () => {
  const [[, openStore] = []] = STORES;
  if (!openStore) throw new Error('There is no store.');
  gated = await gatedTools(await openStore());
  good = await gated.sign(lineYes('exp-1', LINE));
});
afterAll(() => gated.stop());

/** Whether the gate lets it through; what comes behind it finds no such report. */
async function passes(approvals: readonly string[], call = CALL): Promise<boolean> {
  const outcome = await gated.call('expenses.reimburse', call, approvals);
  if (outcome.did) throw new Error('Something was paid that is not on file.');
  expect(['ApprovalMissing', 'ToolRejected']).toContain(outcome.failure.type);
  return outcome.failure.type !== 'ApprovalMissing';
}

const partsOf = (token: string) => token.split('.') as [string, string, string];
const read = (part: string): Claims => JSON.parse(Buffer.from(part, 'base64url').toString());
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const replaced = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

test('the yes that all of these start from is good', async () => {
  expect(await passes([good])).toBe(true);
});

describe('a forged token is refused in each of 20 ways (BA-87)', () => {
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const header = (change: Claims = {}): Claims => ({ ...read(partsOf(good)[0]), ...change });
  const claims = (change: Claims = {}): Claims => ({ ...read(partsOf(good)[1]), ...change });
  const withKey = (key: KeyObject, head = header(), body = claims()) =>
    new CompactSign(Buffer.from(JSON.stringify(body))).setProtectedHeader({ alg: 'EdDSA', ...head }).sign(key);
  const publicText = () => readFileSync(gated.keys.public, 'utf8');
  const hmac = (secret: string | Buffer, alg = 'HS256', hash = 'sha256') => {
    const head = `${encode(header({ alg }))}.${encode(claims())}`;
    return `${head}.${createHmac(hash, secret).update(head).digest('base64url')}`;
  };
  const pem = () => {
    const [{ kty, crv, x }] = JSON.parse(publicText()).keys;
    return createPublicKey({ key: { kty, crv, x }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  };
  const otherHouse = () => {
    const { kty, crv, x, d } = JSON.parse(readFileSync(answerKeys().signing, 'utf8'));
    return createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' });
  };
  const FORGED: Record<string, () => Promise<string> | string> = {
    'signed by a key of the forger under our key id': () => withKey(stranger),
    'signed by a key of the forger under an id of its own': () => withKey(stranger, header({ kid: 'forger-1' })),
    'signed by the key of another house': () => withKey(otherHouse()),
    'without a key id': () => withKey(stranger, header({ kid: undefined })),
    'with the forger’s key in its header': () =>
      withKey(stranger, header({ jwk: createPublicKey(stranger).export({ format: 'jwk' }) })),
    'with a place to fetch the key from': () => withKey(stranger, header({ jku: 'https://forger.example/keys' })),
    'with a key id that is a path': () => withKey(stranger, header({ kid: '../../dev/null' })),
    'with a key id that every object has': () => withKey(stranger, header({ kid: 'constructor' })),
    'alg none, unsigned': () => `${encode(header({ alg: 'none' }))}.${encode(claims())}.`,
    'alg None, unsigned': () => `${encode(header({ alg: 'None' }))}.${encode(claims())}.`,
    'alg none, with a good signature': () => [encode(header({ alg: 'none' })), ...partsOf(good).slice(1)].join('.'),
    'HS256 over the file of public keys': () => hmac(publicText()),
    'HS256 over the public key': () => hmac(Buffer.from(JSON.parse(publicText()).keys[0].x, 'base64url')),
    'HS256 over the public key as PEM': () => hmac(String(pem())),
    'HS512 over the public key': () => hmac(JSON.parse(publicText()).keys[0].x, 'HS512', 'sha512'),
    'HS256 over nothing': () => hmac(''),
    'with one sign of the signature changed': () => {
      const [head, body, signature] = partsOf(good);
      return [head, body, replaced(signature, 10)].join('.');
    },
    'with one sign of the claims changed': () => {
      const [head, body, signature] = partsOf(good);
      return [head, replaced(body, 40), signature].join('.');
    },
    'without its signature': () => `${partsOf(good).slice(0, 2).join('.')}.`,
    'with the signature of another token': async () => {
      const other = await gated.sign(lineYes('exp-2', LINE));
      return [...partsOf(good).slice(0, 2), partsOf(other)[2]].join('.');
    },
  };

  test('there are 20', () => expect(Object.keys(FORGED)).toHaveLength(20));

  test.each(Object.entries(FORGED))('%s', async (_, forge) => {
    expect(await passes([await forge()])).toBe(false);
  });
});

describe('a good yes to something else is refused, in each of 20 cases (BA-87)', () => {
  const over = (change: Claims): Partial<Signed> => ({ grant: lineGrant('exp-1', LINE, change) });
  const args = lineGrant('exp-1', LINE).args;
  const { lineId: _, ...withoutLine } = args;
  const to = (grant: Grant): Partial<Signed> => ({ grant });
  const OTHER: Record<string, Partial<Signed>> = {
    'an equal line of another report': { ...over({ requestId: 'exp-2' }) },
    'a report whose name differs in a capital': over({ requestId: 'EXP-1' }),
    'a report whose name ends in a space': over({ requestId: 'exp-1 ' }),
    'another line of the report': over({ lineId: 'b' }),
    'another employee': over({ employee: 'tom.frost' }),
    'the employee under another name': over({ employee: 'lena' }),
    'a smaller sum': over({ homeMinor: 59_999 }),
    'a larger sum': over({ homeMinor: 60_001 }),
    'the sum as text': over({ homeMinor: '60000' }),
    'the sum below zero': over({ homeMinor: -60_000 }),
    'another currency': over({ currency: 'EUR' }),
    'the currency in small letters': over({ currency: 'usd' }),
    'no line in particular': to({ tool: 'expenses.reimburse', args: withoutLine }),
    'everything at once': to({ tool: 'expenses.reimburse', args: {} }),
    'a wildcard': over({ lineId: '*' }),
    'the same and more': over({ also: 'anything' }),
    'another tool with these arguments': to({ tool: 'orders.create', args }),
    'any tool': to({ tool: '*', args }),
    'a certificate': to({ tool: 'certificates.issue', args: { doc_id: 'PAPER-1@1', hash: 'x' } }),
    'another request about the same line': { digest: 'f'.repeat(64) },
  };

  test('there are 20', () => expect(Object.keys(OTHER)).toHaveLength(20));

  test.each(Object.entries(OTHER))('a yes to %s', async (__, change) => {
    expect(await passes([await gated.sign({ ...lineYes('exp-1', LINE), ...change })])).toBe(false);
  });
});

describe('a yes does not hold for changed arguments, in each of 20 ways (BA-87)', () => {
  const [line] = CALL['lines'] as Claims[];
  const lines = (...changes: Claims[]): Claims => ({ lines: changes.map((change) => ({ ...line, ...change })) });
  const postings = (...ids: string[]): Claims => ({
    postings: ids.map((lineId) => ({ lineId, ledgerCode: '6640', text: 'dinner' })),
  });
  const CHANGED: Record<string, Claims> = {
    'another report': { requestId: 'exp-2' },
    'another report, by a space': { requestId: 'exp-1 ' },
    'another employee': { employee: 'eve' },
    'the employee in capitals': { employee: 'LENA.BRANDT' },
    'the employee with a space': { employee: 'lena.brandt ' },
    'the employee in letters that look alike': { employee: 'lеna.brandt' },
    'euros for dollars': { currency: 'EUR' },
    'pounds for dollars': { currency: 'GBP' },
    'a cent more': { ...lines({ homeMinor: 60_001 }), totalMinor: 60_001 },
    'a cent less': { ...lines({ homeMinor: 59_999 }), totalMinor: 59_999 },
    'ten times as much': { ...lines({ homeMinor: 600_000 }), totalMinor: 600_000 },
    'more, behind the old total': lines({ homeMinor: 600_000 }),
    'more, behind a small total': { ...lines({ homeMinor: 600_000 }), totalMinor: 1 },
    'another line': { ...lines({ lineId: 'b' }), ...postings('b') },
    'a second line': { ...lines({}, { lineId: 'b', homeMinor: 1 }), totalMinor: 60_001, ...postings('a', 'b') },
    'a second line, behind the old total': { ...lines({}, { lineId: 'b', homeMinor: 1 }), ...postings('a', 'b') },
    'the line twice': { ...lines({}, {}), totalMinor: 120_000 },
    'the line in two halves': {
      ...lines({ homeMinor: 30_000 }, { lineId: 'b', homeMinor: 30_000 }),
      ...postings('a', 'b'),
    },
    'another agreement': lines({ agreement: '9'.repeat(64) }),
    'the agreement of another report': lines({ agreement: yes().digest }),
  };

  test('there are 20', () => expect(Object.keys(CHANGED)).toHaveLength(20));

  test.each(Object.entries(CHANGED))('%s', async (_, change) => {
    expect(await passes([good], { ...CALL, ...change })).toBe(false);
  });
});

test('no number of bad tokens makes a good one, and a good one is found among some (BA-87)', async () => {
  const other = await gated.sign(lineYes('exp-2', LINE));
  expect(await passes(Array.from({ length: 60 }, () => other))).toBe(false);
  expect(await passes([other, 'nonsense', good])).toBe(true);
  expect(ANSWER_TYPE).toBe(read(partsOf(good)[0])['typ']);
});
