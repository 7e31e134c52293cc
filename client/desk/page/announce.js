import { part } from './dom.js';

/**
 * Says something to whoever listens to the page instead of looking at it. The same words twice are said twice.
 * @param {string} words
 */
export function announce(words) {
  const region = part('announcements', HTMLElement);
  region.textContent = '';
  setTimeout(() => {
    region.textContent = words;
  }, 50);
}

let timer = 0;

/**
 * A sentence at the lower edge for a few seconds, said aloud as well.
 * @param {string} words
 * @param {'good' | 'bad'} [tone]
 */
export function toast(words, tone = 'good') {
  announce(words);
  const place = part('toast', HTMLElement);
  place.textContent = words;
  place.dataset['tone'] = tone;
  place.hidden = false;
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    place.hidden = true;
  }, 6000);
}
