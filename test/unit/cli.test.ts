import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { agents } from '../../agents/index.ts';
import { addPromptCommands } from '../../client/cli/prompt-commands.ts';
import { addReleaseCommands } from '../../client/cli/release-commands.ts';
import { runCommandLine } from '../../client/cli/run.ts';
import { openReleaseDesk } from '../../prompts/desk.ts';
import { promptsFolder } from '../support/prompts-folder.ts';

/** A folder, and a way to type commands into it as on a terminal; `answer` is what a person chooses when asked. */
async function commandLine(answer?: (choices: readonly string[]) => string | undefined) {
  const folder = await promptsFolder();
  const type = async (...words: string[]) => {
    const desk = openReleaseDesk(folder.dir, agents);
    const said = { out: '', err: '' };
    const terminal = {
      out: (text: string) => {
        said.out += `${text}\n`;
      },
      err: (text: string) => {
        said.err += `${text}\n`;
      },
      ...(answer ? { choose: async (_: string, choices: readonly string[]) => answer(choices) } : {}),
    };
    const groups = [addReleaseCommands, addPromptCommands].map(
      (add) => (program: Parameters<typeof add>[0], to: Parameters<typeof add>[2]) => add(program, desk, to),
    );
    const exit = await runCommandLine(words, groups, terminal);
    return { exit, ...said };
  };
  return { ...folder, type };
}

describe('governor prompts rollback', () => {
  it('takes one prompt back with one command, and says what it did (PM-59, RD-100)', async () => {
    const { type, read, second } = await commandLine();
    const { exit, out } = await type('prompts', 'rollback', 'verifyIdentity');
    const current = (await read('current')).trim();
    expect(exit).toBe(0);
    expect(out).toBe(
      `verifyIdentity: v2 → v1, in ${current}. Nothing else moved.\nNew cases take it from now on; running ones keep theirs.\n`,
    );
    expect(current).not.toBe(second.id);
  });

  it('is a command of the shell, on the folder that PROMPTS_DIR names (PM-59)', async () => {
    const { dir, read } = await commandLine();
    const script = fileURLToPath(new URL('../../workers/cli.ts', import.meta.url));
    const env = { ...process.env, PROMPTS_DIR: dir };
    const run = (...words: string[]) => spawnSync(process.execPath, [script, ...words], { env, encoding: 'utf8' });
    expect(run('prompts', 'rollback', 'verifyIdentity')).toMatchObject({ status: 0, stderr: '' });
    expect((await read('current')).trim()).toMatch(/^r3-/);
    expect(run('prompts', 'rollback')).toMatchObject({ status: 2, stdout: '' });
  });

  it("takes the folder's name for the agent's too", async () => {
    const { type } = await commandLine();
    expect((await type('prompts', 'rollback', 'verify-identity', 'v1')).exit).toBe(0);
  });

  it('asks a person at a terminal whose prompt, and offers only those that have an earlier one', async () => {
    const offered: string[] = [];
    const { type } = await commandLine((choices) => {
      offered.push(...choices);
      return choices[0];
    });
    expect((await type('prompts', 'rollback')).out).toMatch(/^verifyIdentity: v2 → v1/);
    expect(offered).toEqual(['verifyIdentity']);
  });
});

describe('a mistake is told in words', () => {
  const known = Object.keys(agents).join(', ');
  it.each<[string, string[], number, string | RegExp]>([
    [
      'an agent that there is not',
      ['prompts', 'rollback', 'verifyIdentitty'],
      2,
      `There is no agent verifyIdentitty. There are: ${known}.`,
    ],
    ['no agent, and nobody to ask', ['prompts', 'rollback'], 2, `Name the agent. There are: ${known}.`],
    [
      'a version that there is not',
      ['prompts', 'rollback', 'verifyIdentity', 'v7'],
      1,
      'verifyIdentity v7 was never released; there are v1, v2.',
    ],
    [
      'an agent that has no earlier one',
      ['prompts', 'rollback', 'escalate'],
      1,
      'escalate is at v1, and no earlier version was released.',
    ],
    ['a command that there is not', ['release', 'chekc'], 2, /unknown command 'chekc'\n\(Did you mean check\?\)/],
    ['an option that there is not', ['release', 'check', '--al'], 2, /unknown option '--al'/],
    [
      'a split that cannot be read',
      ['release', 'publish', '--prompt', 'verifyIdentity:v1'],
      2,
      /is not like verifyIdentity=v2/,
    ],
    [
      'a policy that there is not',
      ['release', 'publish', '--policy', 'lax'],
      1,
      'There is no policy lax; there are standard-1.',
    ],
    ['a release that there is not', ['release', 'use', 'r99'], 2, /There is no release r99. There are: r1-/],
  ])('%s', async (_, words, exit, told) => {
    const { type } = await commandLine();
    const result = await type(...words);
    expect(result.exit).toBe(exit);
    expect(result.out).toBe('');
    if (typeof told === 'string') expect(result.err.trim()).toBe(told);
    else expect(result.err).toMatch(told);
  });
});

describe('governor release', () => {
  it('publishes a split and lets new cases take it (PM-58, PM-60)', async () => {
    const { type, read } = await commandLine();
    const { exit, out } = await type(
      'release',
      'publish',
      '--prompt',
      'verifyIdentity=v1:90,v2:10',
      '--note',
      'try v2 on a tenth',
    );
    expect(exit).toBe(0);
    expect(out).toContain(`Published ${(await read('current')).trim()}.`);
    expect((await type('release', 'show')).out).toMatch(/verifyIdentity +v1:90,v2:10/);
  });

  it('publishes without using, and uses by number', async () => {
    const { type, read, second } = await commandLine();
    await type('release', 'publish', '--prompt', 'verifyIdentity=v1', '--no-use');
    expect((await read('current')).trim()).toBe(second.id);
    expect((await type('release', 'use', 'r3')).exit).toBe(0);
    expect((await read('current')).trim()).toMatch(/^r3-/);
  });

  it('writes nothing where nothing would differ', async () => {
    const { type, second } = await commandLine();
    expect((await type('release', 'publish')).out).toBe(`Nothing would differ from ${second.id}, which stays.\n`);
  });

  it('checks: 0 for a good one, 1 and the reasons for a broken one', async () => {
    const { type, edit, second, first } = await commandLine();
    expect(await type('release', 'check')).toEqual({ exit: 0, out: `${second.id} is good.\n`, err: '' });
    await edit('verify-identity/v1.md', (text) => `${text}\n`);
    expect((await type('release', 'check')).exit).toBe(0);
    const all = await type('release', 'check', '--all');
    expect(all.exit).toBe(1);
    expect(all.out).toContain(
      `${first.id} is broken:\n  The prompt verifyIdentity v1 was changed after it had been released.`,
    );
  });

  it('tells the same as JSON', async () => {
    const { type, first, second } = await commandLine();
    const json = async (...words: string[]) => JSON.parse((await type(...words, '--json')).out);
    expect(await json('release', 'check', '--all')).toEqual(
      [first, second].map(({ id }) => ({ release: id, problems: [] })),
    );
    expect(await json('release', 'show', 'r1')).toEqual(first);
    expect(await json('release', 'list')).toMatchObject([
      { id: first.id, current: false },
      { id: second.id, current: true },
    ]);
    expect(await json('prompts', 'list')).toContainEqual({
      agent: 'verifyIdentity',
      inUse: [{ version: 'v2', weight: 1 }],
      released: ['v1', 'v2'],
      onDisk: ['v1', 'v2'],
    });
  });

  it('still lists, and still changes over, when current names nothing', async () => {
    const { type, remove, read, second } = await commandLine();
    await remove('current');
    expect((await type('release', 'list')).out).toContain(second.id);
    expect(await type('release', 'check')).toEqual({ exit: 1, out: '', err: 'prompts/current names no release.\n' });
    expect((await type('release', 'use', second.id)).exit).toBe(0);
    expect((await read('current')).trim()).toBe(second.id);
  });

  it('refuses to use a broken one, and changes nothing', async () => {
    const { type, edit, first, second, read } = await commandLine();
    await edit(`releases/${first.id}.json`, (text) => text.replace('"weight": 1', '"weight": 2'));
    const { exit, err } = await type('release', 'use', first.id);
    expect(exit).toBe(1);
    expect(err).toContain(`The release ${first.id} was changed after it had been published.`);
    expect((await read('current')).trim()).toBe(second.id);
  });
});
