import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Found } from './wheel.ts';

const FROM = "the SDK's own download of the server";
/** The program is about 50 MB zipped; where downloads are not possible, the SDK says so at once. */
const PATIENCE_MS = 120_000;

const directoryIn = (stateDir: string): string => join(stateDir, 'server', 'sdk');

/** The server that an earlier start has downloaded. */
export async function keptDownload(stateDir: string): Promise<{ path: string; from: string } | undefined> {
  const path = await programIn(directoryIn(stateDir));
  return path ? { path, from: FROM } : undefined;
}

/** The server that the SDK downloads for tests, kept under `stateDir`. */
export async function sdkServer(stateDir: string, log: (words: string) => void): Promise<Found> {
  const directory = directoryIn(stateDir);
  await mkdir(directory, { recursive: true });
  log('Temporal: fetching the server as the SDK does, about 50 MB; only this once.');
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
