import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createCodec } from '../../workers/payloads/codec.ts';
import { createCodecHandler } from '../../workers/payloads/codec-handler.ts';
import { dataConverterOf } from '../../workers/payloads/converter.ts';
import { openKeyring } from '../../workers/payloads/keyring.ts';
import { failureConverter } from '../../workflows/locked-failures.ts';

const folder = mkdtempSync(join(tmpdir(), 'governor-payload-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = () => randomBytes(32).toString('base64');
let files = 0;
function keyFile(content: unknown): string {
  files += 1;
  const path = join(folder, `keys-${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const codecOf = (file: string) => createCodec(openKeyring(file));
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const readBack = (payload: Payload | undefined): unknown => payload && defaultPayloadConverter.fromPayload(payload);

describe('a payload codec', () => {
  const codec = codecOf(keyFile({ encode: 'a', keys: { a: secret() } }));

  it('gives back whatever it was given, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 4 }), async (values) => {
        const locked = await codec.encode(values.map(payloadOf));
        const opened = await codec.decode(locked);
        expect(opened.map(readBack)).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))));
      }),
      { numRuns: 50 },
    );
  });

  it('writes the same value in other bytes each time, and what is locked already not again', async () => {
    const [one, two] = await codec.encode([payloadOf('the same'), payloadOf('the same')]);
    expect(Buffer.from(one?.data ?? []).equals(Buffer.from(two?.data ?? []))).toBe(false);
    expect(await codec.encode([one as Payload])).toEqual([one]);
  });

  it('lets pass what is in clear, as a signal of a command line without keys is', async () => {
    const plain = payloadOf({ verdict: 'approve' });
    expect(await codec.decode([plain])).toEqual([plain]);
  });

  it('takes no bit that was changed for its own: the payload stays shut', async () => {
    const [locked] = await codec.encode([payloadOf('do not change me')]);
    for (let at = 0; at < (locked?.data?.length ?? 0); at++) {
      const data = new Uint8Array(locked?.data ?? []);
      data[at] = (data[at] ?? 0) ^ 1;
      const changed = { metadata: locked?.metadata ?? {}, data };
      expect(await codec.decode([changed])).toEqual([changed]);
    }
  });

  it('cuts no tag short: a few right bytes of one open nothing', async () => {
    const [locked] = await codec.encode([payloadOf('x')]);
    const data = new Uint8Array(locked?.data?.subarray(0, 16) ?? []);
    expect(await codec.decode([{ metadata: locked?.metadata ?? {}, data }])).toEqual([
      { metadata: locked?.metadata, data },
    ]);
  });
});

describe('keys that rotate', () => {
  it('open what any of them has locked, and none that is only named like one of them', async () => {
    const [a, b] = [secret(), secret()];
    const [old] = await codecOf(keyFile({ encode: 'a', keys: { a } })).encode([payloadOf('old')]);
    const both = codecOf(keyFile({ encode: 'b', keys: { a, b } }));
    expect(readBack((await both.decode([old as Payload]))[0])).toBe('old');
    const [fresh] = await both.encode([payloadOf('new')]);
    expect(Buffer.from(fresh?.metadata?.['encryption-key-id'] ?? []).toString()).toMatch(/^b\./);
    const other = codecOf(keyFile({ encode: 'a', keys: { a: secret() } }));
    await expect(other.decode([old as Payload])).rejects.toThrow(
      /was written with the key a\.[0-9a-f]{8}, and .* holds a\./,
    );
  });

  it('are read again when one is missing, without a restart; a half-written file changes nothing', async () => {
    const [a, b] = [secret(), secret()];
    const file = keyFile({ encode: 'a', keys: { a } });
    const codec = codecOf(file);
    const [fresh] = await codecOf(keyFile({ encode: 'b', keys: { a, b } })).encode([payloadOf('new')]);
    writeFileSync(file, '{"encode": "b", "ke');
    utimesSync(file, new Date(), new Date(Date.now() + 1000));
    await expect(codec.decode([fresh as Payload])).rejects.toThrow('until then the case waits');
    writeFileSync(file, JSON.stringify({ encode: 'b', keys: { a, b } }));
    utimesSync(file, new Date(), new Date(Date.now() + 2000));
    expect(readBack((await codec.decode([fresh as Payload]))[0])).toBe('new');
  });

  it('may be called lost: what they locked stays shut, and stops nobody', async () => {
    const [forged] = await codecOf(keyFile({ encode: 'x', keys: { x: secret() } })).encode([payloadOf(1)]);
    const id = Buffer.from(forged?.metadata?.['encryption-key-id'] ?? []).toString();
    const codec = codecOf(keyFile({ encode: 'a', keys: { a: secret() }, lost: [id] }));
    expect(await codec.decode([forged as Payload])).toEqual([forged]);
  });
});

describe('a key file', () => {
  it.each([
    ['no JSON', 'top secret', 'it is not JSON'],
    ['a short key', { encode: 'a', keys: { a: Buffer.from('top secret').toString('base64') } }, '32 bytes'],
    ['a name of no key', { encode: 'b', keys: { a: secret() } }, 'encode: names no key of this file'],
    ['no keys', { encode: 'a' }, 'keys: '],
  ])('with %s is refused in words that hold none of it', (_, content, said) => {
    const file = keyFile(content);
    const refuse = () => dataConverterOf({ payloads: { keysFile: file } });
    expect(refuse).toThrow(said);
    expect(refuse).not.toThrow(/top secret|dG9wIHNlY3JldA/);
  });

  it('that is not set leaves all as it was', () => {
    expect(dataConverterOf({ payloads: {} })).toBeUndefined();
  });
});

describe('the words of a failure', () => {
  it('go into its payload, with its stack and those of its cause, as often as it is told', () => {
    const error = new Error('about Maren', { cause: new Error('because of 553901276') });
    const [once, again] = [0, 1].map(() => failureConverter.errorToFailure(error, defaultPayloadConverter));
    for (const failure of [once, again]) {
      expect(JSON.stringify([failure?.message, failure?.stackTrace, failure?.cause?.message])).not.toMatch(
        /Maren|5539/,
      );
      expect(readBack(failure?.encodedAttributes ?? undefined)).toMatchObject({ message: 'about Maren' });
    }
    const told = failureConverter.failureToError(again ?? {}, defaultPayloadConverter);
    const later = failureConverter.errorToFailure(told, defaultPayloadConverter);
    expect(readBack(later.encodedAttributes ?? undefined)).toMatchObject({ message: 'about Maren' });
    expect(failureConverter.failureToError(later, defaultPayloadConverter).message).toBe('about Maren');
    expect(failureConverter.failureToError(later, defaultPayloadConverter).cause).toMatchObject({
      message: 'because of 553901276',
    });
  });
});

describe('the codec server', () => {
  const codec = codecOf(keyFile({ encode: 'a', keys: { a: secret() } }));
  const handle = createCodecHandler({ codec, origins: ['http://localhost:8233'] });
  const ask = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    handle(new Request(`http://127.0.0.1:7340${path}`, init));
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const PLAIN = { metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'eyJhIjoxfQ==' };

  it('locks and opens what the Web UI and the command line send it', async () => {
    const locked: unknown = await (await post('/encode', { payloads: [PLAIN] })).json();
    expect(JSON.stringify(locked)).not.toContain(PLAIN.data);
    expect(await (await post('/decode', locked)).json()).toEqual({ payloads: [PLAIN] });
  });

  it('answers one page, by its whole name, and no other', async () => {
    const ours = await post('/decode', { payloads: [PLAIN] }, { origin: 'http://localhost:8233' });
    expect(ours.headers.get('access-control-allow-origin')).toBe('http://localhost:8233');
    const origins = [
      'http://localhost:8234',
      'https://localhost:8233',
      'http://localhost:8233.evil.example',
      'null',
      '*',
    ];
    for (const origin of origins) {
      const theirs = await post('/decode', { payloads: [PLAIN] }, { origin });
      expect([origin, theirs.status, theirs.headers.get('access-control-allow-origin')]).toEqual([origin, 403, null]);
    }
    const before = await ask('/decode', { method: 'OPTIONS', headers: { origin: 'http://localhost:8233' } });
    expect([before.status, before.headers.get('access-control-allow-headers')]).toEqual([
      204,
      expect.stringContaining('x-namespace'),
    ]);
  });

  it('refuses what is no question, and says which key is missing', async () => {
    expect((await post('/decode', { payloads: 'all' })).status).toBe(400);
    expect((await ask('/decode')).status).toBe(404);
    expect((await post('/keys', {})).status).toBe(404);
    const [foreign] = await codecOf(keyFile({ encode: 'z', keys: { z: secret() } })).encode([payloadOf(1)]);
    const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
    const metadata = Object.fromEntries(Object.entries(foreign?.metadata ?? {}).map(([k, v]) => [k, base64(v)]));
    const answer = await post('/decode', { payloads: [{ metadata, data: base64(foreign?.data) }] });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toMatch(/was written with the key z\./);
  });
});
