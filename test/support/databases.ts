import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from './postgres.ts';

/** Where a store may be, for tests that must say the same of both. */
export interface TestStore {
  readonly stateDir: string;
  readonly databaseUrl?: string;
  stop(): Promise<void>;
}

async function onSqlite(): Promise<TestStore> {
  const stateDir = await mkdtemp(join(tmpdir(), 'governor-store-'));
  return { stateDir, stop: () => rm(stateDir, { recursive: true, force: true }) };
}

async function onPostgres(): Promise<TestStore> {
  const files = await onSqlite();
  const postgres = await startPostgres();
  const stop = async () => {
    await postgres.stop();
    await files.stop();
  };
  return { stateDir: files.stateDir, databaseUrl: postgres.url, stop };
}

export const STORES: readonly [string, () => Promise<TestStore>][] = [
  ['SQLite', onSqlite],
  ['Postgres', onPostgres],
];
