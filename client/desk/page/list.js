/** @import { Row } from './types.ts' */
import { announce } from './announce.js';
import { createBulk } from './bulk.js';
import { h } from './dom.js';
import { filterBar } from './filter-bar.js';
import { listHead } from './list-head.js';
import { arranged, FIRST_VIEW, keyOf } from './list-order.js';
import { buildRow } from './rows.js';
import { createStore } from './store.js';

/**
 * The list of open requests. It stays as it is while something else is on screen, and keeps itself up to date.
 * @param {{ onCount: (count: number) => void }} how
 */
export function createList({ onCount }) {
  const view = { ...FIRST_VIEW };
  /** @type {Map<string, { row: Row, element: HTMLElement }>} */
  const drawn = new Map();
  /** @type {Row[]} */
  let order = [];
  let selected = '';
  const body = h('div', { role: 'rowgroup', class: 'rows' });
  const note = h('div', { class: 'note' });
  const store = createStore({ onChange: ({ opened, closed }) => arrange(opened, closed) });
  const bulk = createBulk({ store, onChange: () => refreshMarks() });
  const head = listHead({ view, onSort: () => arrange() });
  const bar = filterBar({
    view,
    onChange: () => arrange(),
    onMine: (mine) => void store.setMine(mine).catch(showError),
  });
  const table = h('div', { role: 'table', class: 'list', 'aria-label': 'Open requests' }, head.element, body);
  const element = h(
    'section',
    { class: 'view', 'aria-label': 'Open requests' },
    bar.element,
    table,
    note,
    bulk.element,
  );
  body.addEventListener('focusin', ({ target }) => select(keyAt(target)));
  note.append(h('p', { class: 'loading' }, 'Reading the open requests …'));

  /**
   * @param {readonly Row[]} [opened]
   * @param {readonly string[]} [closed]
   */
  function arrange(opened = [], closed = []) {
    const before = order.findIndex((row) => keyOf(row) === selected);
    const hadFocus = body.contains(document.activeElement);
    for (const key of closed) bulk.drop(key);
    order = arranged(store.rows.values(), view);
    const elements = order.map(elementOf);
    for (const key of drawn.keys()) if (!store.rows.has(key)) drawn.delete(key);
    const now = [...body.children];
    if (now.length !== elements.length || now.some((each, at) => each !== elements[at]))
      body.replaceChildren(...elements);
    if (!order.some((row) => keyOf(row) === selected)) selected = keyAtPlace(Math.max(0, before));
    mark();
    if (hadFocus) linkOf(selected)?.focus({ preventScroll: true });
    settle(opened, closed);
  }

  /**
   * @param {readonly Row[]} opened
   * @param {readonly string[]} closed
   */
  function settle(opened, closed) {
    bar.update([...store.rows.values()], order.length);
    table.setAttribute('aria-rowcount', String(order.length));
    onCount(store.rows.size);
    showNote();
    refreshMarks();
    if (!store.isLoaded || opened.length + closed.length === 0) return;
    const words = [opened.length && `${opened.length} new`, closed.length && `${closed.length} gone`].filter(Boolean);
    announce(`${words.join(', ')}: ${store.rows.size} requests open`);
  }

  /** @param {Row} row */
  function elementOf(row) {
    const key = keyOf(row);
    const known = drawn.get(key);
    if (known?.row === row) return known.element;
    const made = buildRow(row, { marked: bulk.has(key), onMark: bulk.mark });
    drawn.set(key, { row, element: made });
    return made;
  }

  function showNote() {
    note.hidden = order.length > 0;
    if (order.length > 0 || !store.isLoaded) return;
    const isFiltered = store.rows.size > 0 || view.q || view.process || view.role || view.risk;
    const words = isFiltered ? 'No open request fits these filters.' : 'Nothing waits for an answer. Enjoy it.';
    const again = h('button', { type: 'button', click: bar.clear }, 'Show all');
    note.replaceChildren(h('p', { class: 'empty' }, words), isFiltered ? again : '');
  }

  /** @param {unknown} error */
  function showError(error) {
    if (store.isLoaded && store.rows.size > 0) return;
    const words = error instanceof Error ? error.message : String(error);
    const again = h('button', { type: 'button', click: () => void store.load().catch(showError) }, 'Try again');
    note.hidden = false;
    note.replaceChildren(h('p', { class: 'problem', role: 'alert' }, `The requests cannot be read. ${words}`), again);
  }

  function refreshMarks() {
    for (const { row, element: each } of drawn.values()) bulk.dress(row, each);
  }

  /** @param {string} key */
  function select(key) {
    if (!key || key === selected) return;
    selected = key;
    mark();
  }

  function mark() {
    for (const old of body.querySelectorAll('.row.selected')) old.classList.remove('selected');
    for (const old of body.querySelectorAll('a.open[tabindex="0"]')) old.setAttribute('tabindex', '-1');
    const found = drawn.get(selected)?.element;
    found?.classList.add('selected');
    linkOf(selected)?.setAttribute('tabindex', '0');
  }

  /** @param {string} key */
  const linkOf = (key) => drawn.get(key)?.element.querySelector('a');
  /** @param {number} place */
  const keyAtPlace = (place) => {
    const row = order[Math.min(place, order.length - 1)];
    return row ? keyOf(row) : '';
  };
  /** @param {number} by */
  function move(by) {
    const place = order.findIndex((row) => keyOf(row) === selected);
    const isThere = body.contains(document.activeElement);
    select(keyAtPlace(isThere ? Math.max(0, place + by) : Math.max(0, place)));
    const link = linkOf(selected);
    link?.focus({ preventScroll: true });
    link?.closest('.row')?.scrollIntoView({ block: 'nearest' });
  }

  return {
    element,
    store,
    showError,
    /** The rows in the order in which they are shown. */
    order: () => order,
    /** @param {{ case: string, approval: string }} row */
    select: (row) => select(keyOf(row)),
    selected: () => store.rows.get(selected),
    focus: () => linkOf(selected)?.focus(),
    keys: {
      j: () => move(1),
      k: () => move(-1),
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      '/': () => bar.search.focus(),
      x: () => drawn.get(selected)?.element.querySelector('input')?.click(),
    },
  };
}

/** @param {EventTarget | null} target */
const keyAt = (target) => (target instanceof Element && target.closest('.row')?.getAttribute('data-key')) || '';
