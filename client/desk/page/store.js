/** @import { Row } from './types.ts' */
import { api } from './api.js';
import { keyOf } from './list-order.js';

/** The first page is small, so that it is there at once. */
const FIRST_PAGE = 100;
const PAGE = 1000;
/** Nobody reads more than so many; the search at the server would be the way then. */
const MOST = 5000;

/**
 * The open requests as the page knows them.
 * @param {{ onChange: (what: { opened: Row[], closed: string[] }) => void }} listener
 */
export function createStore({ onChange }) {
  /** @type {Map<string, Row>} */
  let rows = new Map();
  let isMine = false;
  let isLoaded = false;
  /** Each reading has a number: an older one that ends late is forgotten. */
  let reading = 0;
  let timer = 0;

  const load = async () => {
    reading += 1;
    const number = reading;
    /** @type {Map<string, Row>} */
    const read = new Map();
    /** @type {string | undefined} */
    let cursor;
    do {
      const page = await api.approvals({
        limit: cursor || isLoaded ? PAGE : FIRST_PAGE,
        cursor,
        ...(isMine ? { mine: 'true' } : {}),
      });
      if (number !== reading) return;
      for (const row of page.approvals) read.set(keyOf(row), row);
      cursor = page.next;
      if (isLoaded || !cursor) continue;
      replace(new Map(read));
      // The first rows are drawn before the rest is asked for.
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    } while (cursor && read.size < MOST);
    isLoaded = true;
    replace(read);
  };

  /** @param {Map<string, Row>} next */
  const replace = (next) => {
    const opened = [...next].filter(([key]) => !rows.has(key)).map(([, row]) => row);
    const closed = [...rows.keys()].filter((key) => !next.has(key));
    for (const [key, row] of next) {
      const before = rows.get(key);
      // The same object as before where nothing has changed: its row need not be drawn again.
      if (before && JSON.stringify(before) === JSON.stringify(row)) next.set(key, before);
    }
    rows = next;
    onChange({ opened, closed });
  };

  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void load().catch(() => undefined), 150);
  };

  return {
    load,
    get rows() {
      return rows;
    },
    get isLoaded() {
      return isLoaded;
    },
    /** @param {boolean} mine only what waits for whoever is signed in */
    setMine: (mine) => {
      isMine = mine;
      return load();
    },
    /**
     * @param {'opened' | 'changed' | 'closed'} kind
     * @param {any} data
     */
    news: (kind, data) => {
      if (kind === 'closed' && data?.case && data?.approval) forget(data);
      else if (!isMine && data?.asks) replace(new Map(rows).set(keyOf(data), data));
      else soon();
    },
    /** @param {{ case: string, approval: string }} row */
    forget: (row) => forget(row),
  };

  /** @param {{ case: string, approval: string }} row */
  function forget(row) {
    const next = new Map(rows);
    if (next.delete(keyOf(row))) replace(next);
  }
}
