/** The register of claims: what was claimed, for how much, and what became of it. */
export interface ExpenseTables {
  expenseReports: {
    requestId: string;
    employee: string;
    state: 'pending' | 'reimbursed' | 'withdrawn' | 'superseded' | 'never-filed';
    reason: string | null;
    key: string;
    at: number | string;
  };
  expenseLines: {
    requestId: string;
    lineId: string;
    employee: string;
    date: string;
    merchant: string;
    amountMinor: number | string;
    currency: string;
    homeMinor: number | string;
    receipt: string | null;
    state: 'pending' | 'reimbursed' | 'refused' | 'withdrawn' | 'superseded';
  };
  expenseAdvice: {
    recommendationId: string;
    requestId: string;
    tier: string;
    lines: string;
    advice: string;
    key: string;
    at: number | string;
  };
  /** One row that each filing changes, so that of two reports at once the second one sees the first. */
  expenseDesk: { id: number; filed: number | string };
}

export const EXPENSE_TABLES: readonly string[] = [
  `create table if not exists "expenseReports" ("requestId" text primary key, "employee" text not null, "state" text not null,
    "reason" text, "key" text not null, "at" bigint not null)`,
  `create table if not exists "expenseLines" ("requestId" text not null, "lineId" text not null, "employee" text not null,
    "date" text not null, "merchant" text not null, "amountMinor" bigint not null, "currency" text not null,
    "homeMinor" bigint not null, "receipt" text, "state" text not null, primary key ("requestId", "lineId"))`,
  `create index if not exists "expenseLinesOf" on "expenseLines" ("employee")`,
  `create index if not exists "expenseReceipts" on "expenseLines" ("receipt")`,
  `create table if not exists "expenseAdvice" ("recommendationId" text primary key, "requestId" text not null, "tier" text not null,
    "lines" text not null, "advice" text not null, "key" text not null, "at" bigint not null)`,
  `create table if not exists "expenseDesk" ("id" integer primary key, "filed" bigint not null)`,
];
