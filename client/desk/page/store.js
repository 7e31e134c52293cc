/** @import { Row } from './types.ts' */
import { api } from './api.js';
import { keyOf } from './list-order.js';

/** The first page is small, so that it is there at once. */
const FIRST_PAGE = 100;
const PAGE = 1000;
/** Nobody reads more than so many; the search at the server would be the way then. */
const MOST = 5000;
const MINE = 'governor-mine';
const SOON_MS = 300;

/** The open requests as the page knows them. */
export class Store {
  /** @type {Map<string, Row>} */
  rows = new Map();
  /** Until somebody says otherwise, which is kept for the next time: who decides much wants to see what is theirs. */
  isMine = localStorage.getItem(MINE) !== 'no';
  isLoaded = false;
  #isChosen = localStorage.getItem(MINE) !== null;
  #onChange;
  /** Each reading has a number: an older one that ends late is forgotten. */
  #reading = 0;
  #timer = 0;

  /** @param {{ onChange: (change: { opened: Row[], closed: string[] }) => void }} listener */
  constructor({ onChange }) {
    this.#onChange = onChange;
  }

  /**
   * Reads everything anew. Throws a `Refusal` where that cannot be done.
   * @returns {Promise<void>}
   */
  async load() {
    this.#reading += 1;
    const number = this.#reading;
    /** @type {Map<string, Row>} */
    const read = new Map();
    let cursor = await this.#readPage(read, undefined);
    if (!this.isLoaded && cursor && number === this.#reading) {
      this.#replace(new Map(read));
      // The first rows are drawn before the rest is asked for.
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
    while (cursor && read.size < MOST && number === this.#reading) cursor = await this.#readPage(read, cursor);
    if (number !== this.#reading) return;
    if (this.#isForOthers(read.size)) {
      this.isMine = false;
      return await this.load();
    }
    this.isLoaded = true;
    this.#replace(read);
  }

  /**
   * @param {Map<string, Row>} into
   * @param {string | undefined} cursor
   * @returns {Promise<string | undefined>} where it goes on
   */
  async #readPage(into, cursor) {
    const limit = cursor || this.isLoaded ? PAGE : FIRST_PAGE;
    const { approvals, next } = await api.approvals({ limit, cursor, mine: this.isMine ? 'true' : undefined });
    for (const row of approvals) into.set(keyOf(row), row);
    return next;
  }

  /**
   * Whoever comes and has nothing to answer, as the requester of something, sees what waits for others.
   * @param {number} size
   */
  #isForOthers(size) {
    return !this.isLoaded && this.isMine && !this.#isChosen && size === 0;
  }

  /** @param {boolean} mine only what waits for whoever is signed in */
  setMine(mine) {
    this.isMine = mine;
    this.#isChosen = true;
    localStorage.setItem(MINE, mine ? 'yes' : 'no');
    return this.load();
  }

  /**
   * @param {'opened' | 'changed' | 'closed'} kind
   * @param {any} data
   */
  news(kind, data) {
    if (kind === 'closed' && data?.case && data?.approval) return this.forget(data);
    if (!this.isMine && data?.asks) return this.#replace(new Map(this.rows).set(keyOf(data), data));
    // One reading for all the news of a moment; more news do not put it off.
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0;
      void this.load().catch(() => undefined);
    }, SOON_MS);
  }

  /** @param {{ case: string, approval: string }} row */
  forget(row) {
    const next = new Map(this.rows);
    if (next.delete(keyOf(row))) this.#replace(next);
  }

  /** @param {Map<string, Row>} next */
  #replace(next) {
    const opened = [...next].filter(([key]) => !this.rows.has(key)).map(([, row]) => row);
    const closed = [...this.rows.keys()].filter((key) => !next.has(key));
    for (const [key, row] of next) {
      const before = this.rows.get(key);
      // The same object as before where nothing has changed: its row need not be drawn again.
      if (before && JSON.stringify(before) === JSON.stringify(row)) next.set(key, before);
    }
    this.rows = next;
    this.#onChange({ opened, closed });
  }
}
