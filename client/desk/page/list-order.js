/** @import { Row } from './types.ts' */

// Which rows are shown, and in which order. Pure, so that it can be read and tried apart.

/**
 * @typedef {'until' | 'asked' | 'amount' | 'risk' | 'advice'} SortKey
 * @typedef {{ process: string, role: string, risk: string, q: string, sort: SortKey, down: boolean }} View
 */

/** @type {View} */
export const FIRST_VIEW = { process: '', role: '', risk: '', q: '', sort: 'until', down: false };

/** @param {View} view */
export const isFiltered = ({ process, role, risk, q }) => [process, role, risk, q].some(Boolean);

/** @param {{ case: string, approval: string }} row */
export const keyOf = (row) => `${row.case}\n${row.approval}`;

/**
 * @param {Iterable<Row>} rows
 * @param {View} view
 * @returns {Row[]}
 */
export function arranged(rows, view) {
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = [...rows].filter((row) => fits(row, view) && words.every((word) => textOf(row).includes(word)));
  const turn = view.down ? -1 : 1;
  return kept.sort((one, other) => turn * BY[view.sort](one, other) || BY.until(one, other) || byKey(one, other));
}

/**
 * @param {Row} row
 * @param {View} view
 */
function fits(row, { process, role, risk }) {
  return (!process || row.process === process) && (!role || row.role === role) && (!risk || row.risk === risk);
}

/** @type {WeakMap<Row, string>} */
const texts = new WeakMap();

/** @param {Row} row */
function textOf(row) {
  const known = texts.get(row);
  if (known) return known;
  const { asks, subject, case: caseId, approval, process, kind, tier, rule, role, requestedBy, claimedBy, named } = row;
  const all = [
    asks,
    subject,
    caseId,
    approval,
    process,
    kind,
    tier,
    rule,
    role,
    requestedBy,
    claimedBy,
    ...(named ?? []),
  ];
  const text = all.join(' ').toLowerCase();
  texts.set(row, text);
  return text;
}

const RISKS = ['low', 'medium', 'high'];
const EXPONENTS = new Map(Object.entries({ BHD: 3, JPY: 0, KRW: 0, KWD: 3, TND: 3 }));

/** @param {Row} row */
const sumOf = ({ amount }) => (amount ? amount.minor / 10 ** (EXPONENTS.get(amount.currency) ?? 2) : -1);

/** @param {Row} row */
const endOf = ({ until, held }) => (held ? Number.MAX_VALUE : Date.parse(until) || 0);

/** @type {Record<SortKey, (one: Row, other: Row) => number>} */
const BY = {
  until: (one, other) => endOf(one) - endOf(other),
  asked: (one, other) => Date.parse(one.askedAt) - Date.parse(other.askedAt),
  amount: (one, other) => sumOf(one) - sumOf(other),
  risk: (one, other) => RISKS.indexOf(one.risk) - RISKS.indexOf(other.risk),
  advice: (one, other) => (one.confidence ?? -1) - (other.confidence ?? -1),
};

/**
 * @param {Row} one
 * @param {Row} other
 */
const byKey = (one, other) => (keyOf(one) < keyOf(other) ? -1 : 1);

/**
 * Why a row cannot be answered with the others that are marked, or nothing where it can. Bulk is for what is harmless
 * and alike: of everything else each has to be read.
 * @param {Row} row
 * @param {Row | undefined} first of those that are marked
 */
export function whyNotInBulk(row, first) {
  if (row.risk !== 'low') return `${row.risk} risk: open it and read it`;
  if (row.held) return 'it waits for the requester';
  if (row.role === 'customer') return 'only the customer answers it';
  if (first && (row.kind !== first.kind || row.process !== first.process)) return 'of another kind than those marked';
  return undefined;
}
