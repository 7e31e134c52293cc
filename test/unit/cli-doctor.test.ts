import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { addDoctorCommand, type Finding } from '../../client/cli/doctor-command.ts';
import { makeAnswerKeys, rotateAnswerKeys } from '../../keys/answer-files.ts';
import { lookAtDisk, lookAtNode, lookAtPackages, lookAtPorts, roomIn } from '../../workers/doctor/machine.ts';
import { lookAtApi, lookAtTools } from '../../workers/doctor/neighbours.ts';
import { lookAtAnswerKeys, lookAtModes } from '../../workers/doctor/secrets.ts';
import { skewOf } from '../../workers/doctor/server.ts';
import { typing } from '../support/typing.ts';

const folder = mkdtempSync(join(tmpdir(), 'governor-doctor-'));
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

const fresh = (): string => mkdtempSync(join(folder, 'x-'));

/** A server that answers everything with one status. */
async function answering(status: number): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end('{}'));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the machine', () => {
  it('needs a Node that runs TypeScript', () => {
    expect(lookAtNode('24.0.0').state).toBe('good');
    expect(lookAtNode('22.19.0')).toMatchObject({ state: 'wrong', mend: expect.stringContaining('Node 24') });
  });

  it('has its packages in the versions that were tried', () => {
    expect(lookAtPackages()).toMatchObject({ state: 'good' });
    const root = fresh();
    writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies: { a: '1.0.0', b: '2.0.0', c: '3.0.0' } }));
    for (const [name, version] of [
      ['a', '1.0.0'],
      ['b', '2.0.1'],
    ] as const) {
      mkdirSync(join(root, 'node_modules', name), { recursive: true });
      writeFileSync(join(root, 'node_modules', name, 'package.json'), JSON.stringify({ version }));
    }
    expect(lookAtPackages(root)).toEqual({
      subject: 'packages',
      state: 'wrong',
      says: 'b is 2.0.1, not 2.0.0; c is missing.',
      mend: 'npm ci',
    });
  });

  it('has room, in a folder that can be written', async () => {
    expect(await lookAtDisk(join(fresh(), 'not', 'yet'))).toMatchObject({ subject: 'state folder' });
    const file = join(fresh(), 'file');
    writeFileSync(file, '');
    expect(await lookAtDisk(file)).toMatchObject({
      state: 'wrong',
      mend: expect.stringContaining('GOVERNOR_STATE_DIR'),
    });
    expect(roomIn('x', 100).state).toBe('wrong');
    expect(roomIn('x', 500).state).toBe('note');
    expect(roomIn('x', 50_000)).toEqual({ subject: 'state folder', state: 'good', says: 'x, 50000 MiB free' });
  });

  it('tells which ports something else has', async () => {
    const port = Number(new URL(await answering(200)).port);
    const ports = { temporal: port, tools: 0 } as Parameters<typeof lookAtPorts>[0];
    expect(await lookAtPorts(ports, undefined)).toMatchObject({
      state: 'note',
      says: `${port} (temporal) is taken by something else.`,
    });
    expect((await lookAtPorts(ports, { stateDir: '/s', address: 'x' })).state).toBe('good');
  });
});

describe('keys', () => {
  const pair = () => {
    const dir = fresh();
    const files = { signing: join(dir, 'signing.json'), public: join(dir, 'keys.json') };
    makeAnswerKeys(files);
    return files;
  };

  it('fit each other, also after a rotation', () => {
    const files = pair();
    expect(lookAtAnswerKeys(files)).toMatchObject({ state: 'good', says: expect.stringMatching(/ signs, 1 count$/) });
    rotateAnswerKeys(files);
    expect(lookAtAnswerKeys(files).says).toMatch(/ signs, 2 count$/);
  });

  it('are wrong where they are missing, broken, or strangers to each other; and nothing of them is told', () => {
    const [one, two] = [pair(), pair()];
    const strangers = lookAtAnswerKeys({ signing: one.signing, public: two.public });
    expect(strangers).toMatchObject({ state: 'wrong', says: expect.stringContaining('not among those that count') });
    expect(lookAtAnswerKeys({ public: join(folder, 'none.json') })).toMatchObject({ state: 'wrong' });
    writeFileSync(one.public, '{"keys": "secret-looking-text"}');
    const broken = lookAtAnswerKeys(one);
    expect(broken.state).toBe('wrong');
    expect(JSON.stringify(broken)).not.toContain('secret-looking-text');
    expect(lookAtAnswerKeys({})).toMatchObject({ state: 'note' });
  });

  it('are for their owner', () => {
    const file = join(fresh(), 'key');
    writeFileSync(file, 'x', { mode: 0o600 });
    expect(lookAtModes([file, join(folder, 'absent')])).toMatchObject({ state: 'good' });
    chmodSync(file, 0o644);
    expect(lookAtModes([file])).toEqual({
      subject: 'secrets',
      state: 'wrong',
      says: `Others may read ${file}.`,
      mend: `chmod 600 ${file}`,
    });
  });
});

describe('neighbours', () => {
  it('answer, and take our token', async () => {
    expect(await lookAtTools(await answering(400), 'token')).toMatchObject({ state: 'good' });
    expect(await lookAtTools(await answering(401), undefined)).toMatchObject({ state: 'good' });
    const refused = await lookAtTools(await answering(401), 'a-token-of-ours');
    expect(refused).toMatchObject({ state: 'wrong', mend: expect.stringContaining('TOOLS_TOKEN') });
    expect(JSON.stringify(refused)).not.toContain('a-token-of-ours');
    expect(await lookAtTools(await answering(500), 'token')).toMatchObject({ state: 'wrong' });
    expect(await lookAtTools('http://127.0.0.1:1/mcp', 'token')).toMatchObject({ state: 'wrong' });
    expect(await lookAtApi(await answering(200))).toMatchObject({ state: 'good' });
    expect(await lookAtApi(await answering(503))).toMatchObject({ state: 'wrong' });
  });
});

describe('the clock', () => {
  it('may differ by a little, in either direction', () => {
    expect(skewOf(1500, 1000, 2000)).toMatchObject({ state: 'good', says: "within 0.0 s of the server's" });
    expect(skewOf(9000, 1000, 2000).state).toBe('good');
    expect(skewOf(62_000, 1000, 2000)).toMatchObject({
      state: 'wrong',
      says: expect.stringContaining('60.0 s behind'),
    });
    expect(skewOf(1000, 61_000, 62_000)).toMatchObject({
      state: 'wrong',
      says: expect.stringContaining('60.0 s ahead of'),
    });
  });
});

describe('governor doctor', () => {
  const say = (findings: readonly Finding[], ...words: string[]) =>
    typing([(program, terminal) => addDoctorCommand(program, async () => findings, terminal)], ['doctor', ...words]);
  const good: Finding = { subject: 'Node', state: 'good', says: '24.21.0' };
  const wrong: Finding = { subject: 'packages', state: 'wrong', says: 'zod is missing.', mend: 'npm ci' };

  it('ends with 0 where nothing is wrong, and with 1 and the mend where something is', async () => {
    expect(await say([good, { ...good, state: 'note' }, { ...good, state: 'skipped' }])).toMatchObject({
      exit: 0,
      err: '',
    });
    expect(await say([good, wrong])).toMatchObject({
      exit: 1,
      out: 'ok      Node      24.21.0\nWRONG   packages  zod is missing.\n      →  npm ci\n',
      err: 'One thing is wrong.\n',
    });
    const json = await say([good, wrong], '--json');
    expect(json.exit).toBe(1);
    expect(JSON.parse(json.out)).toEqual([good, wrong]);
  });

  it('works where the settings are broken and nothing runs, and prints no secret', () => {
    const script = fileURLToPath(new URL('../../workers/cli.ts', import.meta.url));
    const run = (more: Record<string, string>) =>
      spawnSync(process.execPath, [script, 'doctor', '--json'], {
        env: { PATH: process.env['PATH'], GOVERNOR_STATE_DIR: fresh(), ...more },
        encoding: 'utf8',
      });
    const broken = run({ TOOLS_PORT: 'x', TOOLS_TOKEN: 'hunter2' });
    expect(broken.status).toBe(1);
    expect(broken.stdout + broken.stderr).not.toContain('hunter2');
    expect(JSON.parse(broken.stdout)).toContainEqual(
      expect.objectContaining({ subject: 'settings', state: 'wrong', says: expect.stringMatching(/^TOOLS_PORT: /) }),
    );
    const idle = run({ ANTHROPIC_API_KEY: 'sk-not-to-be-seen' });
    expect(idle.status).toBe(1);
    expect(idle.stdout + idle.stderr).not.toContain('sk-not-to-be-seen');
    expect(JSON.parse(idle.stdout)).toContainEqual(expect.objectContaining({ subject: 'Temporal', state: 'wrong' }));
  });
});
