/** @import { Detail } from './types.ts' */
import { h, isSafeAddress } from './dom.js';
import { shown } from './odd.js';

/**
 * The document that is decided about, and what is different from the version before. Written by a customer.
 * @param {NonNullable<Detail['document']>} document
 */
export function documentOf({ id, url, differences = [] }) {
  const name = shown(id);
  const title =
    url && isSafeAddress(url)
      ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, name, ' (opens in a new tab)')
      : name;
  return h(
    'div',
    { class: 'from-outside' },
    h('p', {}, h('span', { class: 'by-customer' }, 'from outside'), ' ', title),
    differences.length === 0
      ? h('p', { class: 'faint' }, 'No difference from an earlier version is known.')
      : differenceTable(differences),
  );
}

/** @param {NonNullable<NonNullable<Detail['document']>['differences']>} differences */
function differenceTable(differences) {
  return h(
    'table',
    { class: 'difference' },
    h(
      'caption',
      {},
      `${differences.length} ${differences.length === 1 ? 'difference' : 'differences'} from the version before`,
    ),
    h('thead', {}, h('tr', {}, ...['Where', 'Before', 'Now'].map((head) => h('th', { scope: 'col' }, head)))),
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
