import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeOfCases } from '../../workers/cli-server.ts';
import { loadConfig } from '../../workers/config.ts';
import { type HouseLock, lockHouse } from '../../workers/house-lock.ts';
import { findHouses, leaveNote } from '../../workers/house-note.ts';

let folder: string;
let locks: HouseLock[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'governor-note-'));
  locks = [];
});
afterEach(() => {
  for (const lock of locks.splice(0)) lock.release();
  rmSync(folder, { recursive: true, force: true });
});

/** A house that runs, as others see it. */
function house(stateDir: string, address: string) {
  mkdirSync(stateDir, { recursive: true });
  const lock = lockHouse(stateDir);
  if (lock) locks.push(lock);
  return leaveNote(stateDir, { address, apiUrl: 'http://127.0.0.1:7300' });
}

const place = (env: Record<string, string> = {}) => placeOfCases(loadConfig({ GOVERNOR_STATE_DIR: folder, ...env }));

describe('the command line finds', () => {
  it('nothing where nothing runs', async () => {
    expect(await place()).toBeUndefined();
  });

  it('the house on the state folder, before a demo under it', async () => {
    house(join(folder, 'demo'), '127.0.0.1:2');
    expect(await place()).toMatchObject({ address: '127.0.0.1:2', stateDir: join(folder, 'demo') });
    house(folder, '127.0.0.1:1');
    expect(await place()).toMatchObject({ address: '127.0.0.1:1', stateDir: folder });
  });

  it('the server that is configured, before any house', async () => {
    house(folder, '127.0.0.1:1');
    expect(await place({ TEMPORAL_ADDRESS: 'temporal.example:7233' })).toEqual({ address: 'temporal.example:7233' });
  });

  it('no house that has stopped, was killed, or says nothing that can be read', async () => {
    house(folder, '127.0.0.1:1').stop();
    expect(await findHouses(folder)).toEqual([]);
    writeFileSync(join(folder, 'house.json'), '{"address": 7}');
    expect(await findHouses(folder)).toEqual([]);
    leaveNote(folder, { address: '127.0.0.1:1' });
    expect(await findHouses(folder)).toHaveLength(1);
    for (const lock of locks.splice(0)) lock.release();
    expect(await findHouses(folder)).toEqual([]);
  });
});
