import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '..');
/** All that workflows may import of ours; test/architecture.test.ts holds them to it. */
const SOURCES = ['workflows', 'contracts', 'agents'];
const WORKFLOWS = join(ROOT, 'workflows', 'index.ts');
const KEPT_MS = 24 * 60 * 60 * 1000;

export interface BundleOptions {
  /** Path of a module that writes failures in another way than by default. */
  readonly failureConverterPath?: string | undefined;
}

/**
 * Path of the workflow bundle for this code, made the first time (some seconds of CPU) and found after that. Its name
 * holds the hash of all that goes into it, so a changed source or SDK makes another file and none is ever stale.
 */
export async function buildBundle(stateDir: string, { failureConverterPath }: BundleOptions = {}): Promise<string> {
  const variant = failureConverterPath ? `-${basename(failureConverterPath, '.ts')}` : '';
  const path = join(stateDir, `bundle-${(await fingerprint()).slice(0, 16)}${variant}.js`);
  if (await stat(path).catch(() => undefined)) return path;
  await mkdir(stateDir, { recursive: true });
  // Workers that start together each make their own, and the last whole one stays.
  const fresh = `${path}.${randomBytes(4).toString('hex')}`;
  // In a process of its own: one that has bundled keeps a quarter of a gigabyte for it.
  const wanted = [WORKFLOWS, fresh, ...(failureConverterPath ? [failureConverterPath] : [])];
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'make-bundle.ts'), ...wanted]);
  await rename(fresh, path);
  await removeOld(stateDir, path);
  return path;
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json');
  hash.update(`${version}\n`);
  hash.update(await readFile(join(import.meta.dirname, 'make-bundle.ts')));
  // Absent in an image, where packages do not change.
  hash.update(await readFile(join(ROOT, 'package-lock.json')).catch(() => ''));
  for (const file of await sources()) {
    hash.update(`\n${file}\n`);
    hash.update(await readFile(join(ROOT, file)));
  }
  return hash.digest('hex');
}

async function sources(): Promise<string[]> {
  const found = await Promise.all(
    SOURCES.map(async (folder) =>
      (await readdir(join(ROOT, folder), { recursive: true })).map((file) => join(folder, file)),
    ),
  );
  return found
    .flat()
    .filter((file) => /\.(ts|json)$/.test(file))
    .sort();
}

/** A bundle that somebody may be about to read stays for a day. */
async function removeOld(stateDir: string, current: string): Promise<void> {
  const bundles = (await readdir(stateDir))
    .filter((name) => name.startsWith('bundle-'))
    .map((name) => join(stateDir, name));
  for (const file of bundles.filter((each) => each !== current)) {
    const found = await stat(file).catch(() => undefined);
    if (found && found.mtimeMs < Date.now() - KEPT_MS) await rm(file, { force: true });
  }
}
