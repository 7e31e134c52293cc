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
  paperRoutes: {
    document: string;
    version: number | string;
    approver: string;
    hash: string;
    key: string;
    at: number | string;
  };
  certificates: {
    document: string;
    version: number | string;
    certificateId: string;
    hash: string;
    policy: string;
    approvals: string;
    key: string;
    at: number | string;
  };
}

export const PAPER_TABLES = [
  'create table if not exists "paperContents" ("hash" text primary key, "format" text not null, "content" text not null)',
  `create table if not exists "paperVersions" ("document" text not null, "version" bigint not null, "hash" text not null,
    "author" text not null, "at" bigint not null, primary key ("document", "version"))`,
  `create table if not exists "paperRoutes" ("document" text not null, "version" bigint not null, "approver" text not null,
    "hash" text not null, "key" text not null, "at" bigint not null, primary key ("document", "version", "approver"))`,
  `create table if not exists "certificates" ("document" text not null, "version" bigint not null, "certificateId" text not null unique,
    "hash" text not null, "policy" text not null, "approvals" text not null, "key" text not null, "at" bigint not null,
    primary key ("document", "version"))`,
] as const;
