import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Release } from '../contracts/release.ts';
import { broken } from './read.ts';

/** Writes a release's file, whole or not at all. A file that is there already is never touched. */
export async function writeRelease(dir: string, release: Release): Promise<void> {
  const path = join(dir, 'releases', `${release.id}.json`);
  const temporary = await writeBeside(path, `${JSON.stringify(release, null, 2)}\n`);
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw broken(`There is a release ${release.id} already.`, { release: release.id });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Lets `current` name another release; a reader sees the old id or the new one, and nothing between. */
export async function writeCurrent(dir: string, id: string): Promise<void> {
  const path = join(dir, 'current');
  await rename(await writeBeside(path, `${id}\n`), path);
}

/** On disk before it gets its name, so that no crash leaves half a file behind it. */
async function writeBeside(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}
