import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { isListening } from '../../workers/ports.ts';
import { emptyState } from '../../workers/reset.ts';
import { findServer, runningServer, type StartedServer, startServer } from '../../workers/server.ts';

const program = inject('temporalProgram');
const portOf = ({ address }: StartedServer): number => Number(address.split(':')[1]);

describe.skipIf(program === '')('the server', () => {
  let stateDir: string;
  let said: string[];
  let server: StartedServer | undefined;
  const log = (words: string): void => {
    said.push(words);
  };
  const start = (more: { port?: number; uiPort?: number; inMemory?: boolean } = {}) =>
    startServer({ kind: 'program', path: program }, { stateDir, port: 0, log, ...more });

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'governor-server-'));
    said = [];
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await rm(stateDir, { recursive: true, force: true });
  });

  it('starts with our search attributes, and is gone after stop', async () => {
    server = await start();
    const connection = await Connection.connect({ address: server.address });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    await connection.close();
    const names = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);
    expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining(names));
    await server.stop();
    expect(await isListening(portOf(server), '127.0.0.1')).toBe(false);
  });

  it('picks another port when one is taken, and says so', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const address = squatter.address();
    const taken = typeof address === 'object' && address ? address.port : 0;
    server = await start({ port: taken, inMemory: true });
    squatter.close();
    expect(portOf(server)).not.toBe(taken);
    expect(said).toEqual([`Port ${taken} is taken, so Temporal listens on ${portOf(server)}.`]);
  });

  it('dies with the process that started it, even at kill -9', async () => {
    const url = new URL('../../workers/server.ts', import.meta.url).href;
    const code = `import { startServer } from '${url}';
      const server = await startServer({ kind: 'program', path: '${program}' }, { stateDir: '${stateDir}', port: 0, inMemory: true, log: () => {} });
      console.log(server.address);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const address = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (line) => resolve(`${line}`.trim())),
    );
    const port = Number(address.split(':')[1]);
    expect(await isListening(port, '127.0.0.1')).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isListening(port, '127.0.0.1'), { timeout: 10_000 }).toBe(false);
  });

  it('that a folder has running is found by others, and its data is not emptied under it', async () => {
    server = await start();
    expect(await findServer({ stateDir, log })).toMatchObject({ kind: 'running', address: server.address });
    await expect(emptyState(stateDir, false)).rejects.toThrow('A server runs on this data');
    await server.stop();
    expect(await runningServer(stateDir)).toBeUndefined();
    await emptyState(stateDir, false);
    expect(await readdir(stateDir)).toEqual([]);
  });

  it('that does not come up is told with its last words', async () => {
    const broken = startServer({ kind: 'program', path: '/bin/false' }, { stateDir, port: 0, inMemory: true, log });
    await expect(broken).rejects.toThrow('The Temporal server ended while it was starting');
  });

  it('is the one at TEMPORAL_ADDRESS before any other, else the one on the PATH', async () => {
    expect(await findServer({ stateDir, address: 'far:7233', path: dirname(program), log })).toEqual({
      kind: 'running',
      address: 'far:7233',
    });
    expect(await findServer({ stateDir, path: dirname(program), log })).toEqual({ kind: 'program', path: program });
    expect(said[1]).toContain('from the PATH');
  });
});

describe('reset', () => {
  it('keeps fetched programs unless told otherwise, and leaves folders alone that are not ours', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'governor-reset-'));
    for (const name of ['ledger.db', 'decisions.jsonl', 'server']) await writeFile(join(folder, name), '');
    expect(await emptyState(folder, false)).toBe(2);
    expect(await readdir(folder)).toEqual(['server']);
    expect(await emptyState(folder, true)).toBe(1);
    await writeFile(join(folder, 'package.json'), '{}');
    await expect(emptyState(folder, true)).rejects.toThrow('not a state folder');
    await expect(emptyState(join(import.meta.dirname, '..', '..'), true)).rejects.toThrow('not a state folder');
    await rm(folder, { recursive: true });
  });
});
