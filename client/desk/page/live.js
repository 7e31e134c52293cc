// News of open requests, as they come: by events, and by asking again while events do not get through.

const POLL_MS = 1500;
const POLL_HIDDEN_MS = 15_000;
/** Events can be lost without anybody noticing; this makes it good. */
const CHECK_MS = 60_000;
const RETRY_MS = 10_000;
const LATER_MS = 500;

/**
 * @typedef {'live' | 'polling' | 'offline'} LiveState
 * @typedef {'opened' | 'changed' | 'closed'} News
 * @typedef {{
 *   onNews: (kind: News, data: any) => void,
 *   refresh: () => Promise<void>,
 *   onState: (state: LiveState) => void,
 * }} Listener `refresh` reads everything again, and throws where nobody answers
 */

/** @type {readonly News[]} */
const NEWS = ['opened', 'changed', 'closed'];

/** Listens until it is stopped. */
export class Live {
  #listener;
  #isStopped = false;
  #isOpen = false;
  #timer = 0;
  /** @type {EventSource | undefined} */
  #source;

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
    this.#open();
    this.#plan(POLL_MS);
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#source?.close();
  }

  #open() {
    if (this.#isStopped || this.#isOpen) return;
    this.#source?.close();
    const source = new EventSource('/v1/approvals/events');
    this.#source = source;
    source.addEventListener('open', () => this.#opened());
    // Too long away: nobody can tell any more what was missed.
    source.addEventListener('reset', () => this.#plan(0));
    source.addEventListener('error', () => this.#lost());
    for (const kind of NEWS) source.addEventListener(kind, ({ data }) => this.#listener.onNews(kind, parsed(data)));
  }

  #opened() {
    this.#isOpen = true;
    this.#listener.onState('live');
    // For what happened between the last reading and now.
    this.#plan(LATER_MS);
  }

  #lost() {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    if (wasOpen) this.#plan(0);
    // The browser comes back by itself, but not after every kind of error.
    if (this.#source?.readyState === EventSource.CLOSED) setTimeout(() => this.#open(), RETRY_MS);
  }

  /** @param {number} ms */
  #plan(ms) {
    clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = window.setTimeout(() => void this.#again(), ms);
  }

  async #again() {
    const state = await this.#listener.refresh().then(
      () => (this.#isOpen ? /** @type {const} */ ('live') : /** @type {const} */ ('polling')),
      () => /** @type {const} */ ('offline'),
    );
    if (this.#isStopped) return;
    this.#listener.onState(state);
    this.#plan(this.#isOpen ? CHECK_MS : document.hidden ? POLL_HIDDEN_MS : POLL_MS);
  }
}

/** @param {string} data */
function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
