import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Agent } from '../../agents/define-agent.ts';
import { agents } from '../../agents/index.ts';
import { PromptFiles } from '../../prompts/files.ts';
import { publishRelease } from '../../prompts/publish.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The page's files: a path in backticks, and the fenced block under it. */
async function filesOnPage(): Promise<Map<string, string>> {
  const page = await readFile(join(ROOT, 'docs/adding-an-agent.md'), 'utf8');
  const blocks = [...page.matchAll(/^`([\w./-]+)`\n```\w+\n([\s\S]*?)^```$/gm)];
  return new Map(blocks.map(([, path = '', text = '']) => [path, text]));
}

it('leads to an agent that the house takes, and a release that pins it', async () => {
  const files = await filesOnPage();
  expect([...files.keys()]).toEqual(['agents/note-referral.ts', 'prompts/note-referral/v1.md']);

  await mkdir(join(ROOT, '.governor'), { recursive: true });
  const copy = await mkdtemp(join(ROOT, '.governor', 'page-'));
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  for (const folder of ['agents', 'contracts', 'prompts'])
    await cp(join(ROOT, folder), join(copy, folder), { recursive: true });
  await mkdir(join(copy, 'prompts/note-referral'));
  for (const [path, text] of files) await writeFile(join(copy, path), text);

  const { noteReferral } = (await import(join(copy, 'agents/note-referral.ts'))) as { noteReferral: Agent };
  const { refuseAgent } = (await import(join(copy, 'agents/check-agent.ts'))) as {
    refuseAgent(agent: Agent): string[];
  };
  expect(refuseAgent(noteReferral)).toEqual([]);
  const release = await publishRelease(
    new PromptFiles(join(copy, 'prompts')),
    { ...agents, noteReferral },
    { note: 'sales hears of referrals' },
  );
  expect(release.agents['noteReferral']?.prompts).toMatchObject([{ version: 'v1' }]);
  expect(release.agents['noteReferral']?.worstCaseMicroUsd).toBeGreaterThan(0);
});
