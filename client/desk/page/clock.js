import { h } from './dom.js';
import { showSpan, showWhen } from './words.js';

// Times left, counted down where they stand.

const HOUR_MS = 3_600_000;

/**
 * @param {string} until ISO instant
 * @param {{ held?: boolean | undefined }} [how] the clock stands still while the requester is asked
 */
export function timeLeft(until, { held = false } = {}) {
  const element = h('time', { class: 'left', datetime: until, title: `until ${showWhen(until)}` });
  if (held) element.dataset['held'] = '';
  tick(element);
  return element;
}

/** @param {HTMLElement} element */
function tick(element) {
  const until = element.getAttribute('datetime') ?? '';
  const left = new Date(until).getTime() - Date.now();
  const words = element.dataset['held'] === undefined ? wordsFor(left) : 'on hold';
  if (element.textContent !== words) element.textContent = words;
  const state = element.dataset['held'] !== undefined ? 'held' : stateOf(left);
  if (element.dataset['state'] !== state) element.dataset['state'] = state;
}

/** @param {number} left milliseconds */
function wordsFor(left) {
  if (Number.isNaN(left)) return '';
  if (left <= 0) return 'time is up';
  const words = showSpan(left);
  return left > 10 * 60_000 ? words.replace(/ \d+ s$/, '') : words.replace(/\.\d/, '');
}

/** @param {number} left milliseconds */
function stateOf(left) {
  if (left <= 0) return 'over';
  return left < HOUR_MS ? 'soon' : 'fine';
}

/** Counts every time on the page down, once a second. */
export function startClock() {
  setInterval(() => {
    if (document.hidden) return;
    for (const element of document.querySelectorAll('time.left')) if (element instanceof HTMLElement) tick(element);
  }, 1000);
}
