/** A decision under its entry of the chain. `decision` is the whole of it as JSON; the columns before it are to find it by. */
export interface AuditTables {
  auditDecisions: {
    sequence: number | string;
    position: number;
    caseId: string;
    process: string;
    tenant: string | null;
    kind: string | null;
    subject: string | null;
    decision: string;
  };
}

export const AUDIT_TABLES = [
  `create table if not exists "auditDecisions" ("sequence" bigint not null, "position" integer not null, "caseId" text not null,
    "process" text not null, "tenant" text, "kind" text, "subject" text, "decision" text not null, primary key ("sequence", "position"))`,
  'create index if not exists "auditDecisionsByCase" on "auditDecisions" ("caseId", "sequence")',
  'create index if not exists "auditDecisionsByKind" on "auditDecisions" ("process", "kind", "sequence")',
  'create index if not exists "auditDecisionsBySubject" on "auditDecisions" ("subject", "sequence")',
];
