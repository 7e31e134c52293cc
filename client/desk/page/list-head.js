/** @import { SortKey, View } from './list-order.js' */
import { h } from './dom.js';

/** @type {readonly { name: string, label: string, sort?: SortKey, down?: boolean }[]} */
const COLUMNS = [
  { name: 'mark', label: 'Mark' },
  { name: 'what', label: 'Request', sort: 'asked', down: true },
  { name: 'whom', label: 'From, to' },
  { name: 'amount', label: 'Amount', sort: 'amount', down: true },
  { name: 'tier', label: 'Tier, and why' },
  { name: 'risk', label: 'Risk', sort: 'risk', down: true },
  { name: 'advice', label: 'Advice', sort: 'advice' },
  { name: 'time', label: 'Time left', sort: 'until' },
];

/**
 * The head of the list, by which it is sorted.
 * @param {{ view: View, onSort: () => void }} how
 */
export function listHead({ view, onSort }) {
  const cells = COLUMNS.map((column) => ({ column, cell: cellOf(column) }));
  const element = h(
    'div',
    { role: 'rowgroup' },
    h('div', { role: 'row', class: 'head' }, ...cells.map(({ cell }) => cell)),
  );

  /** @param {(typeof COLUMNS)[number]} column */
  function cellOf({ name, label, sort, down = false }) {
    const inside = sort
      ? h('button', { type: 'button', class: 'sort', click: () => sortBy(sort, down) }, label)
      : h('span', { class: name === 'mark' ? 'unseen' : '' }, label);
    return h('div', { role: 'columnheader', class: `cell ${name}` }, inside);
  }

  /**
   * @param {SortKey} sort
   * @param {boolean} down
   */
  function sortBy(sort, down) {
    Object.assign(view, view.sort === sort ? { down: !view.down } : { sort, down });
    show();
    onSort();
  }

  function show() {
    for (const { column, cell } of cells) {
      if (!column.sort) continue;
      const isIt = column.sort === view.sort;
      cell.setAttribute('aria-sort', isIt ? (view.down ? 'descending' : 'ascending') : 'none');
    }
  }
  show();
  return { element };
}
