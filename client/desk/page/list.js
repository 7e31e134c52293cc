/** @import { Row } from './types.ts' */
import { announce } from './announce.js';
import { Bulk } from './bulk.js';
import { h } from './dom.js';
import { filterBar } from './filter-bar.js';
import { listHead } from './list-head.js';
import { arranged, FIRST_VIEW, isFiltered, keyOf } from './list-order.js';
import { Rows } from './rows.js';
import { Store } from './store.js';

/** The list of open requests. It stays as it is while something else is on screen, and keeps itself up to date. */
export class RequestList {
  view = { ...FIRST_VIEW };
  store = new Store({ onChange: (change) => this.#arrange(change) });
  /** @type {Row[]} The rows in the order in which they are shown. */
  order = [];
  #bulk = new Bulk({ store: this.store, onChange: () => this.#rows.dress(this.#bulk) });
  #rows = new Rows({ onMark: (row, isOn) => this.#bulk.mark(row, isOn) });
  #note = h('div', { class: 'note' }, h('p', { class: 'loading' }, 'Reading the open requests …'));
  #bar = filterBar({
    view: this.view,
    onChange: () => this.#arrange(),
    onMine: (mine) => void this.store.setMine(mine).catch((error) => this.showError(error)),
  });
  #head = listHead({ view: this.view, onSort: () => this.#arrange() });
  #table = h(
    'div',
    { role: 'table', class: 'list', 'aria-label': 'Open requests' },
    this.#head.element,
    this.#rows.body,
  );
  #onCount;
  element = h(
    'section',
    { class: 'view', 'aria-label': 'Open requests' },
    h('h1', { class: 'unseen' }, 'Open requests'),
    this.#bar.element,
    this.#table,
    this.#note,
    this.#bulk.element,
  );
  keys = {
    j: () => this.#rows.move(1),
    k: () => this.#rows.move(-1),
    ArrowDown: () => this.#rows.move(1),
    ArrowUp: () => this.#rows.move(-1),
    '/': () => this.#bar.search.focus(),
    x: () => this.#rows.clickMark(),
  };

  /** @param {{ onCount: (count: number) => void }} how */
  constructor({ onCount }) {
    this.#onCount = onCount;
  }

  focus() {
    this.#rows.focus();
  }

  get selected() {
    return this.store.rows.get(this.#rows.selected);
  }

  /** @param {{ case: string, approval: string }} row */
  select(row) {
    this.#rows.select(keyOf(row));
  }

  /** @param {unknown} error */
  showError(error) {
    if (this.store.isLoaded && this.store.rows.size > 0) return;
    const words = error instanceof Error ? error.message : String(error);
    const again = () => void this.store.load().catch((next) => this.showError(next));
    this.#note.hidden = false;
    this.#note.replaceChildren(
      h('p', { class: 'problem', role: 'alert' }, `The requests cannot be read. ${words}`),
      h('button', { type: 'button', click: again }, 'Try again'),
    );
  }

  /** @param {{ opened: readonly Row[], closed: readonly string[] }} [change] */
  #arrange({ opened, closed } = { opened: [], closed: [] }) {
    const { rows } = this.store;
    for (const key of closed) this.#bulk.drop(key);
    this.order = arranged(rows.values(), this.view);
    this.#rows.show(this.order, rows);
    this.#rows.dress(this.#bulk);
    this.#bar.update([...rows.values()], this.order.length, this.store.isMine);
    this.#table.setAttribute('aria-rowcount', String(this.order.length + 1));
    this.#onCount(rows.size);
    this.#showNote();
    if (this.store.isLoaded && opened.length + closed.length > 0) this.#say(opened.length, closed.length);
  }

  /**
   * @param {number} opened
   * @param {number} closed
   */
  #say(opened, closed) {
    const words = [opened && `${opened} new`, closed && `${closed} gone`].filter(Boolean);
    announce(`${words.join(', ')}: ${this.store.rows.size} requests open`);
  }

  #showNote() {
    this.#note.hidden = this.order.length > 0;
    this.#table.hidden = this.order.length === 0;
    if (this.order.length > 0 || !this.store.isLoaded) return;
    const { rows, isMine } = this.store;
    const filtered = rows.size > 0 || isMine || isFiltered(this.view);
    const nothing = isMine ? 'Nothing waits for you.' : 'Nothing waits for an answer. Enjoy it.';
    const words = rows.size > 0 ? 'No open request fits these filters.' : nothing;
    const again = h('button', { type: 'button', click: this.#bar.clear }, 'Show all');
    this.#note.replaceChildren(h('p', { class: 'empty' }, words), filtered ? again : '');
  }
}
