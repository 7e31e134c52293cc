import { mkdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const LOCK_FILE = 'house.lock';

/** What is ours for as long as we live: the operating system lets go of it, however we end. */
export interface HouseLock {
  release(): void;
}

/** Takes the folder for one house, or gives nothing where another one runs on it. */
export const lockHouse = (stateDir: string): HouseLock | undefined => takeLock(stateDir, LOCK_FILE);

/**
 * Claims a port among the houses of this user, or gives nothing where another one has it. Two that start at the same
 * moment both find the port free, and the one that came too late would take the other's server for its own.
 */
export const claimPort = (port: number): HouseLock | undefined =>
  takeLock(join(tmpdir(), `governor-ports-${userInfo().uid}`), `${port}.lock`);

function takeLock(folder: string, file: string): HouseLock | undefined {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, file), { timeout: 0 });
  try {
    // An empty database, held whole: nothing is ever written into it, and a lock of a dead process is gone.
    database.exec('begin exclusive');
  } catch {
    database.close();
    return undefined;
  }
  return { release: () => database.close() };
}

/** Removes what is in a folder that is locked by us, but for the lock. */
export async function emptyHouse(stateDir: string): Promise<void> {
  const names = (await readdir(stateDir)).filter((name) => name !== LOCK_FILE);
  for (const name of names) await rm(join(stateDir, name), { recursive: true, force: true });
}

/** Every folder at or right under `stateDir` on which a house runs. */
export async function runningHouses(stateDir: string): Promise<string[]> {
  const entries = await readdir(stateDir, { withFileTypes: true }).catch(() => []);
  const folders = [stateDir, ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(stateDir, name))];
  const held = await Promise.all(folders.map(async (folder) => ((await isHeld(folder)) ? [folder] : [])));
  return held.flat();
}

async function isHeld(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((): string[] => []);
  if (!names.includes(LOCK_FILE)) return false;
  const lock = lockHouse(folder);
  lock?.release();
  return lock === undefined;
}
