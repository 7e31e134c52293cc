/** @import { OpenRequest } from './types.ts' */
import { h } from './dom.js';
import { shown } from './odd.js';
import { showAmount, showUsd } from './words.js';

// The exact call: every argument, every character of it, with its type, and nothing cut.

/**
 * @param {Readonly<Record<string, unknown>>} call
 * @param {{ byModel?: readonly string[], outside?: readonly string[], currency?: string }} [how] which arguments a model
 *   filled in, and which a customer wrote; and of which currency sums are where none is named beside them
 */
export function showCall(call, { byModel = [], outside = [], currency = '' } = {}) {
  const list = h('dl', { class: 'call' });
  const money = typeof call['currency'] === 'string' ? call['currency'] : currency;
  for (const [name, value] of Object.entries(call)) {
    const label = h('dt', {}, shown(name));
    if (byModel.includes(name))
      label.append(' ', h('span', { class: 'by-model', title: 'Written by a model' }, 'model'));
    if (outside.includes(name)) label.append(' ', h('span', { class: 'by-customer' }, 'from outside'));
    list.append(label, h('dd', {}, showValue(value, money), inMoney(name, value, money)));
  }
  return list;
}

/**
 * Sums are in the smallest unit, as the tools take them; beside them what that is in money.
 * @param {string} name
 * @param {unknown} value
 * @param {string} currency
 */
function inMoney(name, value, currency) {
  const isSum = Number.isSafeInteger(value);
  const money = (/** @type {string} */ words) => h('span', { class: 'faint in-money' }, ` = ${words}`);
  if (isSum && name.endsWith('MicroUsd')) return money(showUsd(Number(value)));
  return isSum && name.endsWith('Minor') && currency ? money(showAmount({ minor: Number(value), currency })) : '';
}

/**
 * @param {unknown} value
 * @param {string} [currency]
 * @returns {HTMLElement}
 */
export function showValue(value, currency = '') {
  if (typeof value === 'string') return textValue(value);
  if (Array.isArray(value)) return listValue(value, currency);
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).length
      ? showCall({ ...value }, { currency })
      : h('code', { class: 'value' }, '{} (nothing in it)');
  return h('code', { class: 'value', 'data-type': typeof value }, String(value));
}

/** @param {string} text */
function textValue(text) {
  const counted = text.length > 200 ? h('small', { class: 'faint' }, `${[...text].length} characters`) : '';
  return h('div', {}, h('div', { class: 'value text', 'data-type': 'text' }, shown(text, { lines: true })), counted);
}

/**
 * @param {readonly unknown[]} values
 * @param {string} currency
 */
function listValue(values, currency) {
  if (values.length === 0) return h('code', { class: 'value' }, '[] (nothing in it)');
  return h('ol', { class: 'values', start: 1 }, ...values.map((value) => h('li', {}, showValue(value, currency))));
}

/** What a document says is its author's, and nobody's of the house. */
const OF_DOCUMENTS = ['document', 'differences'];

/**
 * What a yes is about: for a call that is proposed the call itself, else what the question rests on and what is let
 * through at the tools.
 * @param {OpenRequest} request
 * @returns {HTMLElement}
 */
export function whatIsAskedFor({ call, kind, editable, grant, facts, recommendation }) {
  const outside = kind === 'approval' ? OF_DOCUMENTS : [];
  const byModel = recommendation ? [...editable, 'recommendation'] : editable;
  const isSaid = !call || JSON.stringify(call) === JSON.stringify(grant?.args);
  return h(
    'div',
    { class: 'asked-for' },
    isSaid ? '' : h('h3', {}, kind === 'proposal' ? 'The exact call' : 'What it is about'),
    isSaid ? '' : showCall(call, { byModel, outside }),
    grant ? h('h3', {}, 'What a yes lets through: ', h('code', {}, shown(grant.tool))) : '',
    grant ? showCall(grant.args) : '',
    facts ? restsOn(facts, ['proposal', 'approval'].includes(kind)) : '',
  );
}

/**
 * What the digest covers beside the call. Where there is a call or a document to read it is folded: versions and digests.
 * @param {Readonly<Record<string, unknown>>} facts
 * @param {boolean} isFolded
 */
const restsOn = (facts, isFolded) =>
  h(
    'details',
    { class: 'rests-on', open: !isFolded },
    h('summary', {}, 'What the answer rests on'),
    Object.keys(facts).length ? showCall(facts) : h('p', { class: 'faint' }, 'Nothing else.'),
  );

/**
 * What is different between two calls, argument by argument.
 * @param {Readonly<Record<string, unknown>>} before
 * @param {Readonly<Record<string, unknown>>} after
 * @param {{ was: string, is: string }} heads
 */
export function showDifference(before, after, { was, is }) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (names.length === 0) return h('p', { class: 'faint' }, 'No difference yet.');
  /**
   * @param {Readonly<Record<string, unknown>>} call
   * @param {string} name
   */
  const side = (call, name) =>
    Object.hasOwn(call, name) ? showValue(call[name]) : h('span', { class: 'faint' }, 'absent');
  return h(
    'table',
    { class: 'difference' },
    h('thead', {}, h('tr', {}, ...['Argument', was, is].map((head) => h('th', { scope: 'col' }, head)))),
    h(
      'tbody',
      {},
      ...names.map((name) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, shown(name)),
          h('td', { class: 'was' }, h('del', {}, side(before, name))),
          h('td', { class: 'is' }, h('ins', {}, side(after, name))),
        ),
      ),
    ),
  );
}
