/** What the approval desk keeps: documents by version, their content by hash, whom they were put before, certificates. */
export interface PaperTables {
  paperContents: { hash: string; format: 'json' | 'xml'; content: string };
  paperVersions: {
    document: string;
    version: number | string;
    hash: string;
    author: string;
    at: number | string;
  };
  approvalRoutes: {
    document: string;
    version: number | string;
    approver: string;
    hash: string;
    /** The run that put it before them; another run may do so again. */
    run: string;
    key: string;
    at: number | string;
  };
  approvalCertificates: {
    document: string;
    version: number | string;
    certificateId: string;
    hash: string;
    policy: string;
    approvals: string;
    run: string;
    key: string;
    at: number | string;
  };
}

export const PAPER_TABLES = [
  'create table if not exists "paperContents" ("hash" text primary key, "format" text not null, "content" text not null)',
  `create table if not exists "paperVersions" ("document" text not null, "version" bigint not null, "hash" text not null,
    "author" text not null, "at" bigint not null, primary key ("document", "version"))`,
  `create table if not exists "approvalRoutes" ("document" text not null, "version" bigint not null, "approver" text not null,
    "hash" text not null, "run" text not null, "key" text not null, "at" bigint not null,
    primary key ("document", "version", "approver", "run"))`,
  `create table if not exists "approvalCertificates" ("document" text not null, "version" bigint not null, "certificateId" text not null unique,
    "hash" text not null, "policy" text not null, "approvals" text not null, "run" text not null,
    "key" text not null, "at" bigint not null, primary key ("document", "version", "run"))`,
] as const;
