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

/**
 * One answer to several requests that are harmless and alike. Each is still answered, signed and reported on its own.
 * @param {{ store: { rows: ReadonlyMap<string, Row>, load: () => Promise<void> }, onChange: () => void }} how
 */
export function createBulk({ store, onChange }) {
  /** Keys, and never places: a list that moves must not move what was marked.
   * @type {Set<string>} */
  const marked = new Set();
  const words = h('span', { role: 'status' });
  const answers = h('span', { class: 'answers' });
  const clear = h('button', { type: 'button', class: 'quiet', click: () => forget() }, 'Clear');
  const element = h(
    'div',
    { class: 'bulk', role: 'group', 'aria-label': 'Marked requests', hidden: true },
    words,
    answers,
    clear,
  );

  const rows = () => [...marked].map((key) => store.rows.get(key)).filter((row) => row !== undefined);

  function show() {
    const [first] = rows();
    element.hidden = !first;
    words.textContent = `${marked.size} marked`;
    const verdicts = first ? (BULK_ANSWERS[first.kind] ?? []) : [];
    answers.replaceChildren(
      ...verdicts.map((verdict) =>
        h(
          'button',
          { type: 'button', class: `answer ${SAY[verdict].tone}`, click: () => void answer(verdict) },
          `${SAY[verdict].label} …`,
        ),
      ),
    );
    onChange();
  }

  function forget() {
    marked.clear();
    show();
  }

  /** @param {keyof typeof SAY} verdict */
  async function answer(verdict) {
    const chosen = rows();
    const { label, tone } = SAY[verdict];
    const reason = h('textarea', { rows: 2, maxlength: 500, id: 'reason', required: NEEDS_WORDS.has(verdict) });
    const results = await ask({
      title: `${label}: ${chosen.length} requests`,
      wide: true,
      tone,
      yes: `${label} ${chosen.length}`,
      body: [
        h('p', {}, 'Each is answered and signed on its own, as it was listed here. What has changed since is refused.'),
        h('ul', { class: 'bulk-list' }, ...chosen.map(line)),
        h('label', { for: 'reason' }, NEEDS_WORDS.has(verdict) ? 'Reason' : 'Reason (may be left out)'),
        reason,
      ],
      take: async () => {
        const why = reason.value.trim();
        if (NEEDS_WORDS.has(verdict) && !why) return 'This needs a reason.';
        const items = chosen.map((row) => ({ case: row.case, approval: row.approval, digest: row.digest }));
        return (await api.bulk({ items, verdict, ...(why ? { reason: why } : {}) })).results;
      },
    });
    if (!results || typeof results === 'string') return;
    forget();
    const done = results.filter(({ accepted }) => accepted).length;
    announce(`${done} of ${results.length} answered`);
    void store.load().catch(() => undefined);
    await tell({
      title: `${done} of ${results.length} answered`,
      wide: true,
      body: [h('ul', { class: 'bulk-list' }, ...results.map((result) => resultLine(result, chosen)))],
    });
  }

  return {
    element,
    /** @param {string} key */
    has: (key) => marked.has(key),
    /** @param {string} key */
    drop: (key) => {
      if (marked.delete(key)) show();
    },
    /**
     * @param {Row} row
     * @param {boolean} isOn
     */
    mark: (row, isOn) => {
      if (isOn && marked.size < MOST && !whyNotInBulk(row, rows()[0])) marked.add(keyOf(row));
      else marked.delete(keyOf(row));
      show();
    },
    /**
     * @param {Row} row
     * @param {HTMLElement} rowElement
     */
    dress: (row, rowElement) => {
      const box = rowElement.querySelector('input');
      if (!box) return;
      const why = whyNotInBulk(row, rows()[0]);
      box.disabled = why !== undefined && !marked.has(keyOf(row));
      box.title = why ?? 'answer several at once';
      box.checked = marked.has(keyOf(row));
    },
  };
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
