import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Agent } from '../../agents/define-agent.ts';
import { agents } from '../../agents/index.ts';
import { PromptFiles } from '../../prompts/files.ts';
import { publishRelease, useRelease } from '../../prompts/publish.ts';

const ORIGINAL = fileURLToPath(new URL('../../prompts', import.meta.url));
const HISTORY = ['current', 'releases'];

/** A folder with the house's prompts and policies, and two releases of its own: verifyIdentity at v1, then at v2. */
export async function promptsFolder(catalogue: Readonly<Record<string, Agent>> = agents) {
  const dir = await mkdtemp(join(tmpdir(), 'prompts-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const wanted = (path: string) =>
    !path.endsWith('.ts') && !HISTORY.some((name) => path.startsWith(join(ORIGINAL, name)));
  await cp(ORIGINAL, dir, { recursive: true, filter: wanted });
  await keepOnePolicy(dir);

  const files = new PromptFiles(dir);
  const atV1 = Object.fromEntries(Object.keys(catalogue).map((name) => [name, [{ version: 'v1', weight: 1 }]]));
  const first = await publishRelease(files, catalogue, { prompts: atV1, policy: 'standard-1', note: 'first' });
  await useRelease(files, catalogue, first.id);
  const v2 = { verifyIdentity: [{ version: 'v2', weight: 1 }] };
  const second = await publishRelease(files, catalogue, { prompts: v2, note: 'second' });
  await useRelease(files, catalogue, second.id);

  return {
    dir,
    first,
    second,
    /** Reads anew, as another process would. */
    files: () => new PromptFiles(dir),
    read: (path: string) => readFile(join(dir, path), 'utf8'),
    write: (path: string, text: string) => writeFile(join(dir, path), text),
    edit: async (path: string, change: (text: string) => string) =>
      writeFile(join(dir, path), change(await readFile(join(dir, path), 'utf8'))),
    remove: (path: string) => rm(join(dir, path)),
  };
}

/** The newest policy alone, as standard-1: which number it has by now is nothing that a test is about. */
async function keepOnePolicy(dir: string): Promise<void> {
  const policies = join(dir, 'policies');
  const numbers = (await readdir(policies)).map((name) => Number(/^standard-(\d+)\.json$/.exec(name)?.[1] ?? 0));
  const newest = `standard-${Math.max(...numbers)}`;
  const text = await readFile(join(policies, `${newest}.json`), 'utf8');
  await rm(policies, { recursive: true });
  await mkdir(policies);
  await writeFile(join(policies, 'standard-1.json'), text.replace(`"${newest}"`, '"standard-1"'));
}
