import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { AUDIT_TABLES, type AuditTables } from './audit/tables.ts';
import { EXPENSE_TABLES, type ExpenseTables } from './expenses/tables.ts';
import { PAPER_TABLES, type PaperTables } from './paper-tables.ts';
import { SHOP_TABLES, type ShopTables } from './shop-tables.ts';
import { sqliteDialect } from './sqlite.ts';
import { isDatabaseTrouble } from './trouble.ts';

/** What is claimed, done, refused or unknown; JSON is kept as text, instants as milliseconds. */
export interface LedgerRow {
  key: string;
  tool: string;
  /** Digest over the guarded arguments: the same key with other ones is an error. */
  guarded: string;
  /** The call as it was really made. */
  call: string;
  /** The run that asked for it first, so that no other one undoes it. */
  run: string;
  state: 'claimed' | 'done' | 'refused' | 'unknown';
  /** Who holds the claim. */
  claim: string;
  leaseUntil: number | string;
  answer: string | null;
  at: number | string;
}

export interface Tables extends AuditTables, ShopTables, ExpenseTables, PaperTables {
  ledger: LedgerRow;
  customers: { customerId: string; name: string; company: string | null; email: string; status: string };
  accounts: {
    requestId: string;
    accountId: string | null;
    customerId: string | null;
    identityCheckId: string | null;
    displayName: string | null;
    plan: string | null;
    segment: string | null;
    owner: string | null;
    openSlots: string | null;
    state: 'open' | 'closed' | 'never-opened';
    reason: string | null;
    /** The run that opened it. */
    run: string;
    key: string;
    at: number | string;
  };
  audit: {
    sequence: number | string;
    caseId: string;
    outcome: string;
    decisionsDigest: string;
    summary: string;
    key: string;
    at: number | string;
    previous: string;
    hash: string;
  };
  auditHead: { id: number; sequence: number | string; hash: string };
  escalations: {
    escalationId: string;
    key: string;
    caseId: string;
    failureType: string;
    step: string;
    queue: string;
    severity: string;
    summary: string;
    at: number | string;
  };
  /** Every delivery that was taken in; of whom and what only digests. */
  ticketMessages: {
    messageDigest: string;
    ticketId: string;
    senderDigest: string;
    subjectDigest: string;
    wordsDigest: string;
    state: string;
    key: string;
    at: number | string;
  };
  /** One row a sender, which each of their messages changes. */
  ticketSenders: { senderDigest: string; messages: number | string };
  tickets: {
    ticketId: string;
    senderDigest: string;
    /** Null until it lies somewhere. */
    destination: string | null;
    priority: string | null;
    rule: string | null;
    dueAt: string | null;
    note: string | null;
    /** Key of the call that put it there. */
    placedBy: string | null;
    key: string;
    at: number | string;
  };
  ticketReadings: { key: string; ticketId: string; reading: string; at: number | string };
  /** What people said was right where something else had been decided. */
  ticketOutcomes: {
    key: string;
    ticketId: string;
    wrong: string;
    right: string;
    by: string;
    reason: string;
    at: number | string;
  };
}

export type Database = Kysely<Tables>;

/** Several processes that start at once wait for each other, and a database that starts with us for so long. */
const OPENING_PATIENCE_MS = 15_000;
const PAUSE_MS = 200;

/**
 * The tool servers' own store: a file in `stateDir`, or Postgres where `databaseUrl` is given. The tables are made on
 * first use, by whichever process comes first.
 * @throws Error where the database cannot be opened, after 15 seconds where it only was not to be had
 */
export async function openDatabase(settings: {
  stateDir: string;
  databaseUrl?: string | undefined;
}): Promise<Database> {
  const until = Date.now() + OPENING_PATIENCE_MS;
  for (;;) {
    try {
      return await openOnce(settings);
    } catch (error) {
      if (!isDatabaseTrouble(error) || Date.now() > until) throw error;
      await wait(PAUSE_MS);
    }
  }
}

async function openOnce({ stateDir, databaseUrl }: Parameters<typeof openDatabase>[0]): Promise<Database> {
  const dialect = databaseUrl
    ? new PostgresDialect({ pool: postgresPool(databaseUrl) })
    : sqliteDialect(join(stateDir, 'tools.db'));
  const database = new Kysely<Tables>({ dialect });
  try {
    await createTables(database, databaseUrl !== undefined);
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

function postgresPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 10, connectionTimeoutMillis: 5000 });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}

const TABLES = [
  `create table if not exists "ledger" ("key" text primary key, "tool" text not null, "guarded" text not null, "call" text not null, "run" text not null,
    "state" text not null, "claim" text not null, "leaseUntil" bigint not null, "answer" text, "at" bigint not null)`,
  `create table if not exists "customers" ("customerId" text primary key, "name" text not null, "company" text, "email" text not null,
    "status" text not null)`,
  `create table if not exists "accounts" ("requestId" text primary key, "accountId" text unique, "customerId" text, "identityCheckId" text,
    "displayName" text, "plan" text, "segment" text, "owner" text, "openSlots" text, "state" text not null, "reason" text, "run" text not null,
    "key" text not null, "at" bigint not null)`,
  `create table if not exists "audit" ("sequence" bigint primary key, "caseId" text not null, "outcome" text not null,
    "decisionsDigest" text not null, "summary" text not null, "key" text not null unique, "at" bigint not null,
    "previous" text not null unique, "hash" text not null unique)`,
  `create table if not exists "auditHead" ("id" integer primary key, "sequence" bigint not null, "hash" text not null)`,
  `create table if not exists "escalations" ("escalationId" text primary key, "key" text not null unique, "caseId" text not null,
    "failureType" text not null, "step" text not null, "queue" text not null, "severity" text not null, "summary" text not null,
    "at" bigint not null)`,
  `create table if not exists "ticketMessages" ("messageDigest" text primary key, "ticketId" text not null, "senderDigest" text not null,
    "subjectDigest" text not null, "wordsDigest" text not null, "state" text not null, "key" text not null, "at" bigint not null)`,
  'create index if not exists "ticketMessagesBySender" on "ticketMessages" ("senderDigest", "at")',
  'create table if not exists "ticketSenders" ("senderDigest" text primary key, "messages" bigint not null)',
  `create table if not exists "tickets" ("ticketId" text primary key, "senderDigest" text not null, "destination" text, "priority" text,
    "rule" text, "dueAt" text, "note" text, "placedBy" text, "key" text not null, "at" bigint not null)`,
  `create table if not exists "ticketReadings" ("key" text primary key, "ticketId" text not null, "reading" text not null, "at" bigint not null)`,
  `create table if not exists "ticketOutcomes" ("key" text primary key, "ticketId" text not null, "wrong" text not null,
    "right" text not null, "by" text not null, "reason" text not null, "at" bigint not null)`,
  ...AUDIT_TABLES,
  ...SHOP_TABLES,
  ...PAPER_TABLES,
  ...EXPENSE_TABLES,
];

/** Any number: the name of the lock that keeps two processes from making the tables at once in Postgres. */
const MIGRATION_LOCK = 732_001;

async function createTables(database: Database, postgres: boolean): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    if (postgres) await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
    for (const table of TABLES) await sql.raw(table).execute(transaction);
    const head = { id: 1, sequence: 0, hash: '0'.repeat(64) };
    await transaction
      .insertInto('auditHead')
      .values(head)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}
