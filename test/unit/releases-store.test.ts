import { describe, expect, it } from 'vitest';
import { agents } from '../../agents/index.ts';
import { FAILURES } from '../../contracts/failures.ts';
import { publishRelease } from '../../prompts/publish.ts';
import { openPromptStore } from '../../prompts/store.ts';
import { promptsFolder } from '../support/prompts-folder.ts';
import { failureOf, row, withShape } from '../support/releases.ts';

describe('a store', () => {
  type Folder = Awaited<ReturnType<typeof promptsFolder>>;
  const newer = async (folder: Folder): Promise<string> => {
    const { id } = await publishRelease(folder.files(), agents, {
      prompts: { verifyIdentity: [{ version: 'v1', weight: 1 }] },
      note: '',
    });
    return id;
  };
  const use = (folder: Folder, id: string) => folder.write('current', `${id}\n`);

  it.each<[string, (folder: Folder) => Promise<unknown>, RegExp]>([
    ['names nothing', (folder) => folder.write('current', ''), /names no release/],
    ['is not there', (folder) => folder.remove('current'), /names no release/],
    ['leaves the folder', (folder) => use(folder, '../../etc/passwd'), /names no release/],
    ['names a release that is not here', (folder) => use(folder, 'r99-000000000000'), /no prompts\/releases\/r99/],
    ['names half a file', async (folder) => cutShort(folder, await newer(folder)), /not JSON/],
    [
      'names a release that somebody edited',
      async (folder) => edit(folder, await newer(folder)),
      /changed after it had been published/,
    ],
    [
      'names a release whose policy was edited',
      async (folder) => {
        await folder.write(
          'policies/standard-2.json',
          (await folder.read('policies/standard-1.json')).replace('standard-1', 'standard-2'),
        );
        const { id } = await publishRelease(folder.files(), agents, { policy: 'standard-2', note: '' });
        await folder.edit('policies/standard-2.json', (text) => text.replace('500000', '900000'));
        await use(folder, id);
      },
      /policy standard-2 was changed/,
    ],
    [
      'names a release whose text is missing',
      async (folder) => {
        const id = await newer(folder);
        await folder.remove('verify-identity/v1.md');
        await use(folder, id);
      },
      /verifyIdentity v1 is not here/,
    ],
    [
      'names a release whose text was edited',
      async (folder) => {
        const id = await newer(folder);
        await folder.edit('verify-identity/v1.md', (text) => `${text} `);
        await use(folder, id);
      },
      /verifyIdentity v1 was changed after it had been released/,
    ],
  ])('keeps the last good release where current %s, and says so once (PM-59, RD-100)', async (_, damage, words) => {
    const folder = await promptsFolder();
    const said: string[] = [];
    const store = openPromptStore(folder.dir, { report: (message) => said.push(message) });
    await store.current();
    await damage(folder);

    expect(await store.currentReleaseId()).toBe(folder.second.id);
    expect(await store.currentReleaseId()).toBe(folder.second.id);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(words);
    expect(said[0]).toContain(`New cases keep ${folder.second.id}`);

    await use(folder, folder.second.id);
    expect(await store.currentReleaseId()).toBe(folder.second.id);
    expect(said[1]).toMatch(/is good/);
    const fresh = openPromptStore(folder.dir, { report: () => {} });
    await use(folder, 'r99-000000000000');
    expect((await failureOf(fresh.current())).type).toBe('ReleaseBroken');
  });

  const cutShort = async (folder: Folder, id: string) => {
    await folder.edit(`releases/${id}.json`, (text) => text.slice(0, text.length / 2));
    await use(folder, id);
  };
  const edit = async (folder: Folder, id: string) => {
    await folder.edit(`releases/${id}.json`, (text) => text.replace('"iterations": 3', '"iterations": 9'));
    await use(folder, id);
  };

  it('does not take a release whose prompts its agents cannot fill in (PM-61)', async () => {
    const folder = await promptsFolder();
    const store = openPromptStore(folder.dir, { agents: withShape(2), report: () => {} });
    const failure = await failureOf(store.current());
    expect(failure.type).toBe('ReleaseBroken');
    expect(failure.message).toMatch(/shape/);
  });

  it('takes a release that lacks an agent of its own, as workers of two builds may run side by side', async () => {
    const folder = await promptsFolder();
    const newcomer = { ...agents, newcomer: { ...agents.escalate, name: 'newcomer' } };
    expect((await openPromptStore(folder.dir, { agents: newcomer }).current()).id).toBe(folder.second.id);
  });

  it.each([
    ['is missing', (folder: Folder) => folder.remove('verify-identity/v2.md'), /not here/],
    [
      'was edited',
      (folder: Folder) =>
        folder.edit('verify-identity/v2.md', (text) => text.replace('no instruction', 'an instruction')),
      /changed/,
    ],
  ])('takes no other text where the pinned one %s; the next attempt may find it (PM-57)', async (_, damage, words) => {
    const folder = await promptsFolder();
    await damage(folder);
    const [pin] = row(folder.second, 'verifyIdentity').prompts;
    if (!pin) throw new Error('no pin');
    const failure = await failureOf(openPromptStore(folder.dir).prompt('verifyIdentity', pin));
    expect(failure.type).toBe('PromptMissing');
    expect(failure.message).toMatch(words);
    expect(FAILURES.PromptMissing.retry).toBe('temporal');
  });

  it('reads who works here anew each time', async () => {
    const folder = await promptsFolder();
    const store = openPromptStore(folder.dir);
    expect((await store.directory()).people.length).toBeGreaterThanOrEqual(3);
    const one = { person: 'solo.person', roles: ['operations'], aliases: [] };
    await folder.write('directory.json', JSON.stringify({ people: [one] }));
    expect((await store.directory()).people).toEqual([one]);
    await folder.write('directory.json', JSON.stringify({ people: [one, one] }));
    expect((await failureOf(store.directory())).message).toMatch(/stands for two people/);
  });
});
