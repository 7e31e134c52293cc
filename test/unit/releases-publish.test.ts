import { describe, expect, it } from 'vitest';
import { agents } from '../../agents/index.ts';
import type { Release } from '../../contracts/release.ts';
import { defaultCatalog } from '../../models/catalog.ts';
import { compatibleRow } from '../../models/compatible-row.ts';
import { adoptionProblems, checkRelease } from '../../prompts/check.ts';
import { PromptFiles } from '../../prompts/files.ts';
import { pricingOf } from '../../prompts/pricing.ts';
import { publishRelease, useRelease } from '../../prompts/publish.ts';
import { rollbackPrompt } from '../../prompts/rollback.ts';
import { openPromptStore } from '../../prompts/store.ts';
import { writeRelease } from '../../prompts/write.ts';
import { promptsFolder } from '../support/prompts-folder.ts';
import { failureOf, pinned, released, row, without, withShape } from '../support/releases.ts';

describe('publishing', () => {
  it('reaches the next case of a process that has been running all along (PM-60)', async () => {
    const folder = await promptsFolder();
    const store = openPromptStore(folder.dir);
    expect(await store.currentReleaseId()).toBe(folder.second.id);
    await folder.write(
      'verify-identity/v3.md',
      (await folder.read('verify-identity/v2.md')).replace('You read', 'You carefully read'),
    );

    const started = performance.now();
    const { id } = await publishRelease(folder.files(), agents, { latest: true, note: 'careful' });
    await useRelease(folder.files(), agents, id);
    const release = await store.current();
    const [pin] = release.agents['verifyIdentity']?.prompts ?? [];
    if (!pin) throw new Error('no pin');
    expect((await store.prompt('verifyIdentity', pin)).render({ documentText: 'x' }).system).toMatch(
      /^You carefully read/,
    );
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

  it("counts the installation's own endpoint where it is the dearest", async () => {
    const { files, second } = await promptsFolder();
    const prices = { input: 9_000_000, cacheRead: 9_000_000, cacheWrite: 9_000_000, output: 0 };
    const endpoint = compatibleRow({ baseUrl: 'https://models.example/v1', model: 'dear-1', prices });
    const pricing = pricingOf(defaultCatalog(), endpoint);
    const failure = await failureOf(publishRelease(files(), agents, { note: '' }, { pricing }));
    expect(failure.message).toMatch(/A clean run of onboardCustomer can need \$\d+\.\d+, and its cap is \$0\.50/);

    const cheap = pricingOf(defaultCatalog(), compatibleRow({ baseUrl: 'http://localhost:11434/v1', model: 'free-1' }));
    expect((await publishRelease(files(), agents, { note: '' }, { pricing: cheap })).id).toBe(second.id);
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
    expect(message).toMatch(
      /verifyIdentity v1 was changed after it had been released; give the new text a new version/,
    );
  });

  it('never touches a release that is there', async () => {
    const folder = await promptsFolder();
    const altered = { ...folder.first, note: 'another' };
    expect((await failureOf(writeRelease(folder.dir, altered))).message).toMatch(/already/);
    expect(JSON.parse(await folder.read(`releases/${folder.first.id}.json`))).toEqual(folder.first);
  });

  it.each<[string, (release: Release) => Partial<Release>, RegExp]>([
    [
      'an agent that there is not',
      (r) => ({ agents: { ...r.agents, sellSoul: { ...row(r), prompts: row(r).prompts } } }),
      /no agent sellSoul/,
    ],
    [
      'an agent without a prompt',
      (r) => ({ agents: without(r.agents, 'createAccount') }),
      /createAccount has no prompt/,
    ],
    [
      'a text that is not here',
      (r) => ({ agents: { ...r.agents, escalate: pinned(r, 'v9') } }),
      /escalate v9 is not here/,
    ],
    [
      'a text by another digest',
      (r) => ({ agents: { ...r.agents, escalate: pinned(r, 'v1') } }),
      /escalate v1 was changed/,
    ],
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
    const narrow = {
      ...policy,
      id: 'narrow-1',
      processes: without(policy.processes, 'onboardCustomer'),
      agents: { default: all, sellSoul: all },
    };
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

describe('the releases of the house', () => {
  it('can be carried to their ends, every one, and the current one is good for new cases (PM-57, RD-100)', async () => {
    const files = new PromptFiles(new URL('../../prompts', import.meta.url).pathname);
    for (const id of await files.releaseIds())
      expect(await adoptionProblems(await files.release(id), files, agents)).toEqual([]);
    const current = await files.release(await files.currentId());
    expect(await checkRelease(current, files, agents)).toEqual([]);
    expect(current.agents['verifyIdentity']?.prompts[0]?.version).toBe('v2');
  });
});
