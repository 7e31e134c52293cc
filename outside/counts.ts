import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { z } from 'zod';
import { outsideFiles } from './files.ts';
import { readLines } from './log.ts';

/** One effect as the far side knows it. `key` is the idempotency key, where the far side keeps it. */
export interface FoundEffect {
  readonly key: string;
  /** The far side's own name for it. */
  readonly id: string;
}

/** What is really there, read from where it ended up and never from whoever says that it did it. */
export interface Counts {
  readonly accounts: readonly (FoundEffect & { readonly requestId: string; readonly state: string })[];
  readonly documents: readonly string[];
  readonly mails: readonly FoundEffect[];
  /** E-mails by which the house tells its own people that something waits for them. */
  readonly notices: readonly FoundEffect[];
  readonly meetings: readonly FoundEffect[];
  /** Each notification once. */
  readonly notifications: readonly (FoundEffect & { readonly subjectId: string })[];
  /** Deliveries of what had been delivered before. */
  readonly repeatedDeliveries: number;
  readonly audit: readonly (FoundEffect & { readonly caseId: string; readonly outcome: string })[];
  /** What the audit keeps of each step of a case, and of each question that a process puts to people by itself. */
  readonly decisions: readonly (z.output<typeof Decided> & { readonly caseId: string })[];
  readonly escalations: readonly (FoundEffect & {
    readonly caseId: string;
    readonly failureType: string;
    readonly queue: string;
  })[];
  /** Expense reports that were paid, one a file of the ledger's folder. */
  readonly exports: readonly (FoundEffect & { readonly requestId: string })[];
  /** Certificates of approved documents. */
  readonly certificates: readonly FoundEffect[];
  /** Orders that stand, and what was paid back. */
  readonly orders: readonly FoundEffect[];
  readonly refunds: readonly FoundEffect[];
  /** Each ticket with where it lies and what decided; `key` is that of the call that put it there, empty for none. */
  readonly tickets: readonly (FoundEffect & {
    readonly destination: string | null;
    readonly rule: string | null;
    readonly messages: number;
  })[];
  readonly identityChecks: readonly { readonly customerId: string; readonly said: string }[];
}

const MailLine = z.object({ messageId: z.string(), key: z.string().nullable(), notice: z.boolean().default(false) });
const WebhookLine = z.object({ webhookId: z.string(), subjectId: z.string(), duplicate: z.boolean() });
const CheckLine = z.object({ customerId: z.string(), said: z.string() });

const AccountRow = z.object({
  key: z.string(),
  requestId: z.string(),
  accountId: z.string().nullable(),
  state: z.string(),
});
const AuditRow = z.object({ key: z.string(), sequence: z.coerce.string(), caseId: z.string(), outcome: z.string() });
const Decided = z.object({
  step: z.string(),
  /** `people` where people were asked without an agent. */
  agent: z.string(),
  answers: z.array(z.object({ approval: z.string(), by: z.string(), verdict: z.string() })),
});
const DecisionRow = z
  .object({ caseId: z.string(), decision: z.string() })
  .transform(({ caseId, decision }) => ({ caseId, ...Decided.parse(JSON.parse(decision)) }));
const CertificateRow = z.object({ key: z.string(), certificateId: z.string() });
const OrderRow = z.object({ key: z.string(), orderId: z.string() });
const EscalationRow = z.object({
  key: z.string(),
  escalationId: z.string(),
  caseId: z.string(),
  failureType: z.string(),
  queue: z.string(),
});

const STANDING_ORDERS = `select "key", "orderId" from "orders" where "state" in ('created', 'back-ordered') order by "at"`;

const TicketRow = z.object({
  placedBy: z.string().nullable(),
  ticketId: z.string(),
  destination: z.string().nullable(),
  rule: z.string().nullable(),
  messages: z.coerce.number(),
});
const TICKETS = `select t."placedBy", t."ticketId", t."destination", t."rule",
  (select count(*) from "ticketMessages" m where m."ticketId" = t."ticketId") as "messages" from "tickets" t order by t."ticketId"`;

/** Reads every far side of an installation. A part that was never used counts nothing. */
export async function countEffects(settings: { stateDir: string; databaseUrl?: string | undefined }): Promise<Counts> {
  const files = outsideFiles(settings.stateDir);
  const select = settings.databaseUrl
    ? selectFromPostgres(settings.databaseUrl)
    : selectFromFile(join(settings.stateDir, 'tools.db'));
  const [accounts, audit, certificates, escalations, orders, refunds] = await Promise.all([
    select('select "key", "requestId", "accountId", "state" from "accounts" order by "requestId"', AccountRow),
    select('select "key", "sequence", "caseId", "outcome" from "audit" order by "sequence"', AuditRow),
    select('select "key", "certificateId" from "approvalCertificates" order by "at"', CertificateRow),
    select(
      'select "key", "escalationId", "caseId", "failureType", "queue" from "escalations" order by "at"',
      EscalationRow,
    ),
    select(STANDING_ORDERS, OrderRow),
    select('select "key", "orderId" from "refunds" order by "at"', OrderRow),
  ]);
  const tickets = await select(TICKETS, TicketRow);
  const decisions = await select(
    'select "caseId", "decision" from "auditDecisions" order by "sequence", "position"',
    DecisionRow,
  );
  const deliveries = await readLines(files.webhooks, WebhookLine);
  const mails = await readLines(files.mail, MailLine);
  const mailed = (notices: boolean): FoundEffect[] =>
    mails.filter(({ notice }) => notice === notices).map(({ messageId, key }) => ({ key: key ?? '', id: messageId }));
  return {
    accounts: accounts.map(({ key, requestId, accountId, state }) => ({ key, id: accountId ?? '', requestId, state })),
    documents: (await filesIn(join(settings.stateDir, 'documents'), '.pdf')).map((file) => file.replace('.pdf', '')),
    mails: mailed(false),
    notices: mailed(true),
    meetings: await meetingsIn(join(settings.stateDir, 'calendar')),
    notifications: deliveries
      .filter((one) => !one.duplicate)
      .map(({ webhookId, subjectId }) => ({ key: webhookId, id: webhookId, subjectId })),
    repeatedDeliveries: deliveries.filter((one) => one.duplicate).length,
    audit: audit.map(({ key, sequence, caseId, outcome }) => ({ key, id: sequence, caseId, outcome })),
    decisions,
    escalations: escalations.map(({ key, escalationId, ...rest }) => ({ key, id: escalationId, ...rest })),
    exports: await exportsIn(join(settings.stateDir, 'exports')),
    certificates: certificates.map(({ key, certificateId }) => ({ key, id: certificateId })),
    orders: orders.map(({ key, orderId }) => ({ key, id: orderId })),
    refunds: refunds.map(({ key, orderId }) => ({ key, id: orderId })),
    tickets: tickets.map(({ placedBy, ticketId, ...rest }) => ({ key: placedBy ?? '', id: ticketId, ...rest })),
    identityChecks: await readLines(files.registry, CheckLine),
  };
}

type Select = <T>(query: string, row: z.ZodType<T>) => Promise<T[]>;

function selectFromFile(file: string): Select {
  return async (query, row) => {
    let database: DatabaseSync;
    try {
      database = new DatabaseSync(file, { readOnly: true, timeout: 1000 });
    } catch {
      return [];
    }
    try {
      return database
        .prepare(query)
        .all()
        .map((one) => row.parse(one));
    } finally {
      database.close();
    }
  };
}

function selectFromPostgres(connectionString: string): Select {
  return async (query, row) => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      const { rows } = await client.query(query);
      return rows.map((one) => row.parse(one));
    } finally {
      await client.end();
    }
  };
}

async function filesIn(folder: string, ending: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(ending) && !name.startsWith('.')).sort();
}

async function meetingsIn(folder: string): Promise<FoundEffect[]> {
  const names = await filesIn(folder, '.ics');
  return Promise.all(
    names.map(async (name) => {
      const event = unfolded(await readFile(join(folder, name), 'utf8'));
      return { key: /^UID:(.*)$/m.exec(event)?.[1]?.trim() ?? '', id: name.replace('.ics', '') };
    }),
  );
}

/** Each file's first line names its columns: the report first, and the reference last. */
async function exportsIn(folder: string): Promise<Counts['exports']> {
  const names = await filesIn(folder, '.csv');
  return Promise.all(
    names.map(async (id) => {
      const [, first = ''] = (await readFile(join(folder, id), 'utf8')).split('\r\n');
      const cells = first.slice(1, -1).split('","');
      return { key: cells.at(-1) ?? '', id, requestId: cells[0] ?? '' };
    }),
  );
}

/** iCalendar breaks long lines and goes on after a space. */
const unfolded = (text: string): string => text.replace(/\r?\n[ \t]/g, '').replaceAll('\r', '');
