import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';

/** Node's own comparison, and how often it was used. */
const compared = vi.hoisted(() => ({ lengths: [] as [number, number][] }));
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  const timingSafeEqual = (a: NodeJS.ArrayBufferView, b: NodeJS.ArrayBufferView): boolean => {
    compared.lengths.push([a.byteLength, b.byteLength]);
    return crypto.timingSafeEqual(a, b);
  };
  return { ...crypto, timingSafeEqual };
});

const { frontDoor, keysFolder } = await import('../support/access.ts');
const { addKey, makeKey, MAX_KEY_DAYS, openKeys, revokeKey } = await import('../../client/http/access/keys.ts');
const { KeyFileBroken, readKeyFile } = await import('../../client/http/access/key-file.ts');

const DAY_MS = 24 * 3600 * 1000;
const WANTED = { name: 'billing', tenant: 'north', roles: ['viewer'], days: 30 } as const;

async function fileWithKey(now?: number) {
  const file = join(await keysFolder(), 'api-keys.json');
  return { file, ...(await addKey(file, WANTED, now)) };
}

describe('a key', () => {
  it('is 256 random bits under a prefix, and only its digest is kept, in a file of its owner alone', async () => {
    const { file, key, record } = await fileWithKey();
    const kept = await readFile(file, 'utf8');
    const secret = key.slice('gov_'.length + record.id.length + 1);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(kept).not.toContain(secret);
    expect(kept).toContain(record.sha256);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('says who calls: its person, or what program it is for', async () => {
    const file = join(await keysFolder(), 'api-keys.json');
    const [program, person] = [await addKey(file, WANTED), await addKey(file, { ...WANTED, person: 'darius.wren' })];
    const keys = openKeys({ file, takesEmbedded: false });
    expect((await keys.identify(program.key))?.principal).toEqual({
      sub: 'app:billing',
      tenant: 'north',
      roles: ['viewer'],
      via: 'key',
      keyId: program.record.id,
    });
    expect((await keys.identify(person.key))?.principal).toMatchObject({ sub: 'darius.wren', person: 'darius.wren' });
  });

  it.each([0, 91, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'can not be made to live for %s days',
    async (days) => {
      const file = join(await keysFolder(), 'api-keys.json');
      await expect(addKey(file, { ...WANTED, days })).rejects.toThrow(RangeError);
      expect(await readKeyFile(file)).toEqual([]);
    },
  );

  it('is over at its instant, and after 90 days whatever its record says', async () => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    const { file, key, record } = await fileWithKey(start);
    const goodAt = async (days: number, less = 0) =>
      (await openKeys({ file, takesEmbedded: false, now: () => start + days * DAY_MS - less }).identify(key)) !==
      undefined;
    expect([await goodAt(30, 1), await goodAt(30)]).toEqual([true, false]);
    const stretched = { ...record, expiresAt: '2036-01-01T00:00:00.000Z' };
    await writeFile(file, JSON.stringify({ keys: [stretched] }));
    expect([await goodAt(MAX_KEY_DAYS, 1), await goodAt(MAX_KEY_DAYS)]).toEqual([true, false]);
  });

  it('is no more as soon as the file says so, without a restart', async () => {
    const { file, key, record } = await fileWithKey();
    const keys = openKeys({ file, takesEmbedded: false });
    expect(await keys.identify(key)).toBeDefined();
    expect(await revokeKey(file, record.id)).toMatchObject({ id: record.id });
    expect(await keys.identify(key)).toBeUndefined();
    expect(await keys.stillGood(record.id)).toBeUndefined();
  });

  it('that was revoked stays so, and keeps the instant', async () => {
    const { file, record } = await fileWithKey();
    const first = await revokeKey(file, record.id, 1000);
    expect(await revokeKey(file, record.id, 2000)).toEqual(first);
    expect(await revokeKey(file, '000000000000')).toBeUndefined();
  });

  it('is not lost when twenty are added and revoked at the same time', async () => {
    const { file, record } = await fileWithKey();
    const adding = Array.from({ length: 20 }, (_, at) => addKey(file, { ...WANTED, name: `key-${at}` }));
    await Promise.all([...adding, revokeKey(file, record.id)]);
    const kept = await readKeyFile(file);
    expect(kept).toHaveLength(21);
    expect(kept.find(({ id }) => id === record.id)?.revokedAt).toBeDefined();
  });
});

describe('a file of keys', () => {
  it('forgets a key a year after its end', async () => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    const { file } = await fileWithKey(start);
    await addKey(file, WANTED, start + 394 * DAY_MS);
    expect(await readKeyFile(file)).toHaveLength(2);
    await addKey(file, WANTED, start + 396 * DAY_MS);
    expect(await readKeyFile(file)).toHaveLength(2);
  });

  it('is not replaced by what would be none', async () => {
    const { file, record } = await fileWithKey();
    await expect(addKey(file, { ...WANTED, name: 'No Name' })).rejects.toThrow('stays as it is');
    expect(await readKeyFile(file)).toEqual([record]);
  });

  it.each([0o644, 0o660, 0o602, 0o666, 0o601, 0o620])(
    'that others may read or write lets nobody in, mode %o',
    async (mode) => {
      const { file, key } = await fileWithKey();
      const told: string[] = [];
      const keys = openKeys({ file, takesEmbedded: false, tell: (why) => told.push(why) });
      expect(await keys.identify(key)).toBeDefined();
      await chmod(file, mode);
      expect(await keys.identify(key)).toBeUndefined();
      expect(told).toHaveLength(1);
      await chmod(file, 0o600);
      expect(await keys.identify(key)).toBeDefined();
      await chmod(file, mode);
      await expect(addKey(file, WANTED)).rejects.toThrow(KeyFileBroken);
    },
  );

  it('may be read by a group, as secrets are mounted', async () => {
    const { file, key } = await fileWithKey();
    await chmod(file, 0o440);
    expect(await openKeys({ file, takesEmbedded: false }).identify(key)).toBeDefined();
  });

  it.each(['', '{', '[]', '{"keys":[{}]}', '{"keys":{}}', '{"keys":[],"more":1}'])(
    'that holds %j lets nobody in, and says so once',
    async (text) => {
      const { file, key } = await fileWithKey();
      const told: string[] = [];
      await writeFile(file, text);
      const keys = openKeys({ file, takesEmbedded: false, tell: (why) => told.push(why) });
      expect([await keys.identify(key), await keys.identify(key)]).toEqual([undefined, undefined]);
      expect(told).toHaveLength(1);
    },
  );

  it('that is not there has no keys', async () => {
    const file = join(await keysFolder(), 'none.json');
    expect(await openKeys({ file, takesEmbedded: false }).identify(makeKey(WANTED, Date.now()).key)).toBeUndefined();
  });
});

type Attack = (key: string, other: string) => string;
const ATTACKS: Readonly<Record<string, Attack>> = {
  'its id alone': (key) => `Bearer ${key.slice(0, 16)}`,
  'its id and no secret': (key) => `Bearer ${key.slice(0, 17)}`,
  'its secret alone': (key) => `Bearer ${key.slice(17)}`,
  'the first letter of the secret changed': (key) => `Bearer ${swap(key, 17)}`,
  'the last letter of the secret changed': (key) => `Bearer ${swap(key, key.length - 1)}`,
  'a letter in the middle changed': (key) => `Bearer ${swap(key, 40)}`,
  'one letter less': (key) => `Bearer ${key.slice(0, -1)}`,
  'one letter more': (key) => `Bearer ${key}A`,
  padding: (key) => `Bearer ${key}=`,
  'capital letters in the id': (key) => `Bearer gov_${key.slice(4, 16).toUpperCase()}${key.slice(16)}`,
  'capital letters throughout': (key) => `Bearer ${key.toUpperCase()}`,
  'another prefix': (key) => `Bearer GOV_${key.slice(4)}`,
  'no prefix': (key) => `Bearer ${key.slice(4)}`,
  "another key's id": (key, other) => `Bearer ${other.slice(0, 17)}${key.slice(17)}`,
  "another key's secret": (key, other) => `Bearer ${key.slice(0, 17)}${other.slice(17)}`,
  'an id that is unknown': (key) => `Bearer gov_000000000000_${key.slice(17)}`,
  'an id with a pattern': (key) => `Bearer gov_____________${key.slice(16)}`,
  'a null byte, written': (key) => `Bearer ${key}%00`,
  'another scheme': (key) => `Basic ${key}`,
  'no scheme': (key) => key,
  'two keys': (key, other) => `Bearer ${key}, Bearer ${other}`,
  'the key twice': (key) => `Bearer ${key} ${key}`,
  'nothing after the scheme': () => 'Bearer ',
  'a name of an object': () => 'Bearer gov___proto____x',
};
const swap = (key: string, at: number): string =>
  `${key.slice(0, at)}${key[at] === 'A' ? 'B' : 'A'}${key.slice(at + 1)}`;

describe('a key that is not quite one (BA-87)', () => {
  it('there are twenty and more', () => expect(Object.keys(ATTACKS).length).toBeGreaterThanOrEqual(20));

  it.each(Object.entries(ATTACKS))('%s lets nobody in', async (_, attack) => {
    const { key, send } = await frontDoor();
    const [mine, other] = [await key({ name: 'mine' }), await key({ name: 'other' })];
    expect((await send('GET', '/v1/me', { authorization: `Bearer ${mine.key}` })).status).toBe(200);
    const authorization = attack(mine.key, other.key);
    expect((await send('GET', '/v1/me', { authorization })).status).toBe(401);
  });

  it.each(['x-api-key', 'api-key', 'cookie', 'proxy-authorization'])(
    'in a header %s it is not looked for',
    async (header) => {
      const { key, send } = await frontDoor();
      const made = await key({});
      expect((await send('GET', '/v1/me', { [header]: made.key })).status).toBe(401);
    },
  );

  it('in the address it is not looked for, where logs would keep it', async () => {
    const { key, send } = await frontDoor();
    const made = await key({});
    expect((await send('GET', `/v1/me?access_token=${made.key}&key=${made.key}`)).status).toBe(401);
  });
});

describe('how long a wrong key takes', () => {
  beforeEach(() => {
    compared.lengths.length = 0;
  });

  it('tells nothing: whole digests are compared, also where the id is unknown or the key has another length', async () => {
    const { file, key } = await fileWithKey();
    const keys = openKeys({ file, takesEmbedded: false });
    for (const tried of [key, swap(key, 17), `gov_000000000000_${key.slice(17)}`, 'gov_', `${key}${key}`])
      await keys.identify(tried);
    expect(compared.lengths).toEqual(Array.from({ length: 5 }, () => [32, 32]));
  });
});
