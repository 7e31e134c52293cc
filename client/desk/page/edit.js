/** @import { OpenRequest } from './types.ts' */
import { showDifference } from './call.js';
import { ask } from './dialogs.js';
import { h } from './dom.js';
import { inWords } from './words.js';

// An edit changes what the model filled in, and keeps every argument's type: 12 stays a number.

/**
 * @typedef {{ name: string, element: HTMLElement, read: () => unknown }} Field `read` throws words where it can't be read
 */

/**
 * Asks for changed arguments; gives those that differ, with the reason.
 * @param {OpenRequest} request
 * @returns {Promise<{ edit: Record<string, unknown>, reason?: string } | undefined>}
 */
export async function askForEdit(request) {
  const call = request.call ?? {};
  const names = [...new Set([...request.missing, ...request.editable])];
  const fields = names.map((name) => fieldOf(name, call[name], request.missing.includes(name)));
  const difference = h('div', { class: 'live-difference', 'aria-live': 'polite' });
  const reason = h('textarea', { id: 'reason', rows: 2, maxlength: 500 });
  const show = () => {
    const { edit, problem } = readAll(fields, call);
    const heads = { was: 'As the model has it', is: 'As you have it' };
    difference.replaceChildren(
      problem ? h('p', { class: 'problem' }, problem) : showDifference(call, { ...call, ...edit }, heads),
    );
  };
  const form = h('div', { class: 'fields', input: show, change: show }, ...fields.map(({ element }) => element));
  show();
  const first = fields[0]?.element.querySelector('input, textarea, select');
  const result = await ask({
    title: 'Edit what the model filled in',
    wide: true,
    yes: 'Send the edit',
    ...(first instanceof HTMLElement ? { focus: first } : {}),
    body: [
      h('p', {}, 'The edited call is validated and judged again. Where it still needs a yes, somebody else gives it.'),
      form,
      h('h3', {}, 'What you change'),
      difference,
      h('label', { for: 'reason' }, 'Reason (may be left out)'),
      reason,
    ],
    take: () => {
      const { edit, problem } = readAll(fields, call);
      if (problem) return problem;
      if (Object.keys(edit).length === 0) return 'Nothing is changed. To take the call as it is, approve it.';
      return { edit, ...(reason.value.trim() ? { reason: reason.value.trim() } : {}) };
    },
  });
  return typeof result === 'string' ? undefined : result;
}

/**
 * @param {readonly Field[]} fields
 * @param {Readonly<Record<string, unknown>>} call
 * @returns {{ edit: Record<string, unknown>, problem?: string }}
 */
function readAll(fields, call) {
  /** @type {Record<string, unknown>} */
  const edit = {};
  for (const { name, read } of fields) {
    try {
      const value = read();
      if (JSON.stringify(value) !== JSON.stringify(call[name])) edit[name] = value;
    } catch (error) {
      return { edit: {}, problem: `${name}: ${error instanceof Error ? error.message : 'cannot be read'}` };
    }
  }
  return { edit };
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {boolean} isMissing
 * @returns {Field}
 */
function fieldOf(name, value, isMissing) {
  const id = `field-${name}`;
  const label = h('label', { for: id }, inWords(name), isMissing ? h('small', {}, ' nobody has proposed it') : '');
  const { input, read, more } = isMissing && value === undefined ? anyInput(id) : inputFor(id, value);
  return { name, element: h('div', { class: 'field' }, label, input, more ?? ''), read };
}

/**
 * @param {string} id
 * @param {unknown} value
 * @returns {{ input: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, read: () => unknown, more?: HTMLElement }}
 */
function inputFor(id, value) {
  if (typeof value === 'boolean') {
    const input = h('select', { id }, ...['true', 'false'].map((each) => h('option', { value: each }, each)));
    input.value = String(value);
    return { input, read: () => input.value === 'true' };
  }
  if (typeof value === 'number') {
    const input = h('input', { id, inputmode: 'decimal', autocomplete: 'off', value });
    return { input, read: () => numberOf(input.value) };
  }
  const isText = typeof value === 'string';
  const text = isText ? value : JSON.stringify(value ?? null, null, 2);
  const input = h('textarea', {
    id,
    rows: Math.min(8, text.split('\n').length + Math.floor(text.length / 90)),
    spellcheck: 'false',
  });
  input.value = text;
  return { input, read: () => (isText ? input.value : jsonOf(input.value)) };
}

/** @param {string} id */
function anyInput(id) {
  const input = h('input', { id, autocomplete: 'off', placeholder: 'has to be filled in' });
  const kind = h(
    'select',
    { 'aria-label': 'It is' },
    ...['text', 'number', 'yes or no', 'JSON'].map((each) => h('option', {}, each)),
  );
  const read = () => {
    if (!input.value.trim()) throw new Error('has to be filled in');
    if (kind.value === 'number') return numberOf(input.value);
    if (kind.value === 'yes or no') return ['yes', 'true'].includes(input.value.trim().toLowerCase());
    return kind.value === 'JSON' ? jsonOf(input.value) : input.value;
  };
  return { input, read, more: kind };
}

/** @param {string} text */
function numberOf(text) {
  if (!/^-?\d+(\.\d+)?$/.test(text.trim())) throw new Error('has to be a number');
  return Number(text);
}

/** @param {string} text */
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('is no JSON');
  }
}
