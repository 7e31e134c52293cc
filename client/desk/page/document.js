/** @import { Detail } from './types.ts' */
import { h, isSafeAddress } from './dom.js';
import { shown } from './odd.js';

/**
 * The document that is decided about, and what is different from the version before. Written by a customer.
 * @param {Detail} detail
 */
export function documentOf({ document, request }) {
  const { call } = request;
  const told = Array.isArray(call?.['differences']) ? call['differences'].map(String) : [];
  if (!document && told.length === 0) return '';
  const { id, url, differences = [] } = document ?? { id: String(call?.['doc_id'] ?? request.subject) };
  const compared = call?.['comparedWith'];
  return h(
    'section',
    { class: 'block' },
    h('h2', {}, 'The document'),
    h('p', {}, h('span', { class: 'by-customer' }, 'from outside'), ' ', nameOf(id, url)),
    differences.length > 0
      ? differenceTable(differences)
      : toldDifferences(told, typeof compared === 'string' ? compared : ''),
  );
}

/**
 * @param {string} id
 * @param {string | undefined} url
 */
const nameOf = (id, url) =>
  url && isSafeAddress(url)
    ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, shown(id), ' (opens in a new tab)')
    : shown(id);

/**
 * @param {readonly string[]} differences
 * @param {string} before
 */
function toldDifferences(differences, before) {
  if (differences.length === 0) return h('p', { class: 'faint' }, 'No difference from an earlier version is known.');
  return h(
    'div',
    {},
    h('p', { class: 'faint' }, countOf(differences.length), before ? ' from ' : '', shown(before)),
    h('ul', { class: 'told' }, ...differences.map((each) => h('li', {}, shown(each, { lines: true })))),
  );
}

/** @param {number} count */
const countOf = (count) => `${count} ${count === 1 ? 'difference' : 'differences'}`;

/** @param {NonNullable<NonNullable<Detail['document']>['differences']>} differences */
function differenceTable(differences) {
  const heads = ['Where', 'Before', 'Now'];
  return h(
    'table',
    { class: 'difference' },
    h('caption', {}, `${countOf(differences.length)} from the version before`),
    h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
    h(
      'tbody',
      {},
      ...differences.map(({ path, before, after }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, shown(path)),
          h('td', { class: 'was' }, before === undefined ? 'absent' : h('del', {}, shown(before, { lines: true }))),
          h('td', { class: 'is' }, after === undefined ? 'absent' : h('ins', {}, shown(after, { lines: true }))),
        ),
      ),
    ),
  );
}
