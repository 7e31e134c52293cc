/** @import { Bulk } from './bulk.js' */
/** @import { Row } from './types.ts' */
import { h } from './dom.js';
import { keyOf } from './list-order.js';
import { buildRow } from './row.js';

/** The rows on screen, and which of them is selected. A row is known by its id, and never by its place. */
export class Rows {
  body = h('div', { role: 'rowgroup', class: 'rows', focusin: (event) => this.select(keyAt(event.target)) });
  selected = '';
  /** @type {Map<string, { row: Row, element: HTMLElement }>} */
  #drawn = new Map();
  /** @type {readonly Row[]} */
  #order = [];
  #onMark;

  /** @param {{ onMark: (row: Row, isOn: boolean) => void }} how */
  constructor({ onMark }) {
    this.#onMark = onMark;
  }

  /**
   * Shows these, and draws only what has changed. The selected row and the focus stay where they are, or go to the row
   * that has taken the place.
   * @param {readonly Row[]} order
   * @param {ReadonlyMap<string, Row>} known
   */
  show(order, known) {
    const place = this.#order.findIndex((row) => keyOf(row) === this.selected);
    const hadFocus = this.body.contains(document.activeElement);
    const had = hadFocus && document.activeElement instanceof HTMLInputElement ? 'input' : 'a';
    this.#order = order;
    this.#put(order.map((row) => this.#elementOf(row)));
    for (const key of this.#drawn.keys()) if (!known.has(key)) this.#drawn.delete(key);
    if (!order.some((row) => keyOf(row) === this.selected)) this.selected = this.#keyAtPlace(Math.max(0, place));
    this.#mark();
    if (hadFocus) this.#element()?.querySelector(had)?.focus({ preventScroll: true });
  }

  /** @param {readonly HTMLElement[]} elements */
  #put(elements) {
    const now = [...this.body.children];
    const isSame = now.length === elements.length && now.every((each, at) => each === elements[at]);
    if (!isSame) this.body.replaceChildren(...elements);
  }

  /** @param {Row} row */
  #elementOf(row) {
    const key = keyOf(row);
    const known = this.#drawn.get(key);
    if (known?.row === row) return known.element;
    const element = buildRow(row, { onMark: this.#onMark });
    this.#drawn.set(key, { row, element });
    return element;
  }

  /** @param {string} key */
  select(key) {
    if (!key || key === this.selected) return;
    this.selected = key;
    this.#mark();
  }

  /** @param {number} by */
  move(by) {
    const place = Math.max(
      0,
      this.#order.findIndex((row) => keyOf(row) === this.selected),
    );
    const isThere = this.body.contains(document.activeElement);
    this.select(this.#keyAtPlace(isThere ? Math.max(0, place + by) : place));
    this.focus();
    this.#element()?.scrollIntoView({ block: 'nearest' });
  }

  focus() {
    this.#element()?.querySelector('a')?.focus({ preventScroll: true });
  }

  clickMark() {
    this.#element()?.querySelector('input')?.click();
  }

  /** @param {Bulk} bulk which rows are marked, and which can be */
  dress(bulk) {
    for (const { row, element } of this.#drawn.values()) bulk.dress(row, element);
  }

  #mark() {
    for (const old of this.body.querySelectorAll('.row.selected')) old.classList.remove('selected');
    for (const old of this.body.querySelectorAll('a[tabindex="0"]')) old.setAttribute('tabindex', '-1');
    this.#element()?.classList.add('selected');
    this.#element()?.querySelector('a')?.setAttribute('tabindex', '0');
  }

  #element() {
    return this.#drawn.get(this.selected)?.element;
  }

  /** @param {number} place */
  #keyAtPlace(place) {
    const row = this.#order[Math.min(place, this.#order.length - 1)];
    return row ? keyOf(row) : '';
  }
}

/** @param {EventTarget | null} target */
const keyAt = (target) => (target instanceof Element && target.closest('.row')?.getAttribute('data-key')) || '';
