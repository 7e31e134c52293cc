import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addAccessCommands } from '../../client/cli/access-commands.ts';
import { runCommandLine } from '../../client/cli/run.ts';
import { readKeyFile } from '../../client/http/access/key-file.ts';
import { openKeys } from '../../client/http/access/keys.ts';
import { keysFolder } from '../support/access.ts';

/** A folder of keys, and a way to type commands at it. */
async function commandLine() {
  const keysFile = join(await keysFolder(), 'not', 'there-yet', 'api-keys.json');
  const canonical = async (name: string) => (['darius', 'darius.wren'].includes(name) ? 'darius.wren' : undefined);
  const type = async (...words: string[]) => {
    const said = { out: [] as string[], err: [] as string[] };
    const desk = { keysFile, canonical };
    const exit = await runCommandLine(
      ['access', 'key', ...words],
      [(program, to) => addAccessCommands(program, desk, to)],
      {
        out: (text) => void said.out.push(text),
        err: (text) => void said.err.push(text),
      },
    );
    return { exit, out: said.out.join('\n'), err: said.err.join('\n') };
  };
  return { keysFile, type, keys: openKeys({ file: keysFile, takesEmbedded: false }) };
}

describe('governor access key', () => {
  it('add makes a key that works, shows it once and alone, and says until when it is good', async () => {
    const { type, keys, keysFile } = await commandLine();
    const { exit, out, err } = await type(
      'add',
      'desk',
      '--roles',
      'approver, viewer',
      '--person',
      'darius',
      '--days',
      '7',
    );
    expect(exit).toBe(0);
    expect(out).toMatch(/^gov_[0-9a-f]{12}_[\w-]{43}$/);
    expect(err).toContain('is good until');
    expect((await keys.identify(out))?.principal).toMatchObject({
      sub: 'darius.wren',
      tenant: 'default',
      roles: ['approver', 'viewer'],
    });
    expect(await readFile(keysFile, 'utf8')).not.toContain(out.slice(17));
  });

  it('add tells when a person is nobody in the directory: a customer is not', async () => {
    const { type, keys } = await commandLine();
    const { exit, out, err } = await type(
      'add',
      'desk',
      '--roles',
      'approver',
      '--person',
      'C-1007',
      '--tenant',
      'north',
    );
    expect([exit, err.includes('nobody in the directory')]).toEqual([0, true]);
    expect((await keys.identify(out))?.principal).toMatchObject({ sub: 'C-1007', tenant: 'north' });
  });

  it.each([
    ['a role that there is not', ['add', 'x', '--roles', 'root'], 'There is no role root'],
    ['no role', ['add', 'x'], "required option '--roles <roles>'"],
    ['no name', ['add', '--roles', 'viewer'], "missing required argument 'name'"],
    ['a name with a space', ['add', 'my key', '--roles', 'viewer'], 'Name the key with'],
    ['a tenant with a path', ['add', 'x', '--roles', 'viewer', '--tenant', '../north'], 'Name the tenant with'],
    ['a person with a colon', ['add', 'x', '--roles', 'viewer', '--person', 'oidc:7'], 'is not a name'],
    ['a life of a year', ['add', 'x', '--roles', 'viewer', '--days', '365'], 'good for 1 to 90 days'],
    ['a life of a word', ['add', 'x', '--roles', 'viewer', '--days', 'ever'], 'good for 1 to 90 days'],
    ['a key that is not there', ['revoke', '000000000000'], 'no key of that id'],
  ])('takes no %s', async (_, words, why) => {
    const { type, keysFile } = await commandLine();
    const { exit, out, err } = await type(...words);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain(why);
    expect(await readKeyFile(keysFile)).toEqual([]);
  });

  it('list shows every key and no secret or digest, as a table or as JSON', async () => {
    const { type } = await commandLine();
    expect((await type('list')).out).toContain('There are no keys');
    const { out: key } = await type('add', 'desk', '--roles', 'approver', '--days', '3');
    const { out: table } = await type('list');
    expect(table.split('\n')[0]).toMatch(/^id +name +person +tenant +roles +good$/);
    expect(table).toMatch(/desk +default +approver +until \d{4}-\d\d-\d\d, soon over/);
    const { out: json } = await type('list', '--json');
    expect(JSON.parse(json)).toMatchObject([{ name: 'desk', tenant: 'default', roles: ['approver'] }]);
    for (const text of [table, json]) expect(text).not.toMatch(new RegExp(`${key.slice(17)}|[0-9a-f]{64}`));
  });

  it('revoke ends a key by its id, or by the key itself when that is what leaked', async () => {
    const { type, keys } = await commandLine();
    const [one, two] = [
      (await type('add', 'a', '--roles', 'viewer')).out,
      (await type('add', 'b', '--roles', 'viewer')).out,
    ];
    expect(await type('revoke', one.slice(4, 16))).toMatchObject({
      exit: 0,
      out: `Key ${one.slice(4, 16)} (a) is good no more.`,
    });
    expect((await type('revoke', two)).out).not.toContain(two);
    expect([await keys.identify(one), await keys.identify(two)]).toEqual([undefined, undefined]);
    expect((await type('list')).out).toMatch(/revoked \d{4}/);
  });

  it('says what to mend where the file of keys is open to others, and changes nothing', async () => {
    const { type, keysFile } = await commandLine();
    await type('add', 'a', '--roles', 'viewer');
    await chmod(keysFile, 0o644);
    for (const words of [['list'], ['add', 'b', '--roles', 'viewer'], ['revoke', '000000000000']]) {
      expect(await type(...words)).toMatchObject({ exit: 1, out: '', err: expect.stringContaining('chmod 600') });
    }
  });
});
