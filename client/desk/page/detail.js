/** @import { AnswerVerdict, Detail, Move } from './types.ts' */
/** @import { News } from './live.js' */
import { sayIt } from './actions.js';
import { toast } from './announce.js';
import { api, Refusal } from './api.js';
import { verdictOf } from './decide.js';
import { closeDialogs } from './dialogs.js';
import { h, inPath } from './dom.js';
import { keepingFocus } from './focus.js';
import { columns, header } from './request-page.js';
import { labelOf } from './words.js';

const STAYS_OPEN = new Set(['edit', 'ask-info', 'inform', 'delegate', 'escalate', 'claim', 'release']);

/**
 * @typedef {{
 *   place: { case: string, approval: string },
 *   first?: string,
 *   onClosed: () => void,
 *   onNext: (by: number) => void,
 *   whereAmI: () => string,
 * }} DetailOptions `first`: the key that was pressed in the list, done as soon as the request is read
 */

/** One request on screen: read, answered, and kept up to date. */
export class RequestView {
  element = h('article', { class: 'view detail' }, h('p', { class: 'loading' }, 'Reading the request …'));
  keys = {
    ...Object.fromEntries(['a', 'r', 'e', 'i', 'd'].map((key) => [key, () => this.#press(key)])),
    j: () => this.#options.onNext(1),
    k: () => this.#options.onNext(-1),
    Escape: () => {
      location.hash = '#/';
    },
  };
  /** @type {Detail | undefined} */
  #detail;
  #isGone = false;
  #options;

  /** @param {DetailOptions} options */
  constructor(options) {
    this.#options = options;
    void this.#load();
  }

  leave() {
    this.#isGone = true;
  }

  /**
   * Somebody has done something about a request.
   * @param {News} kind
   * @param {any} data
   */
  news(kind, data) {
    const { place } = this.#options;
    if (data?.case !== place.case || data?.approval !== place.approval || this.#isGone) return;
    // Gone, or moved on: reading it tells which.
    void this.#load(kind === 'closed');
  }

  async #load(isClosed = false) {
    const { place, first } = this.#options;
    try {
      const read = await api.approval(place.case, place.approval);
      if (this.#isGone || JSON.stringify(read) === JSON.stringify(this.#detail)) return;
      const isFirst = this.#detail === undefined;
      const isOther = !isFirst && read.request.digest !== this.#detail?.request.digest;
      this.#detail = read;
      this.#show();
      if (isOther) this.#voidDialog();
      if (isFirst) this.element.querySelector('h1')?.focus();
      if (isFirst && first) this.#press(first);
    } catch (error) {
      if (!this.#isGone) this.#showProblem(error, isClosed);
    }
  }

  #show() {
    if (!this.#detail) return;
    const { whereAmI, onNext } = this.#options;
    const notice = h('p', { class: 'notice', role: 'alert', hidden: true });
    const parts = [
      header(this.#detail, { whereAmI, onNext }),
      notice,
      columns(this.#detail, (verdict) => void this.#answer(verdict)),
    ];
    keepingFocus(this.element, () => this.element.replaceChildren(...parts));
  }

  /** What an open dialog asks about is not what is open any more. */
  #voidDialog() {
    closeDialogs();
    this.#notice('The request has changed. Read it again before you answer.');
  }

  /**
   * @param {unknown} error
   * @param {boolean} isClosed
   */
  #showProblem(error, isClosed) {
    const isNotOpen = isClosed || (error instanceof Refusal && [404, 409].includes(error.status));
    if (isNotOpen && this.#detail) return this.#close(decidedBy(error) ?? 'This request is no longer open.');
    const words = error instanceof Error ? error.message : String(error);
    this.element.replaceChildren(
      h('p', { class: 'crumbs' }, h('a', { href: '#/' }, '‹ Requests')),
      h('h1', { tabindex: -1 }, isNotOpen ? 'There is no such open request' : 'This request cannot be read'),
      h('p', { class: 'problem', role: 'alert' }, words),
      isNotOpen ? this.#caseLink() : h('button', { type: 'button', click: () => void this.#load() }, 'Try again'),
    );
  }

  #caseLink() {
    const address = `#/cases/${inPath(this.#options.place.case)}`;
    return h('a', { href: address }, 'See what became of the case');
  }

  /** @param {string} words */
  #close(words) {
    this.#isGone = true;
    closeDialogs();
    const place = this.element.querySelector('.decide .buttons');
    place?.replaceChildren(h('p', { class: 'refusal' }, words), this.#caseLink());
    this.#notice(words);
    this.#options.onClosed();
  }

  /** @param {string} words */
  #notice(words) {
    const bar = this.element.querySelector('.notice');
    if (!(bar instanceof HTMLElement)) return;
    bar.hidden = false;
    bar.textContent = words;
  }

  /** @param {string} key */
  #press(key) {
    const detail = this.#detail;
    if (!detail || this.#isGone) return;
    const verdict = verdictOf(detail, key);
    if (verdict) void this.#answer(verdict);
    else
      toast(
        detail.mayAnswer ? 'This request has no such answer.' : (detail.whyNot ?? 'You cannot answer this.'),
        'bad',
      );
  }

  /** @param {AnswerVerdict | Move} verdict */
  async #answer(verdict) {
    if (!this.#detail || this.#isGone) return;
    const { place, onNext } = this.#options;
    const said = await sayIt(this.#detail, verdict);
    if (!said || this.#isGone) return;
    try {
      await api.answer(place.case, place.approval, said);
      toast(`Sent: ${labelOf(verdict)}`);
      if (STAYS_OPEN.has(verdict)) return await this.#load();
      this.#close(`You answered: ${labelOf(verdict)}.`);
      onNext(1);
    } catch (error) {
      await this.#refused(error);
    }
  }

  /** @param {unknown} error */
  async #refused(error) {
    const words = error instanceof Refusal ? [error.message, ...error.errors].join(' ') : String(error);
    toast(words, 'bad');
    if (decidedBy(error)) return this.#close(decidedBy(error) ?? words);
    await this.#load();
    if (!this.#isGone) this.#notice(words);
  }
}

/** @param {unknown} error */
const decidedBy = (error) =>
  error instanceof Refusal && error.decidedBy ? `Already decided by ${error.decidedBy}.` : undefined;
