import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyHouse, lockHouse, runningHouses } from '../../workers/house-lock.ts';
import { emptyState } from '../../workers/reset.ts';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'governor-lock-'));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

describe('a state folder', () => {
  it('has one house at a time', () => {
    const lock = lockHouse(stateDir);
    expect(lockHouse(stateDir)).toBeUndefined();
    lock?.release();
    lockHouse(stateDir)?.release();
  });

  it('is free again when its house was killed with -9', async () => {
    const module = join(import.meta.dirname, '..', '..', 'workers', 'house-lock.ts');
    const script = `const { lockHouse } = await import(${JSON.stringify(module)}); lockHouse(process.argv[1]); console.log('locked'); setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', script, stateDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    expect(lockHouse(stateDir)).toBeUndefined();
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const lock = lockHouse(stateDir);
    expect(lock).toBeDefined();
    lock?.release();
  });

  it('is emptied but for its lock', async () => {
    const lock = lockHouse(stateDir);
    mkdirSync(join(stateDir, 'outside'));
    writeFileSync(join(stateDir, 'outside', 'mail.jsonl'), '{}\n');
    await emptyHouse(stateDir);
    expect(existsSync(join(stateDir, 'outside'))).toBe(false);
    expect(lockHouse(stateDir)).toBeUndefined();
    lock?.release();
  });

  it('is not reset while a house runs on it, or right under it', async () => {
    const demo = join(stateDir, 'demo');
    const lock = lockHouse(demo);
    expect(await runningHouses(stateDir)).toEqual([demo]);
    await expect(emptyState(stateDir, false)).rejects.toThrow('Something runs on the data');
    lock?.release();
    expect(await runningHouses(stateDir)).toEqual([]);
    await emptyState(stateDir, false);
    expect(existsSync(demo)).toBe(false);
  });
});
