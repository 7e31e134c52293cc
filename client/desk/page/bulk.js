/** @import { BulkResult, Row } from './types.ts' */
import { announce } from './announce.js';
import { api } from './api.js';
import { ask, tell } from './dialogs.js';
import { h } from './dom.js';
import { keyOf, whyNotInBulk } from './list-order.js';
import { shown } from './odd.js';
import { NEEDS_WORDS, SAY, showAmount } from './words.js';

/**
 * The yes and the no of each kind that can be said to several at once.
 * @type {Readonly<Record<string, readonly (keyof typeof SAY)[]>>}
 */
export const BULK_ANSWERS = {
  proposal: ['approve', 'reject'],
  finding: ['go-on', 'reject'],
  confirmation: ['approve', 'reject'],
  approval: ['approve', 'decline'],
  exception: ['retry', 'abort'],
  budget: ['raise', 'stop'],
  shortage: ['reject'],
};
const MOST = 50;

/** One answer to several requests that are harmless and alike. Each is still answered, signed and reported on its own. */
export class Bulk {
  #words = h('span', { role: 'status' });
  #answers = h('span', { class: 'answers' });
  #clear = h('button', { type: 'button', class: 'quiet', click: () => this.#forget() }, 'Clear');
  element = h(
    'div',
    { class: 'bulk', role: 'group', 'aria-label': 'Marked requests', hidden: true },
    this.#words,
    this.#answers,
    this.#clear,
  );
  /**
   * Keys, and never places: a list that moves must not move what was marked.
   * @type {Set<string>}
   */
  #marked = new Set();
  #store;
  #onChange;

  /** @param {{ store: { rows: ReadonlyMap<string, Row>, load: () => Promise<void> }, onChange: () => void }} how */
  constructor({ store, onChange }) {
    this.#store = store;
    this.#onChange = onChange;
  }

  #rows() {
    return [...this.#marked].map((key) => this.#store.rows.get(key)).filter((row) => row !== undefined);
  }

  /** @param {string} key */
  drop(key) {
    if (this.#marked.delete(key)) this.#show();
  }

  /**
   * @param {Row} row
   * @param {boolean} isOn
   */
  mark(row, isOn) {
    const canBe = this.#marked.size < MOST && !whyNotInBulk(row, this.#rows()[0]);
    if (isOn && canBe) this.#marked.add(keyOf(row));
    else this.#marked.delete(keyOf(row));
    this.#show();
  }

  /**
   * @param {Row} row
   * @param {HTMLElement} element
   */
  dress(row, element) {
    const box = element.querySelector('input');
    if (!box) return;
    const isMarked = this.#marked.has(keyOf(row));
    const why = whyNotInBulk(row, this.#rows()[0]);
    box.disabled = why !== undefined && !isMarked;
    box.title = why ?? 'answer several at once';
    box.checked = isMarked;
  }

  #forget() {
    this.#marked.clear();
    this.#show();
  }

  #show() {
    const [first] = this.#rows();
    this.element.hidden = !first;
    this.#words.textContent = `${this.#marked.size} marked`;
    const verdicts = first ? (BULK_ANSWERS[first.kind] ?? []) : [];
    const button = (/** @type {keyof typeof SAY} */ verdict) =>
      h(
        'button',
        { type: 'button', class: `answer ${SAY[verdict].tone}`, click: () => void this.#answer(verdict) },
        `${SAY[verdict].label} …`,
      );
    this.#answers.replaceChildren(...verdicts.map(button));
    this.#onChange();
  }

  /** @param {keyof typeof SAY} verdict */
  async #answer(verdict) {
    const chosen = this.#rows();
    const results = await askForAll(chosen, verdict);
    if (!results) return;
    this.#forget();
    const done = results.filter(({ accepted }) => accepted).length;
    const title = `${done} of ${results.length} answered`;
    announce(title);
    void this.#store.load().catch(() => undefined);
    await tell({
      title,
      wide: true,
      body: [h('ul', { class: 'bulk-list' }, ...results.map((each) => resultLine(each, chosen)))],
    });
  }
}

/**
 * @param {readonly Row[]} chosen
 * @param {keyof typeof SAY} verdict
 * @returns {Promise<readonly BulkResult[] | undefined>}
 */
async function askForAll(chosen, verdict) {
  const { label, tone } = SAY[verdict];
  const needsWords = NEEDS_WORDS.has(verdict);
  const reason = h('textarea', { rows: 2, maxlength: 500, id: 'reason', required: needsWords });
  const items = chosen.map((row) => ({ case: row.case, approval: row.approval, digest: row.digest }));
  const results = await ask({
    title: `${label}: ${chosen.length} ${chosen.length === 1 ? 'request' : 'requests'}`,
    wide: true,
    tone,
    yes: `${label} ${chosen.length}`,
    body: [
      h('p', {}, 'Each is answered and signed on its own, as it was listed here. What has changed since is refused.'),
      h('ul', { class: 'bulk-list' }, ...chosen.map(line)),
      h('label', { for: 'reason' }, needsWords ? 'Reason' : 'Reason (may be left out)'),
      reason,
    ],
    take: async () => {
      const why = reason.value.trim();
      if (needsWords && !why) return 'This needs a reason.';
      return (await api.bulk({ items, verdict, ...(why ? { reason: why } : {}) })).results;
    },
  });
  return typeof results === 'string' ? undefined : results;
}

/** @param {Row} row */
const line = (row) => h('li', {}, shown(row.asks), row.amount ? h('b', {}, ` ${showAmount(row.amount)}`) : '');

/**
 * @param {BulkResult} result
 * @param {readonly Row[]} chosen
 */
function resultLine({ case: caseId, approval, accepted, why }, chosen) {
  const row = chosen.find((each) => each.case === caseId && each.approval === approval);
  return h(
    'li',
    { 'data-accepted': String(accepted) },
    h('b', {}, accepted ? 'answered' : 'not answered'),
    ' · ',
    shown(row?.asks ?? `${caseId} ${approval}`),
    why ? h('small', {}, shown(why)) : '',
  );
}
