import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ToolInput } from '../../contracts/tool.ts';
import {
  type AuditedAnswer,
  type AuditedDecision,
  type appendAudit,
  CORRECTION,
  listAudit,
  type PastDecision,
} from '../../contracts/tools/audit.ts';
import { append, verifyChain } from '../../tools/audit/chain.ts';
import { listDecisions } from '../../tools/audit/kept.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { STORES, type TestStore } from '../support/databases.ts';

const AT = '2026-11-22T10:00:00.000Z';

const yes: AuditedAnswer = {
  approval: 'createOrder-1',
  verdict: 'approve',
  by: 'tomas.okonjo',
  role: 'manager',
  at: AT,
  reason: 'checked with\u0000 lena@north.example and +43 660 1234567 \ud800',
  identity: 'signed',
  for: 'ruth.achterberg',
};

const decision = (special: Partial<AuditedDecision> = {}): AuditedDecision => ({
  at: AT,
  step: 'createOrder',
  agent: 'createOrder',
  tool: 'orders.create',
  outcome: 'done',
  verdict: 'needs-approval',
  rule: 'large-order',
  why: 'above 5,000.00 EUR',
  confidence: 0.8300000000000001,
  model: 'embedded',
  prompt: 'v1 0123456789ab',
  costMicroUsd: 1200,
  kind: 'proposal',
  subject: 'ORD-7',
  answers: [yes],
  remarks: [{ at: AT, by: 'ruth.achterberg', verdict: 'delegate', to: 'tomas.okonjo', words: 'call +43 660 1234567' }],
  ...special,
});

const entry = (n: number, decisions?: AuditedDecision[]): ToolInput<typeof appendAudit> => ({
  caseId: `case-${n}`,
  outcome: 'ordered',
  decisionsDigest: 'a'.repeat(64),
  summary: 'done',
  ...(decisions ? { process: n % 2 ? 'placeOrder' : 'approveExpense', decisions } : {}),
});

const context = (n: number) => ({
  run: 'run-1',
  key: `audit-${n}`,
  signal: AbortSignal.timeout(10_000),
  now: () => Date.parse(AT) + n,
});

describe.each(STORES)('the decisions under the audit chain on %s', (_name, start) => {
  let store: TestStore;
  let database: Database;
  const write = (n: number, decisions?: AuditedDecision[]) =>
    database.transaction().execute((tx) => append(entry(n, decisions), context(n), tx));
  const list = (asked: Partial<ToolInput<typeof listAudit>> = {}) => listDecisions(database, { limit: 200, ...asked });

  beforeAll(async () => {
    store = await start();
    database = await openDatabase(store);
    await write(1, [decision(), decision({ step: 'second', kind: 'finding', subject: 'ORD-8' })]);
    // A case that began before decisions were kept.
    await write(2);
    await write(3, [decision({ step: 'third' })]);
    await write(4, [decision({ step: 'fourth', subject: 'E-1 line a', answers: [] })]);
  });
  afterAll(async () => {
    await database.destroy();
    await store.stop();
  });

  test('come back as they were said, with nobody\u2019s address or number in them (OB-91)', async () => {
    const { decisions, more } = await list({ caseId: 'case-1' });
    expect(more).toBe(false);
    const reason = 'checked with [mail-1] and [phone-2] \ufffd';
    const past: PastDecision = {
      ...decision({
        answers: [{ ...yes, reason }],
        remarks: [{ at: AT, by: 'ruth.achterberg', verdict: 'delegate', to: 'tomas.okonjo', words: 'call [phone-1]' }],
      }),
      caseId: 'case-1',
      process: 'placeOrder',
    };
    expect(decisions[0]).toEqual(past);
    expect(decisions.map(({ step }) => step)).toEqual(['createOrder', 'second']);
    expect(listAudit.output.parse({ decisions, more })).toEqual({ decisions, more });
  });

  test('are found by case, process, kind and subject, newest case first, and say when there are more', async () => {
    const steps = async (asked: Parameters<typeof list>[0]) => (await list(asked)).decisions.map(({ step }) => step);
    expect(await steps({})).toEqual(['fourth', 'third', 'createOrder', 'second']);
    expect(await steps({ process: 'placeOrder' })).toEqual(['third', 'createOrder', 'second']);
    expect(await steps({ process: 'placeOrder', kind: 'finding' })).toEqual(['second']);
    expect(await steps({ kind: 'proposal', subject: 'ORD-7' })).toEqual(['third', 'createOrder']);
    expect(await steps({ subject: "' or 1=1 --" })).toEqual([]);
    expect(await list({ limit: 1 })).toMatchObject({ decisions: [{ step: 'fourth' }], more: true });
  });

  test('belong to the chain: whoever edits, removes, adds or moves one is found out', async () => {
    expect(await verifyChain(database)).toEqual({ whole: true, entries: 4 });
    const table = 'auditDecisions' as const;
    const all = await database.selectFrom(table).selectAll().execute();
    const [first] = all;
    if (!first) throw new Error('Nothing was kept.');
    const forged = JSON.stringify({ ...JSON.parse(first.decision), verdict: 'allowed' });
    const at = (sequence: number) => database.updateTable(table).where('sequence', '=', sequence);
    const tamperings: Record<string, () => Promise<unknown>> = {
      'another verdict': () => at(1).set({ decision: forged }).where('position', '=', 0).execute(),
      'another subject': () => at(3).set({ subject: 'ORD-9' }).execute(),
      'another case': () => at(4).set({ caseId: 'case-9' }).execute(),
      'one removed': () => database.deleteFrom(table).where('sequence', '=', 1).where('position', '=', 1).execute(),
      'all of a case removed': () => database.deleteFrom(table).where('sequence', '=', 3).execute(),
      'one added': () =>
        database
          .insertInto(table)
          .values({ ...first, position: 2 })
          .execute(),
      'one added to a case without any': () =>
        database
          .insertInto(table)
          .values({ ...first, sequence: 2 })
          .execute(),
      'one under an entry that is not there': () =>
        database
          .insertInto(table)
          .values({ ...first, sequence: 99 })
          .execute(),
      'one moved to another case': () => at(4).set({ sequence: 2 }).execute(),
    };
    for (const [name, tamper] of Object.entries(tamperings)) {
      await tamper();
      expect(await verifyChain(database), name).toMatchObject({ whole: false });
      await database.deleteFrom(table).execute();
      await database.insertInto(table).values(all).execute();
    }
    expect(await verifyChain(database)).toEqual({ whole: true, entries: 4 });
  });

  test('are there with their entry or not at all', async () => {
    const half = database.transaction().execute(async (tx) => {
      await append(entry(5, [decision()]), context(5), tx);
      throw new Error('the power went');
    });
    await expect(half).rejects.toThrow('the power went');
    expect((await list({ caseId: 'case-5' })).decisions).toEqual([]);
    expect(await verifyChain(database)).toEqual({ whole: true, entries: 4 });
  });

  test('of a long case all have room, and a list that would be too long is cut', async () => {
    const long = Array.from({ length: 200 }, (_, n) =>
      decision({
        step: `step-${n}`,
        why: '語'.repeat(500),
        answers: Array(3).fill({ ...yes, reason: '語'.repeat(500) }),
      }),
    );
    await write(6, long);
    const listed = await list({ caseId: 'case-6' });
    expect(listed.more).toBe(true);
    expect(listed.decisions.length).toBeGreaterThan(50);
    expect(Buffer.byteLength(JSON.stringify(listed))).toBeLessThan(listAudit.maxAnswerBytes);
    expect(await verifyChain(database)).toEqual({ whole: true, entries: 5 });
  });

  test('are followed by what people corrected, from the moment they did', async () => {
    const outcome = { key: 'k', ticketId: 'tkt-0123456789ab', wrong: 'cards', right: 'cash', by: 'marta.lindqvist' };
    await database
      .insertInto('ticketOutcomes')
      .values({ ...outcome, reason: 'it is about a cash machine', at: Date.parse(AT) })
      .execute();
    const { decisions } = await list({ kind: CORRECTION });
    expect(decisions).toMatchObject([
      {
        caseId: 'watch-tkt-0123456789ab',
        kind: 'correction',
        why: 'cards was wrong, cash is right',
        answers: [{ by: 'marta.lindqvist', verdict: 'correct', reason: 'it is about a cash machine' }],
      },
    ]);
    expect((await list({ kind: CORRECTION, subject: 'tkt-ffffffffffff' })).decisions).toEqual([]);
    expect((await list({ kind: CORRECTION, process: 'placeOrder' })).decisions).toEqual([]);
  });
});

describe.each(STORES)('the decisions of several tenants on %s', (_name, start) => {
  let store: TestStore;
  let database: Database;
  beforeAll(async () => {
    store = await start();
    database = await openDatabase(store);
    for (const [n, tenant] of [undefined, 'default', 'north', 'south'].entries()) {
      const call = { ...entry(2 * n + 1, [decision()]), ...(tenant ? { tenant } : {}) };
      await database.transaction().execute((tx) => append(call, context(n), tx));
    }
  });
  afterAll(async () => {
    await database.destroy();
    await store.stop();
  });
  const cases = async (tenant?: string) => {
    const { decisions } = await listDecisions(database, { limit: 200, ...(tenant ? { tenant } : {}) });
    return decisions.map(({ caseId }) => caseId).toSorted();
  };

  test('each sees its own alone, and `default` those of nobody too (BA-88)', async () => {
    expect(await cases('north')).toEqual(['case-5']);
    expect(await cases('south')).toEqual(['case-7']);
    expect(await cases('default')).toEqual(['case-1', 'case-3']);
    expect(await cases('west')).toEqual([]);
    expect(await cases()).toEqual(['case-1', 'case-3', 'case-5', 'case-7']);
  });

  test('a decision that was given to another tenant breaks the chain', async () => {
    expect(await verifyChain(database)).toEqual({ whole: true, entries: 4 });
    await database.updateTable('auditDecisions').set({ tenant: 'north' }).where('caseId', '=', 'case-7').execute();
    expect(await verifyChain(database)).toMatchObject({ whole: false });
  });
});
