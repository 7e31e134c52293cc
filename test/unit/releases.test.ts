import { describe, expect, it } from 'vitest';
import type { Agent } from '../../agents/define-agent.ts';
import { agents } from '../../agents/index.ts';
import { FAILURES, Failed } from '../../contracts/failures.ts';
import { checkRelease } from '../../prompts/check.ts';
import { sealRelease } from '../../prompts/draft.ts';
import { PromptFiles } from '../../prompts/files.ts';
import { publishRelease, rollbackPrompt, useRelease } from '../../prompts/publish.ts';
import { openPromptStore } from '../../prompts/store.ts';
import { writeRelease } from '../../prompts/write.ts';
import type { Release } from '../../contracts/release.ts';
import { promptsFolder } from '../support/prompts-folder.ts';

const failureOf = async (run: Promise<unknown>): Promise<{ type: string; message: string }> => {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Failed) return error.failure;
  throw new Error('it did not fail as it should', { cause: error });
};

/** A release that differs from another in its rows alone. */
const released = async (files: PromptFiles, from: Release, change: Partial<Release>): Promise<Release> => {
  const { id: _id, ...content } = from;
  const release = sealRelease(9, { ...content, ...change });
  await writeRelease(files.dir, release);
  return release;
};

const withShape = (compatible: number): Record<string, Agent> => ({
  ...agents,
  verifyIdentity: { ...agents.verifyIdentity, compatible },
});

describe('rolling back a prompt', () => {
  it("moves that agent's prompt and nothing else, byte for byte (PM-59, RD-100)", async () => {
    const folder = await promptsFolder();
    const { id } = await rollbackPrompt(folder.files(), agents, 'verifyIdentity');
    const before: Release = JSON.parse(await folder.read(`releases/${folder.second.id}.json`));
    const after: Release = JSON.parse(await folder.read(`releases/${id}.json`));
    const apart = ({ agents: { verifyIdentity, ...others }, policy, prices }: Release) =>
      JSON.stringify({ others, policy, prices, bounds: { ...verifyIdentity, prompts: [] } });

    expect(apart(after)).toBe(apart(before));
    expect(after.agents['verifyIdentity']?.prompts).toEqual(folder.first.agents['verifyIdentity']?.prompts);
    expect((await folder.read('current')).trim()).toBe(id);
  });

  it('leaves a running case the text that it began with (PM-59, PM-61)', async () => {
    const folder = await promptsFolder();
    const store = openPromptStore(folder.dir);
    const begunWith = (await store.current()).agents['verifyIdentity']?.prompts[0];
    await rollbackPrompt(folder.files(), agents, 'verifyIdentity');

    expect((await store.current()).agents['verifyIdentity']?.prompts[0]?.version).toBe('v1');
    expect(begunWith?.version).toBe('v2');
    const elsewhere = openPromptStore(folder.dir);
    if (begunWith) expect((await elsewhere.prompt('verifyIdentity', begunWith)).render({ documentText: 'x' }).system).toContain('29 February');
  });

  it('goes to any version that was released, also forward again', async () => {
    const { files } = await promptsFolder();
    const back = await rollbackPrompt(files(), agents, 'verifyIdentity', 'v1');
    const again = await rollbackPrompt(files(), agents, 'verifyIdentity', 'v2');
    expect([back, again].map((release) => release.agents['verifyIdentity']?.prompts[0]?.version)).toEqual(['v1', 'v2']);
  });

  it('ends a split with its lower version', async () => {
    const { files } = await promptsFolder();
    const split = [
      { version: 'v1', weight: 90 },
      { version: 'v2', weight: 10 },
    ];
    const { id } = await publishRelease(files(), agents, { prompts: { verifyIdentity: split }, note: '' });
    await useRelease(files(), agents, id);
    const { agents: rows } = await rollbackPrompt(files(), agents, 'verifyIdentity');
    expect(rows['verifyIdentity']?.prompts).toMatchObject([{ version: 'v1', weight: 1 }]);
  });

  it.each([
    ['an agent without an earlier version', 'createAccount', undefined, /no earlier version was released/],
    ['a version that was never released', 'verifyIdentity', 'v7', /never released; there are v1, v2/],
    ['the version that it has', 'verifyIdentity', 'v2', /at v2 already/],
    ['an agent that there is not', 'sellSoul', undefined, /has no agent sellSoul/],
  ])('is refused for %s, and changes nothing', async (_, agent, version, words) => {
    const folder = await promptsFolder();
    expect((await failureOf(rollbackPrompt(folder.files(), agents, agent, version))).message).toMatch(words);
    expect((await folder.read('current')).trim()).toBe(folder.second.id);
    expect(await folder.files().releaseIds()).toHaveLength(2);
  });

  it('is refused where the old text no longer fits the agent (PM-61)', async () => {
    const folder = await promptsFolder();
    const failure = await failureOf(rollbackPrompt(folder.files(), withShape(2), 'verifyIdentity'));
    expect(failure.message).toMatch(/verifyIdentity v1 is written for shape 1 .* the agent has shape 2/);
    expect((await folder.read('current')).trim()).toBe(folder.second.id);
  });
});

describe('publishing', () => {
  it('reaches the next case of a process that has been running all along (PM-60)', async () => {
    const folder = await promptsFolder();
    const store = openPromptStore(folder.dir);
    expect(await store.currentReleaseId()).toBe(folder.second.id);
    await folder.write('verify-identity/v3.md', (await folder.read('verify-identity/v2.md')).replace('You read', 'You carefully read'));

    const started = performance.now();
    const { id } = await publishRelease(folder.files(), agents, { latest: true, note: 'careful' });
    await useRelease(folder.files(), agents, id);
    const release = await store.current();
    const [pin] = release.agents['verifyIdentity']?.prompts ?? [];
    if (!pin) throw new Error('no pin');
    expect((await store.prompt('verifyIdentity', pin)).render({ documentText: 'x' }).system).toMatch(/^You carefully read/);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('freezes what the agents declare under the limits of the policy', async () => {
    const { second } = await promptsFolder();
    expect(second.agents['createAccount']).toMatchObject({
      iterations: 3,
      maxInputBytes: agents.createAccount.bounds.maxInputBytes,
      timeoutMs: 20_000,
      taskQueue: 'governor',
    });
    expect(second.agents['createAccount']?.worstCaseMicroUsd).toBeGreaterThan(0);
    expect(second.agents['closeAccount']?.worstCaseMicroUsd).toBe(0);
  });

  it('keeps a rolled back prompt where it is when something else is published', async () => {
    const folder = await promptsFolder();
    await rollbackPrompt(folder.files(), agents, 'verifyIdentity');
    await folder.write('create-account/v2.md', await folder.read('create-account/v1.md'));
    const changes = { prompts: { createAccount: [{ version: 'v2', weight: 1 }] }, note: '' };
    const release = await publishRelease(folder.files(), agents, changes);
    expect(release.agents['verifyIdentity']?.prompts[0]?.version).toBe('v1');
  });

  it('writes nothing where nothing would differ', async () => {
    const folder = await promptsFolder();
    expect((await publishRelease(folder.files(), agents, { note: 'again' })).id).toBe(folder.second.id);
    expect(await folder.files().releaseIds()).toHaveLength(2);
  });

  it('refuses new words under a version that was released before (PM-57)', async () => {
    const folder = await promptsFolder();
    await folder.edit('verify-identity/v1.md', (text) => text.replace('You read', 'You skim'));
    const changes = { prompts: { verifyIdentity: [{ version: 'v1', weight: 1 }] }, note: '' };
    const { message } = await failureOf(publishRelease(folder.files(), agents, changes));
    expect(message).toMatch(/verifyIdentity v1 was changed after it had been released; give the new text a new version/);
  });

  it('never touches a release that is there', async () => {
    const folder = await promptsFolder();
    const altered = { ...folder.first, note: 'another' };
    expect((await failureOf(writeRelease(folder.dir, altered))).message).toMatch(/already/);
    expect(JSON.parse(await folder.read(`releases/${folder.first.id}.json`))).toEqual(folder.first);
  });

  it.each<[string, (release: Release) => Partial<Release>, RegExp]>([
    ['an agent that there is not', (r) => ({ agents: { ...r.agents, sellSoul: { ...row(r), prompts: row(r).prompts } } }), /no agent sellSoul/],
    ['an agent without a prompt', (r) => ({ agents: without(r.agents, 'createAccount') }), /createAccount has no prompt/],
    ['a text that is not here', (r) => ({ agents: { ...r.agents, escalate: pinned(r, 'v9') } }), /escalate v9 is not here/],
    ['a text by another digest', (r) => ({ agents: { ...r.agents, escalate: pinned(r, 'v1') } }), /escalate v1 was changed/],
    ['a policy that is not here', (r) => ({ policy: { ...r.policy, id: 'lax' } }), /no prompts\/policies\/lax.json/],
    [
      'a clean run above the cap',
      (r) => ({ agents: { ...r.agents, createAccount: { ...row(r, 'createAccount'), worstCaseMicroUsd: 400_000 } } }),
      /A clean run of onboardCustomer can need \$0\.\d+, and its cap is \$0\.50/,
    ],
  ])('of %s is refused in words, and so is using it', async (_, change, words) => {
    const folder = await promptsFolder();
    const release = await released(folder.files(), folder.second, change(folder.second));
    expect((await checkRelease(release, folder.files(), agents)).join(' ')).toMatch(words);
    expect((await failureOf(useRelease(folder.files(), agents, release.id))).message).toMatch(words);
    expect((await folder.read('current')).trim()).toBe(folder.second.id);
  });

  it('of a policy without a row for a process, or with one for no agent, is refused (BA-89)', async () => {
    const folder = await promptsFolder();
    const policy = JSON.parse(await folder.read('policies/standard-1.json'));
    const { default: all } = policy.agents;
    const narrow = { ...policy, id: 'narrow-1', processes: without(policy.processes, 'onboardCustomer'), agents: { default: all, sellSoul: all } };
    await folder.write('policies/narrow-1.json', JSON.stringify(narrow));
    const { message } = await failureOf(publishRelease(folder.files(), agents, { policy: 'narrow-1', note: '' }));
    expect(message).toMatch(/no row for onboardCustomer/);
    expect(message).toMatch(/row for sellSoul, which is no agent/);
  });

  it('of a policy above a ceiling is refused, and says where', async () => {
    const folder = await promptsFolder();
    const policy = JSON.parse(await folder.read('policies/standard-1.json'));
    policy.processes.onboardCustomer.capMicroUsd = 340_000_000;
    await folder.write('policies/rich-1.json', JSON.stringify({ ...policy, id: 'rich-1' }));
    const { message } = await failureOf(publishRelease(folder.files(), agents, { policy: 'rich-1', note: '' }));
    expect(message).toMatch(/processes\.onboardCustomer\.capMicroUsd/);
  });

  it('of a prompt for another shape of the agent is refused, and so is using an old release (PM-61)', async () => {
    const folder = await promptsFolder();
    expect((await failureOf(publishRelease(folder.files(), withShape(2), { note: '' }))).message).toMatch(/shape/);
    expect((await failureOf(useRelease(folder.files(), withShape(2), folder.first.id))).message).toMatch(/shape/);
  });
});

const row = (release: Release, agent = 'escalate') => {
  const found = release.agents[agent];
  if (!found) throw new Error(`no row for ${agent}`);
  return found;
};
const pinned = (release: Release, version: string) => ({ ...row(release), prompts: [{ version, sha256: '0'.repeat(64), weight: 1 }] });
const without = <T>(table: Record<string, T>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(table).filter(([key]) => key !== name));

describe('a store', () => {
  type Folder = Awaited<ReturnType<typeof promptsFolder>>;
  const newer = async (folder: Folder): Promise<string> => {
    const { id } = await publishRelease(folder.files(), agents, { prompts: { verifyIdentity: [{ version: 'v1', weight: 1 }] }, note: '' });
    return id;
  };
  const use = (folder: Folder, id: string) => folder.write('current', `${id}\n`);

  it.each<[string, (folder: Folder) => Promise<unknown>, RegExp]>([
    ['names nothing', (folder) => folder.write('current', ''), /names no release/],
    ['is not there', (folder) => folder.remove('current'), /names no release/],
    ['leaves the folder', (folder) => use(folder, '../../etc/passwd'), /names no release/],
    ['names a release that is not here', (folder) => use(folder, 'r99-000000000000'), /no prompts\/releases\/r99/],
    ['names half a file', async (folder) => cutShort(folder, await newer(folder)), /not JSON/],
    ['names a release that somebody edited', async (folder) => edit(folder, await newer(folder)), /changed after it had been published/],
    [
      'names a release whose policy was edited',
      async (folder) => {
        await folder.write('policies/standard-2.json', (await folder.read('policies/standard-1.json')).replace('standard-1', 'standard-2'));
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
    ['was edited', (folder: Folder) => folder.edit('verify-identity/v2.md', (text) => text.replace('no instruction', 'an instruction')), /changed/],
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

describe('the releases of the house', () => {
  it('are good, every one, and the current one has somewhere to go back to (PM-57, RD-100)', async () => {
    const files = new PromptFiles(new URL('../../prompts', import.meta.url).pathname);
    for (const id of await files.releaseIds()) expect(await checkRelease(await files.release(id), files, agents)).toEqual([]);
    const current = await files.release(await files.currentId());
    expect(current.agents['verifyIdentity']?.prompts[0]?.version).toBe('v2');
  });
});
