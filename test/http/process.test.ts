import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { addKey } from '../../client/http/access/keys.ts';
import { freePort } from '../../workers/ports.ts';

let folder: string;
let url: string;
let key: string;
let api: ChildProcess;
let words = '';
let ended: Promise<number | null>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'api-process-'));
  const port = await freePort('the API', 0, () => undefined);
  const keysFile = join(folder, 'api-keys.json');
  const wanted = { name: 'watcher', tenant: 'default', roles: ['viewer' as const], days: 1 };
  key = (await addKey(keysFile, wanted, Date.now())).key;
  url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    API_PORT: String(port),
    API_KEYS_FILE: keysFile,
    GOVERNOR_STATE_DIR: folder,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TOOLS_URL: 'http://127.0.0.1:9/mcp',
  };
  api = spawn(process.execPath, ['workers/api.ts'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  api.stderr?.on('data', (chunk: Buffer) => {
    words += chunk.toString();
  });
  ended = new Promise((resolve) => api.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    api.stderr?.on('data', () => words.includes('The API listens on') && resolve());
    api.once('exit', () => reject(new Error(words)));
  });
});
afterAll(async () => {
  api.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, credential = key) =>
  fetch(`${url}${path}`, { headers: { authorization: `Bearer ${credential}` } });

it('the process serves the API and the page, and lets in whom it knows', async () => {
  expect(await (await get('/health')).json()).toEqual({ status: 'ok', temporal: 'reachable' });
  expect((await get('/v1/approvals')).status).toBe(200);
  expect((await get('/v1/approvals', 'gov_nobody_x')).status).toBe(401);
  const page = await fetch(`${url}/desk/`);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self'/);
  expect((await fetch(`${url}/desk/../../package.json`)).status).toBe(404);
  expect((await fetch(`${url}/desk/%2e%2e/index.html`)).status).toBe(404);
  expect((await fetch(`${url}/desk/tsconfig.json`)).status).toBe(404);
});

it('the audit that is away is told as such, and nothing else suffers', async () => {
  expect((await get('/v1/cases')).status).toBe(200);
  const auditor = await addKey(
    join(folder, 'api-keys.json'),
    { name: 'auditor', tenant: 'default', roles: ['auditor'], days: 1 },
    Date.now(),
  );
  const away = await get('/v1/decisions', auditor.key);
  expect(away.status).toBe(503);
  expect(await away.json()).toMatchObject({ detail: expect.stringMatching(/audit does not answer/) });
});

it('a signal to stop ends streams and lets calls finish, within seconds', async () => {
  const stream = await get('/v1/approvals/events');
  const reading = stream.text();
  const began = Date.now();
  api.kill('SIGTERM');
  expect(await reading).toContain('retry: 1000');
  expect(await ended).toBe(0);
  expect(Date.now() - began).toBeLessThan(8000);
  await expect(get('/health')).rejects.toThrow();
});
