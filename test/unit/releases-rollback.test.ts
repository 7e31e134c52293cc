import { describe, expect, it } from 'vitest';
import { agents } from '../../agents/index.ts';
import type { Release } from '../../contracts/release.ts';
import { publishRelease, useRelease } from '../../prompts/publish.ts';
import { rollbackPrompt } from '../../prompts/rollback.ts';
import { openPromptStore } from '../../prompts/store.ts';
import { promptsFolder } from '../support/prompts-folder.ts';
import { failureOf, withShape } from '../support/releases.ts';

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
    if (begunWith)
      expect((await elsewhere.prompt('verifyIdentity', begunWith)).render({ documentText: 'x' }).system).toContain(
        '29 February',
      );
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
