import type { Person } from '../../../contracts/directory.ts';
import type { Principal } from '../access/principal.ts';
import { visible } from '../access/routes.ts';
import type { ApprovalQuery } from '../inputs.ts';
import { Problem } from '../problem.ts';
import type { ApprovalRow, ApprovalRows } from '../shapes.ts';
import type { BoardRow } from './board.ts';
import { mayAnswer } from './may-answer.ts';

/** The open requests that a caller sees, filtered and in order. */
export function listApprovals(
  rows: readonly BoardRow[],
  principal: Principal,
  query: ApprovalQuery,
  people: readonly Person[],
  now = Date.now(),
): ApprovalRows {
  const wanted = rows
    .filter(({ owner }) => visible(principal, owner, 'approvals.list'))
    .map(({ row }) => row)
    .filter((row) => matches(row, query))
    .filter((row) => query.mine !== 'true' || mayAnswer(people, principal.person, row, now).may);
  const order = orderBy(query.sort);
  const sorted = wanted.toSorted(order);
  const after = query.cursor === undefined ? 0 : placeAfter(sorted, order, query.cursor);
  const page = sorted.slice(after, after + query.limit);
  const last = page.at(-1);
  const isMore = after + page.length < sorted.length;
  return { approvals: page, total: wanted.length, ...(isMore && last ? { next: cursorOf(last) } : {}) };
}

function matches(row: ApprovalRow, { process, kind, role, risk, q }: ApprovalQuery): boolean {
  const fits =
    (process ?? row.process) === row.process &&
    (kind ?? row.kind) === row.kind &&
    (role ?? row.role) === row.role &&
    (risk ?? row.risk) === row.risk;
  if (!fits || q === undefined) return fits;
  const words = [row.case, row.approval, row.subject, row.asks, row.tier, row.rule, row.requestedBy ?? ''];
  return words.some((word) => word.toLowerCase().includes(q.toLowerCase()));
}

type Order = (left: Sortable, right: Sortable) => number;
type Sortable = Pick<ApprovalRow, 'case' | 'approval' | 'until' | 'askedAt' | 'risk' | 'amount'>;

const RISKS = { high: 0, medium: 1, low: 2 } as const;

const ORDERS: Readonly<Record<string, Order>> = {
  due: (left, right) => left.until.localeCompare(right.until),
  amount: (left, right) => (left.amount?.minor ?? 0) - (right.amount?.minor ?? 0),
  // The riskiest come first.
  risk: (left, right) => RISKS[left.risk] - RISKS[right.risk],
  asked: (left, right) => left.askedAt.localeCompare(right.askedAt),
};

/** Rows that are alike in this stay in one order: that of their names. */
function orderBy(sort: string): Order {
  const order = ORDERS[sort.replace('-', '')] ?? (() => 0);
  const sign = sort.startsWith('-') ? -1 : 1;
  return (left, right) =>
    sign * order(left, right) || left.case.localeCompare(right.case) || left.approval.localeCompare(right.approval);
}

const cursorOf = ({ case: id, approval, until, askedAt, risk, amount }: ApprovalRow): string =>
  Buffer.from(JSON.stringify({ case: id, approval, until, askedAt, risk, amount })).toString('base64url');

/** Pages go on behind the row that ended the last one, wherever that would stand now, and whether or not it is there. */
function placeAfter(sorted: readonly ApprovalRow[], order: Order, cursor: string): number {
  const last = readCursor(cursor);
  const place = sorted.findIndex((row) => order(row, last) > 0);
  return place === -1 ? sorted.length : place;
}

function readCursor(cursor: string): Sortable {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (isSortable(read)) return read;
  } catch {
    // Told below.
  }
  throw new Problem('invalid-fields', 'The cursor is not one of ours. Leave it out to begin at the first page.', {
    errors: [{ field: 'cursor', message: 'is not one that a list has given' }],
  });
}

const isSortable = (value: unknown): value is Sortable =>
  typeof value === 'object' &&
  value !== null &&
  ['case', 'approval', 'until', 'askedAt', 'risk'].every((name) => typeof Reflect.get(value, name) === 'string');
