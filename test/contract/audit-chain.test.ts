import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { append, verifyChain } from '../../tools/audit/chain.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { STORES, type TestStore } from '../support/databases.ts';

describe.each(STORES)('the audit chain on %s', (_name, start) => {
  let store: TestStore;
  let database: Database;
  beforeAll(async () => {
    store = await start();
    database = await openDatabase(store);
  });
  afterAll(async () => {
    await database.destroy();
    await store.stop();
  });

  test('stays whole under 20 appends at once, and notices every kind of tampering', async () => {
    const entry = (n: number) => ({
      caseId: `case-${n}`,
      outcome: 'onboarded',
      decisionsDigest: 'a'.repeat(64),
      summary: 'done',
    });
    const context = (n: number) => ({
      run: 'run-1',
      key: `audit-${n}`,
      signal: AbortSignal.timeout(10_000),
      now: () => n,
    });
    const written = await Promise.all(
      Array.from({ length: 20 }, (_, n) => database.transaction().execute((tx) => append(entry(n), context(n), tx))),
    );
    expect(await verifyChain(database, written)).toEqual({ whole: true, entries: 20 });

    const row = await database.selectFrom('audit').selectAll().where('sequence', '=', 7).executeTakeFirstOrThrow();
    const last = await database.selectFrom('audit').selectAll().where('sequence', '=', 20).executeTakeFirstOrThrow();
    const before = await database.selectFrom('audit').selectAll().where('sequence', '=', 19).executeTakeFirstOrThrow();
    const all = await database.selectFrom('audit').selectAll().execute();
    const heads = await database.selectFrom('auditHead').selectAll().execute();
    const restore = async () => {
      await database.deleteFrom('audit').execute();
      await database.insertInto('audit').values(all).execute();
      await database
        .updateTable('auditHead')
        .set({ sequence: heads[0]?.sequence ?? 0, hash: heads[0]?.hash ?? '' })
        .execute();
    };
    const tamperings: Record<string, () => Promise<unknown>> = {
      edit: () => database.updateTable('audit').set({ outcome: 'failed' }).where('sequence', '=', 7).execute(),
      delete: () => database.deleteFrom('audit').where('sequence', '=', 7).execute(),
      reorder: async () => {
        await database.updateTable('audit').set({ sequence: 1007 }).where('sequence', '=', 7).execute();
        await database.updateTable('audit').set({ sequence: 7 }).where('sequence', '=', 8).execute();
        await database.updateTable('audit').set({ sequence: 8 }).where('sequence', '=', 1007).execute();
      },
      insert: () =>
        database
          .insertInto('audit')
          .values({ ...row, sequence: 21, key: 'forged', previous: last.hash, hash: 'f'.repeat(64) })
          .execute(),
      truncate: () => database.deleteFrom('audit').where('sequence', '=', 20).execute(),
      'truncate with the head': async () => {
        await database.deleteFrom('audit').where('sequence', '=', 20).execute();
        await database.updateTable('auditHead').set({ sequence: 19, hash: before.hash }).execute();
      },
    };
    for (const [name, tamper] of Object.entries(tamperings)) {
      await tamper();
      expect(await verifyChain(database, written), name).toMatchObject({ whole: false });
      await restore();
    }
    expect(await verifyChain(database, written)).toEqual({ whole: true, entries: 20 });
    const fork = database
      .insertInto('audit')
      .values({ ...row, sequence: 99, key: 'fork', hash: 'e'.repeat(64) })
      .execute();
    await expect(fork).rejects.toThrow();
  });
});
