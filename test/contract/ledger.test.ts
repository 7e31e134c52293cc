import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Failed, fail } from '../../contracts/failures.ts';
import type { Tool } from '../../contracts/tool.ts';
import { postNotification } from '../../contracts/tools/notifications.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { createLedger, type Outside } from '../../tools/ledger.ts';
import { rejected, unavailable } from '../../tools/trouble.ts';
import { STORES, type TestStore } from '../support/databases.ts';
import { failureOf } from '../support/tool-callers.ts';

const TOOL: Tool = { ...postNotification, guarded: postNotification.guarded, outgoing: [] };
const LEASE_MS = 1000;

describe.each(STORES)('the ledger on %s', (_name, start) => {
  let store: TestStore;
  let database: Database;
  let now = 1_000_000;

  beforeAll(async () => {
    store = await start();
    database = await openDatabase(store);
  });
  afterAll(async () => {
    await database.destroy();
    await store.stop();
  });

  const ledger = () => createLedger(database, () => now);
  const asked = (key: string, message = 'hello', subjectId = 'acc-1', run = 'run-1') => ({
    tool: TOOL,
    key,
    run,
    call: { subjectId, allowedChannels: ['sales'], channel: 'sales', message },
  });
  const done = { notificationId: 'n', channel: 'sales' };
  const effect = (act: Outside['act'], more: Partial<Outside> = {}): Outside => ({
    leaseMs: LEASE_MS,
    repeatable: true,
    act,
    ...more,
  });
  const lost = () => Promise.reject(unavailable('test'));

  test('does an effect once, and gives its result ever after (PF-39, PF-46)', async () => {
    let times = 0;
    const act = async () => {
      times += 1;
      return { ...done, notificationId: `n${times}` };
    };
    const first = await ledger().outside(asked('once'), effect(act));
    const second = await ledger().outside(asked('once', 'in other words'), effect(act));
    expect([first.replayed, second.replayed, times]).toEqual([false, true, 1]);
    expect(second).toMatchObject({ answer: first.answer, call: { message: 'hello' } });
  });

  test('says when it was another run that did it, and only then (PF-46)', async () => {
    await ledger().outside(
      asked('whose'),
      effect(async () => done),
    );
    expect(
      await ledger().outside(
        asked('whose'),
        effect(async () => done),
      ),
    ).not.toHaveProperty('ofAnotherRun');
    const other = await ledger().outside(
      asked('whose', 'hello', 'acc-1', 'run-2'),
      effect(async () => done),
    );
    expect(other).toMatchObject({ replayed: true, ofAnotherRun: true });
  });

  test('refuses a key with other guarded arguments, whatever its state', async () => {
    await ledger().outside(
      asked('guarded'),
      effect(async () => done),
    );
    const other = await failureOf(
      ledger().outside(
        asked('guarded', 'hello', 'acc-2'),
        effect(async () => done),
      ),
    );
    expect(other.failure.type).toBe('KeyReused');
    await failureOf(ledger().outside(asked('guarded-lost'), effect(lost, { repeatable: false })));
    const lostOther = await failureOf(
      ledger().outside(
        asked('guarded-lost', 'hello', 'acc-2'),
        effect(async () => done),
      ),
    );
    expect(lostOther.failure.type).toBe('KeyReused');
  });

  test('tries again at once, in the new words, what was refused without effect', async () => {
    const refusals = [
      rejected('no'),
      unavailable('test', { effect: 'none' }),
      new Failed(fail('ToolRateLimited', 'wait')),
    ];
    for (const [index, refusal] of refusals.entries()) {
      const key = `refused-${index}`;
      await failureOf(
        ledger().outside(
          asked(key),
          effect(() => Promise.reject(refusal), { repeatable: false }),
        ),
      );
      const words: unknown[] = [];
      const act = async (call: Readonly<Record<string, unknown>>) => {
        words.push(call['message']);
        return done;
      };
      const again = await ledger().outside(asked(key, 'better words'), effect(act, { repeatable: false }));
      expect([again.replayed, words]).toEqual([false, ['better words']]);
    }
  });

  test('lets nobody in while a claim may still be at work, then looks whether it happened (PF-46)', async () => {
    await failureOf(ledger().outside(asked('lost'), effect(lost, { repeatable: false })));
    const early = await failureOf(
      ledger().outside(
        asked('lost'),
        effect(async () => done, { repeatable: false }),
      ),
    );
    expect([early.failure.type, early.retryAfterMs]).toEqual(['EffectInFlight', LEASE_MS]);

    now += LEASE_MS;
    const readBack = async () => ({ state: 'done' as const, answer: done });
    const never = async () => Promise.reject(new Error('must not act'));
    const found = await ledger().outside(asked('lost', 'other words'), effect(never, { repeatable: false, readBack }));
    expect(found).toEqual({ answer: done, replayed: true, call: asked('lost').call });
  });

  test('does again what surely did not happen, and in the words of the first call', async () => {
    await failureOf(ledger().outside(asked('absent'), effect(lost, { repeatable: false })));
    now += LEASE_MS;
    const words: unknown[] = [];
    const act = async (call: Readonly<Record<string, unknown>>) => {
      words.push(call['message']);
      return done;
    };
    const readBack = async () => ({ state: 'absent' as const });
    const again = await ledger().outside(asked('absent', 'other words'), effect(act, { repeatable: false, readBack }));
    expect([again.call, words]).toEqual([asked('absent').call, ['hello']]);
  });

  test('says that nobody knows, and goes on saying it until somebody does', async () => {
    await failureOf(ledger().outside(asked('unknown'), effect(lost, { repeatable: false })));
    now += LEASE_MS;
    for (const _ of [1, 2]) {
      const unknown = await failureOf(
        ledger().outside(
          asked('unknown'),
          effect(async () => done, { repeatable: false }),
        ),
      );
      expect(unknown.failure.type).toBe('EffectUnknown');
    }
    const readBack = async () => ({ state: 'done' as const, answer: done });
    const known = await ledger().outside(asked('unknown'), effect(lost, { repeatable: false, readBack }));
    expect(known.answer).toEqual(done);
  });

  test('gives an expired claim to one of many who want it', async () => {
    await failureOf(ledger().outside(asked('race'), effect(lost, { repeatable: false })));
    now += LEASE_MS;
    let times = 0;
    const readBack = async () => ({ state: 'absent' as const });
    const act = async () => {
      times += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return done;
    };
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => ledger().outside(asked('race'), effect(act, { repeatable: false, readBack }))),
    );
    expect(times).toBe(1);
    expect(results.filter((result) => result.status === 'fulfilled').length).toBeGreaterThan(0);
  });

  test('remembers a read under its key, and no failed one (PF-43)', async () => {
    let times = 0;
    const read = async () => {
      times += 1;
      if (times === 1) throw unavailable('test');
      return { ...done, notificationId: `r${times}` };
    };
    await failureOf(ledger().read(asked('read'), read));
    const first = await ledger().read(asked('read'), read);
    const second = await ledger().read(asked('read', 'other words'), read);
    expect([first.answer, second.answer, second.replayed, times]).toEqual([
      { ...done, notificationId: 'r2' },
      first.answer,
      true,
      2,
    ]);
  });

  test('leaves nothing of an effect in our own database that failed half way (PF-46)', async () => {
    const halfway = ledger().here(asked('half'), async (call, tx) => {
      await tx
        .insertInto('escalations')
        .values({
          escalationId: 'e',
          key: 'k',
          caseId: 'c',
          failureType: 'f',
          step: 's',
          queue: 'q',
          severity: 'low',
          summary: '',
          at: 0,
        })
        .execute();
      throw rejected(String(call['channel']));
    });
    await failureOf(halfway);
    expect(await database.selectFrom('escalations').select('key').where('key', '=', 'k').execute()).toEqual([]);
    expect(await ledger().here(asked('half'), async () => done)).toEqual({ answer: done, replayed: false });
  });

  test('four processes do the same keys in different orders and are killed on the way: each effect once (PF-42, PF-46)', async () => {
    const keys = Array.from({ length: 60 }, (_, n) => `key-${n}`);
    const log = join(store.stateDir, 'told.log');
    const worker = (seed: number) =>
      spawn(process.execPath, [
        join(import.meta.dirname, '../support/ledger-worker.ts'),
        store.stateDir,
        store.databaseUrl ?? '',
        keys.join(','),
        String(seed),
        log,
      ]);
    const ended = (child: ReturnType<typeof worker>) =>
      new Promise<number | null>((resolve) =>
        child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(child.exitCode),
      );
    const killed = [1, 2, 3, 4].map(worker);
    const toldSoFar = async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').length - 1;
    for (const [index, child] of killed.entries()) {
      await vi.waitUntil(async () => (await toldSoFar()) >= (index + 1) * 8, { timeout: 20_000, interval: 3 });
      child.kill('SIGKILL');
      await ended(child);
    }
    expect(await toldSoFar()).toBeLessThan(keys.length);
    expect(killed.map((child) => child.signalCode)).toEqual(Array(4).fill('SIGKILL'));
    const finishers = [5, 6, 7, 8].map(worker);
    expect(await Promise.all(finishers.map(ended))).toEqual([0, 0, 0, 0]);

    const rows = await database
      .selectFrom('ledger')
      .select(['key', 'state', 'answer'])
      .where('key', 'like', '%:key-%')
      .execute();
    expect(rows).toHaveLength(keys.length * 2);
    expect(rows.every((row) => row.state === 'done' && row.answer !== null)).toBe(true);
    expect(await database.selectFrom('accounts').select('requestId').execute()).toHaveLength(keys.length);
    const told = (await readFile(log, 'utf8')).trim().split('\n');
    expect(new Set(told).size).toBe(keys.length);
    // Only a claim whose holder was killed may be told again.
    expect(told.length - keys.length).toBeLessThanOrEqual(killed.length);
  }, 60_000);
});

test('a file that another process holds while we open it is waited for', async () => {
  const [, onSqlite] = STORES[0] ?? [];
  const store = await onSqlite?.();
  if (!store) throw new Error('There is no SQLite to test.');
  await (await openDatabase(store)).destroy();
  const holder = new DatabaseSync(join(store.stateDir, 'tools.db'));
  holder.exec('begin exclusive');
  setTimeout(() => holder.close(), 1500);
  const began = performance.now();
  await (await openDatabase(store)).destroy();
  expect(performance.now() - began).toBeGreaterThan(900);
  await store.stop();
});
