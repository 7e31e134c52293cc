import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../client/cli/run.ts';
import { append } from '../../tools/audit/chain.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { receive } from '../../tools/tickets/messages.ts';
import { assign, classify, correct } from '../../tools/tickets/tickets.ts';
import { auditCommands } from '../../workers/audit-commands.ts';

const AT = '2026-11-22T10:00:00.000Z';
const stateDir = mkdtempSync(join(tmpdir(), 'governor-audit-'));
let database: Database;

beforeAll(async () => {
  database = await openDatabase({ stateDir });
  const decision = { at: AT, step: 'createOrder', agent: 'createOrder', tool: 'orders.create', outcome: 'done' };
  const answer = {
    approval: 'a-1',
    verdict: 'approve',
    by: 'tomas',
    role: 'manager',
    at: AT,
    identity: 'signed' as const,
  };
  const decisions = [
    {
      ...decision,
      verdict: 'needs-approval',
      rule: 'large-order',
      costMicroUsd: 5,
      kind: 'proposal',
      answers: [{ ...answer, for: 'ruth' }],
    },
    { ...decision, step: 'writeNote\u001b[2J', verdict: 'allowed', costMicroUsd: 0, answers: [] },
  ];
  const entry = { caseId: 'case-1', process: 'placeOrder', outcome: 'ordered', summary: 's', decisions };
  await database
    .transaction()
    .execute((tx) => append({ ...entry, decisionsDigest: 'a'.repeat(64) }, context('audit'), tx));
});
afterAll(async () => {
  await database.destroy();
  rmSync(stateDir, { recursive: true, force: true });
});

const context = (key: string) => ({
  run: 'run-1',
  key,
  signal: AbortSignal.timeout(10_000),
  now: () => Date.parse(AT),
});

async function governor(...words: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const exit = await runCommandLine(['audit', ...words], [auditCommands({ stateDir })], terminal);
  return { exit, out: out.join('\n'), err: err.join('\n') };
}

describe('governor audit', () => {
  it('lists what was decided, by whom and for whom, and nothing that moves a cursor', async () => {
    const { out, exit } = await governor('list', '--process', 'placeOrder');
    expect(exit).toBe(0);
    expect(out).toMatch(/createOrder +done +needs-approval +large-order +approve by tomas \(manager\) for ruth$/m);
    expect(out).not.toContain('\u001b');
    expect((await governor('list', '--kind', 'finding')).out).toBe('Nothing was decided.');
    const { out: lines } = await governor('list', '--case', 'case-1', '--kind', 'proposal', '--json');
    expect(JSON.parse(lines)).toMatchObject({ caseId: 'case-1', kind: 'proposal', answers: [{ by: 'tomas' }] });
  });

  it('says when there is more, and what is no number', async () => {
    expect((await governor('list', '--limit', '1')).err).toMatch(/There are more/);
    expect(await governor('list', '--limit', 'all')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('--limit'),
    });
  });

  it('finds the record whole, until somebody edits it behind our back', async () => {
    expect(await governor('verify')).toMatchObject({ exit: 0, out: 'The audit chain is whole: 1 entries.' });
    const at = () => database.updateTable('auditDecisions').where('position', '=', 0);
    await at().set({ subject: 'another' }).execute();
    expect(await governor('verify')).toMatchObject({ exit: 1, err: expect.stringContaining('entry 1 was changed') });
    await at().set({ subject: null }).execute();
    expect(await governor('verify')).toMatchObject({ exit: 0 });
  });

  it('holds what was read of tickets against what people corrected, as an outcome', async () => {
    expect(JSON.parse((await governor('agreement')).out)).toMatchObject({ readings: 0, agreement: 1 });
    const tickets = await Promise.all(['a', 'b', 'c', 'd'].map(routed));
    const move = { ticketId: tickets[0] ?? '', from: 'cards', to: 'cash', by: 'marta.lindqvist', reason: 'a machine' };
    await database.transaction().execute((tx) => correct(move, context('correct'), tx));
    expect(JSON.parse((await governor('agreement')).out)).toEqual({
      readings: 4,
      corrected: 1,
      agreement: 0.75,
      meanConfidence: { agreeing: 0.9, disagreeing: 0.9 },
      confusions: [{ read: 'cards', right: 'cash', times: 1 }],
    });
    const { out } = await governor('list', '--kind', 'correction', '--json');
    expect(JSON.parse(out)).toMatchObject({
      subject: tickets[0],
      why: 'cards was wrong, cash is right',
      answers: [{ by: 'marta.lindqvist', verdict: 'correct' }],
    });
  });
});

/** A ticket that was read as one of cards, and put there. */
async function routed(letter: string): Promise<string> {
  const digest = letter.repeat(64);
  const message = { messageDigest: digest, senderDigest: digest, subjectDigest: digest, wordsDigest: digest };
  const limits = { inReplyTo: null, mayJoin: true, loopMessages: 3, loopMinutes: 5, sameWithinMinutes: 60 };
  const tx = <T>(work: (store: Parameters<typeof receive>[2]) => Promise<T>) => database.transaction().execute(work);
  const { ticketId } = await tx((store) => receive({ ...message, ...limits }, context(`receive-${letter}`), store));
  const reading = {
    ticketId,
    queue: { name: 'cards', confidence: 0.9 },
    priority: { level: 'normal' as const, confidence: 0.9 },
    language: { code: 'en', confidence: 0.9 },
    intents: [],
  };
  await tx((store) => classify(reading, context(`read-${letter}`), store));
  const place = { ticketId, destination: 'cards', priority: 'normal' as const, rule: 'classified', dueAt: null };
  await tx((store) => assign({ ...place, identifiers: [], note: 'n' }, context(`assign-${letter}`), store));
  return ticketId;
}
