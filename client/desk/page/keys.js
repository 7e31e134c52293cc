// Keys do something where nobody types, and no dialog is open.

/** @typedef {Readonly<Record<string, () => void>>} KeyMap */

/** @type {KeyMap} */
let current = {};

/**
 * What the keys of the view on screen do.
 * @param {KeyMap} map
 */
export function setKeys(map) {
  current = map;
}

/** @param {KeyMap} everywhere keys that every view has */
export function listenToKeys(everywhere) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector('dialog[open]')) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      return;
    }
    const act = current[event.key] ?? everywhere[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
