/** @import { Row } from './types.ts' */
import { timeLeft } from './clock.js';
import { h, inPath } from './dom.js';
import { keyOf } from './list-order.js';
import { shown, shownText } from './odd.js';
import { inWords, KINDS, labelOf, showAmount, showShare, subjectOf } from './words.js';

/**
 * One request as a row of the list.
 * @param {Row} row
 * @param {{ onMark: (row: Row, isOn: boolean) => void }} how
 */
export function buildRow(row, { onMark }) {
  const element = h(
    'div',
    { role: 'row', class: 'row', 'data-key': keyOf(row), 'data-risk': row.risk },
    cell('mark', markBox(row, onMark)),
    cell('what', whatOf(row)),
    cell('whom', ...whomOf(row)),
    cell('amount', row.amount ? showAmount(row.amount) : h('span', { class: 'faint' }, '–')),
    cell('tier', h('span', {}, shown(row.tier)), h('small', {}, shown(row.rule))),
    cell('risk', riskOf(row.risk)),
    cell('advice', adviceOf(row)),
    cell('time', timeLeft(row.until, { held: row.held })),
  );
  return element;
}

/**
 * @param {string} name
 * @param {...(Node | string)} children
 */
const cell = (name, ...children) => h('div', { role: 'cell', class: `cell ${name}` }, ...children);

/** Where a request is read.
 * @param {{ case: string, approval: string }} row */
export const addressOf = (row) => `#/approvals/${inPath(row.case)}/${inPath(row.approval)}`;

/** @param {Row} row */
function whatOf(row) {
  return h(
    'div',
    {},
    h('a', { href: addressOf(row), tabindex: -1, class: 'open' }, shown(row.asks)),
    h('small', {}, `${inWords(row.process)} · ${KINDS[row.kind] ?? row.kind} · `, shown(subjectOf(row))),
  );
}

/** @param {Row} row */
function whomOf(row) {
  const turn = row.named?.length ? row.named.join(', ') : row.role;
  return [
    h('span', {}, row.requestedBy ? shown(row.requestedBy) : h('span', { class: 'faint' }, 'not said')),
    h('small', {}, row.claimedBy ? 'claimed by ' : 'asks ', shown(row.claimedBy ?? turn)),
  ];
}

/** @param {string} risk */
export const riskOf = (risk) => h('span', { class: 'risk', 'data-risk': risk }, risk);

/** @param {Row} row */
function adviceOf({ advice, confidence }) {
  if (advice === undefined && confidence === undefined) return h('span', { class: 'faint' }, 'none');
  return h(
    'span',
    { class: 'by-model', title: 'A model says so' },
    advice ? shown(labelOf(advice)) : 'proposed',
    confidence === undefined ? '' : h('small', {}, `${showShare(confidence)} sure`),
  );
}

/**
 * @param {Row} row
 * @param {(row: Row, isOn: boolean) => void} onMark
 */
function markBox(row, onMark) {
  const box = h('input', {
    type: 'checkbox',
    'aria-label': `Mark for an answer to several: ${shownText(row.asks)}`,
    change: () => onMark(row, box.checked),
  });
  return h('label', { class: 'mark-box' }, box);
}
