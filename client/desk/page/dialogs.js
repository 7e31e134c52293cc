/** @import { Child } from './dom.js' */
import { h } from './dom.js';

/** Whoever leaves the page that a dialog belongs to has answered no. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll('dialog[open]'))
    if (dialog instanceof HTMLDialogElement) dialog.close();
}

/**
 * Asks in a dialog, and gives what `take` makes of it on a yes, or nothing. The focus is on the way out, or on `focus`:
 * never on the yes.
 * @template T
 * @param {{
 *   title: string,
 *   body: Child[],
 *   yes: string,
 *   tone?: 'yes' | 'no' | 'calm',
 *   focus?: HTMLElement,
 *   wide?: boolean,
 *   take: () => T | string | Promise<T | string>,
 * }} question `take` gives words where something is missing; the dialog shows them and stays. What it throws is shown, too
 * @returns {Promise<T | undefined>}
 */
export function ask({ title, body, yes, tone = 'calm', focus, wide = false, take }) {
  return new Promise((resolve) => {
    /** @type {T | undefined} */
    let result;
    const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
    const no = h('button', { type: 'button', class: 'quiet', click: () => dialog.close() }, 'Cancel');
    const go = h('button', { type: 'submit', class: `answer ${tone}` }, yes);
    const form = h(
      'form',
      { method: 'dialog', submit },
      h('h2', { id: 'dialog-title' }, title),
      ...body,
      problem,
      h('div', { class: 'buttons' }, no, go),
    );
    const dialog = h('dialog', { class: wide ? 'wide' : '', 'aria-labelledby': 'dialog-title', close }, form);
    const before = document.activeElement;

    /** @param {SubmitEvent} event */
    async function submit(event) {
      event.preventDefault();
      go.disabled = true;
      const taken = await Promise.resolve()
        .then(take)
        .catch((error) => (error instanceof Error ? error.message : String(error)));
      go.disabled = false;
      problem.hidden = typeof taken !== 'string';
      if (typeof taken === 'string') {
        problem.textContent = taken;
        return;
      }
      result = taken;
      dialog.close();
    }

    function close() {
      dialog.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      resolve(result);
    }

    document.body.append(dialog);
    dialog.showModal();
    (focus ?? no).focus();
  });
}

/**
 * Shows something until it is closed.
 * @param {{ title: string, body: Child[], wide?: boolean }} what
 * @returns {Promise<void>}
 */
export function tell({ title, body, wide = false }) {
  return new Promise((resolve) => {
    const ok = h('button', { type: 'submit' }, 'Close');
    const form = h(
      'form',
      { method: 'dialog' },
      h('h2', { id: 'dialog-title' }, title),
      ...body,
      h('div', { class: 'buttons' }, ok),
    );
    const before = document.activeElement;
    const dialog = h(
      'dialog',
      {
        class: wide ? 'wide' : '',
        'aria-labelledby': 'dialog-title',
        close: () => {
          dialog.remove();
          if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
          resolve();
        },
      },
      form,
    );
    document.body.append(dialog);
    dialog.showModal();
    ok.focus();
  });
}
