import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Found } from './wheel.ts';

const FROM = "the SDK's own download of the server";
/** The program is about 50 MB zipped; where downloads are not possible, the SDK says so at once. */
const PATIENCE_MS = 120_000;

/** The server that the SDK downloads for tests, kept under `stateDir`. */
export async function sdkServer(stateDir: string): Promise<Found> {
  const directory = join(stateDir, 'server', 'sdk');
  const kept = await programIn(directory);
  if (kept) return { path: kept, from: FROM };
  await mkdir(directory, { recursive: true });
  try {
    // The SDK downloads only in order to start, and keeps a runtime in the process that asked: so a process of its own.
    const args = ['--input-type=module', '--eval', DOWNLOAD, directory];
    await promisify(execFile)(process.execPath, args, { timeout: PATIENCE_MS, cwd: import.meta.dirname });
  } catch {
    return { why: "the SDK's own download of the server did not work" };
  }
  const path = await programIn(directory);
  return path ? { path, from: FROM } : { why: "the SDK's own download left no program" };
}

const DOWNLOAD = `
import { TestWorkflowEnvironment } from '@temporalio/testing';
const executable = { type: 'cached-download', downloadDir: process.argv[1], ttl: '365d' };
const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
await environment.teardown();
`;

async function programIn(directory: string): Promise<string | undefined> {
  const names = await readdir(directory).catch(() => []);
  const name = names.find((each) => each.startsWith('temporal-') && !each.endsWith('.downloading'));
  return name && join(directory, name);
}
