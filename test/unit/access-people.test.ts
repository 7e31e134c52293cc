import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  embeddedPeople,
  embeddedProblem,
  readEmbeddedKeys,
  takesEmbedded,
} from '../../client/http/access/embedded-people.ts';
import { readKeyFile } from '../../client/http/access/key-file.ts';
import { addKey, openKeys, revokeKey } from '../../client/http/access/keys.ts';
import { addressOf } from '../../client/http/access/origin.ts';
import { Directory } from '../../contracts/directory.ts';
import { housePeople, openDoor } from '../../workers/access.ts';
import { describeDesk } from '../../workers/house-api.ts';
import { keysFolder } from '../support/access.ts';

const DAY_MS = 24 * 3600 * 1000;
const LOCAL = '127.0.0.1';
const HERE = addressOf('http://127.0.0.1:7300', LOCAL, 7300);

async function folder() {
  const dir = join(await keysFolder(), 'keys');
  return { keysFile: join(dir, 'api-keys.json'), peopleFile: join(dir, 'people.json') };
}

describe('the people for trying (BA-87)', () => {
  it('are three of the directory and one application, with keys that are random for each folder', async () => {
    const [one, two] = [await folder(), await folder()];
    const [first, second] = [await embeddedPeople(one), await embeddedPeople(two)];
    expect(Object.keys(first)).toEqual(['marta.lindqvist', 'darius.wren', 'ruth.achterberg', 'application']);
    expect(new Set([...Object.values(first), ...Object.values(second)]).size).toBe(8);

    const keys = openKeys({ file: one.keysFile, takesEmbedded: true });
    const people = Directory.parse(JSON.parse(await readFile('prompts/directory.json', 'utf8'))).people;
    const rolesAtTheDesk = Object.fromEntries(people.map(({ person, roles }) => [person, roles]));
    expect(rolesAtTheDesk).toMatchObject({
      'marta.lindqvist': ['operations'],
      'darius.wren': ['compliance', 'manager'],
      'ruth.achterberg': expect.arrayContaining(['director']),
    });
    const principals = await Promise.all(
      Object.values(first).map(async (key) => (await keys.identify(key))?.principal),
    );
    expect(principals.map((principal) => principal?.person)).toEqual([...Object.keys(first).slice(0, 3), undefined]);
    expect(principals.map((principal) => principal?.roles)).toEqual([
      ['requester', 'approver', 'operator'],
      ['requester', 'approver', 'auditor'],
      ['requester', 'approver', 'admin'],
      ['application'],
    ]);
  });

  it('keep their keys in a file of their owner alone, in a folder of the same', async () => {
    const files = await folder();
    await embeddedPeople(files);
    expect((await stat(files.peopleFile)).mode & 0o777).toBe(0o600);
    expect((await stat(files.keysFile)).mode & 0o777).toBe(0o600);
    expect((await stat(join(files.peopleFile, '..'))).mode & 0o077).toBe(0);
  });

  it('keep them over a restart, and get new ones before they are over or when one was revoked', async () => {
    const files = await folder();
    const start = Date.now();
    const first = await embeddedPeople(files, start);
    expect(await embeddedPeople(files, start + 88 * DAY_MS)).toEqual(first);
    const second = await embeddedPeople(files, start + 89 * DAY_MS);
    expect(second).not.toEqual(first);
    expect(await readKeyFile(files.keysFile)).toHaveLength(4);
    await revokeKey(files.keysFile, second['application']?.slice(4, 16) ?? '');
    expect(await embeddedPeople(files, start + 89 * DAY_MS)).not.toEqual(second);
  });

  it('leave other keys alone', async () => {
    const files = await folder();
    await embeddedPeople(files);
    const mine = await addKey(files.keysFile, { name: 'mine', tenant: 'default', roles: ['viewer'], days: 3 });
    await writeFile(files.peopleFile, 'not json');
    await embeddedPeople(files);
    expect(await openKeys({ file: files.keysFile, takesEmbedded: false }).identify(mine.key)).toBeDefined();
    expect(await readKeyFile(files.keysFile)).toHaveLength(5);
  });

  it('are not there for who lets others read their keys', async () => {
    const files = await folder();
    await embeddedPeople(files);
    await chmod(files.peopleFile, 0o640);
    await expect(readEmbeddedKeys(files.peopleFile)).rejects.toThrow('is open to others');
    await expect(embeddedPeople(files)).rejects.toThrow('is open to others');
  });

  it('are shown on a terminal, and in no file or pipe', async () => {
    const people = await embeddedPeople(await folder());
    const house = { deskUrl: 'http://127.0.0.1:7300', people };
    expect(describeDesk(house, false).join('\n')).not.toContain('gov_');
    const shown = describeDesk(house, true);
    for (const [name, key] of Object.entries(people)) expect(shown.join('\n')).toMatch(new RegExp(`${name} +${key}`));
  });
});

describe('where others reach this machine', () => {
  const REACHED: readonly (readonly [string, string[], string, string])[] = [
    ['the API binds every interface', ['0.0.0.0'], 'http://127.0.0.1:7300', '0.0.0.0'],
    ['the API binds an address of the network', ['10.0.0.7'], 'http://10.0.0.7:7300', '10.0.0.7'],
    ['the API binds every interface of IPv6', ['::'], 'http://127.0.0.1:7300', '::'],
    ['the tools bind every interface', [LOCAL, '0.0.0.0'], 'http://127.0.0.1:7300', LOCAL],
    ['the outside world does', [LOCAL, LOCAL, '0.0.0.0'], 'http://127.0.0.1:7300', LOCAL],
    ['a proxy gives the desk to others', [LOCAL], 'https://governor.example', LOCAL],
  ];

  it.each(REACHED)('as when %s, no API starts with keys for trying', async (_, hosts, publicUrl, host) => {
    const files = await folder();
    const address = addressOf(publicUrl, host, 7300);
    expect(await embeddedProblem(files.keysFile, hosts, address)).toBeUndefined();
    const keys = await embeddedPeople(files);
    const told = await embeddedProblem(files.keysFile, hosts, address);
    expect(told).toContain('this machine would be reached by others');
    expect(told).not.toMatch(/gov_/);
    expect(takesEmbedded(hosts, address)).toBe(false);
    const door = openKeys({ file: files.keysFile, takesEmbedded: takesEmbedded(hosts, address) });
    expect(await door.identify(keys['ruth.achterberg'] ?? '')).toBeUndefined();
  });

  it('one that is reached by this machine alone does', async () => {
    const files = await folder();
    const keys = await embeddedPeople(files);
    for (const host of [LOCAL, 'localhost', '::1']) {
      expect(
        await embeddedProblem(files.keysFile, [host, LOCAL], addressOf('http://127.0.0.1:7300', host, 7300)),
      ).toBeUndefined();
    }
    const door = openKeys({ file: files.keysFile, takesEmbedded: takesEmbedded([LOCAL], HERE) });
    expect(await door.identify(keys['ruth.achterberg'] ?? '')).toBeDefined();
  });

  it('revoked ones are no reason not to start', async () => {
    const files = await folder();
    const keys = await embeddedPeople(files);
    for (const key of Object.values(keys)) await revokeKey(files.keysFile, key.slice(4, 16));
    expect(await embeddedProblem(files.keysFile, ['0.0.0.0'], HERE)).toBeUndefined();
  });
});

describe('a house', () => {
  const place = { host: LOCAL, port: 7300, publicUrl: 'http://127.0.0.1:7300' };
  const log = { warn: () => undefined };
  const houseOf = async (change: { host?: string; hasOwnKeys?: boolean } = {}) => ({
    access: { ...(await folder()), hasOwnKeys: change.hasOwnKeys ?? false },
    outsideHost: LOCAL,
    tools: { host: change.host ?? LOCAL },
  });

  it('has people for trying, whose keys its API takes', async () => {
    const house = await houseOf();
    const people = await housePeople(house, LOCAL);
    const { authenticate } = await openDoor(house, place, log);
    const headers = { authorization: `Bearer ${people?.['marta.lindqvist']}` };
    expect(await authenticate(new Request(place.publicUrl, { headers }))).toMatchObject({ person: 'marta.lindqvist' });
  });

  it('has none where keys of its own are configured, or where others reach any part of it', async () => {
    expect(await housePeople(await houseOf({ hasOwnKeys: true }), LOCAL)).toBeUndefined();
    expect(await housePeople(await houseOf({ host: '0.0.0.0' }), LOCAL)).toBeUndefined();
    expect(await housePeople(await houseOf(), '0.0.0.0')).toBeUndefined();
  });

  it('does not open its API to others as long as it has any', async () => {
    const house = await houseOf();
    await housePeople(house, LOCAL);
    await expect(openDoor(house, { ...place, host: '0.0.0.0' }, log)).rejects.toThrow('has keys for trying');
    await expect(openDoor({ ...house, outsideHost: '::' }, place, log)).rejects.toThrow('has keys for trying');
  });
});
