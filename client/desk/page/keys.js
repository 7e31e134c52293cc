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
    if (isForOthers(event)) return;
    if (isTyping(event.target)) return leave(event);
    const act = current[event.key] ?? everywhere[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** @param {KeyboardEvent} event */
const isForOthers = ({ ctrlKey, metaKey, altKey, isComposing, defaultPrevented, repeat, key }) =>
  [ctrlKey, metaKey, altKey, isComposing, defaultPrevented].some(Boolean) ||
  // A key that is held down walks the list, and answers nothing.
  (repeat && !['j', 'k', 'ArrowDown', 'ArrowUp'].includes(key)) ||
  document.querySelector('dialog[open]') !== null;

/** @param {KeyboardEvent} event */
function leave({ key, target }) {
  if (key === 'Escape' && target instanceof HTMLElement) target.blur();
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
