import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, startChild } from '../../workers/child.ts';
import { freePort } from '../../workers/ports.ts';

const ORIGIN = 'http://localhost:8233';
const PLAIN = { metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'eyJhIjoxfQ==' };

describe('the codec process', () => {
  let folder: string;
  let port: number;
  let child: Child;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'governor-codec-'));
    const keysFile = join(folder, 'keys.json');
    await writeFile(keysFile, JSON.stringify({ encode: 'a', keys: { a: randomBytes(32).toString('base64') } }));
    port = await freePort('the codec server', 0, () => undefined);
    const origins = `http://other.example, ${ORIGIN}`;
    child = startChild('codec', [], { PAYLOAD_KEYS_FILE: keysFile, CODEC_PORT: String(port), CODEC_ORIGINS: origins });
    await child.ready;
  });
  afterAll(async () => {
    await child?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** By hand, since a browser's client would not let us say who we are. */
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; allowed: unknown; text: string }>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        const allowed = answer.headers['access-control-allow-origin'];
        answer.on('end', () => resolve({ status: answer.statusCode, allowed, text }));
      });
      asked.on('error', reject);
      // What is too much is refused by what it says of itself, before it comes.
      if (headers['content-length']) asked.flushHeaders();
      else asked.end(body);
    });

  it('locks and opens for the pages that it is told, and for the command line', async () => {
    const locked = await post('/encode', JSON.stringify({ payloads: [PLAIN] }));
    expect([locked.status, locked.allowed]).toEqual([200, undefined]);
    expect(locked.text).not.toContain(PLAIN.data);
    const opened = await post('/decode', locked.text, { origin: ORIGIN });
    expect([opened.status, opened.allowed, JSON.parse(opened.text)]).toEqual([200, ORIGIN, { payloads: [PLAIN] }]);
  });

  it('answers no other page, none that came by another name, and nothing that is too large', async () => {
    const body = JSON.stringify({ payloads: [PLAIN] });
    expect(await post('/decode', body, { origin: 'http://evil.example' })).toMatchObject({ status: 403 });
    expect(await post('/decode', body, { host: `evil.example:${port}` })).toMatchObject({ status: 403, text: '' });
    expect(await post('/decode', body, { 'content-length': '99999999' })).toMatchObject({ status: 413 });
    expect(await post('/decode', body, { 'transfer-encoding': 'chunked' })).toMatchObject({ status: 413 });
  });

  it('does not start where there are no keys', async () => {
    const keyless = startChild('codec', [], { PAYLOAD_KEYS_FILE: '', CODEC_PORT: '0' }, join(folder, 'keyless.log'));
    await expect(keyless.ready).rejects.toThrow('The codec process ended (1) before it was ready.');
  });
});
