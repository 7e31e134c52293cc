/** @import { Me } from './types.ts' */
/** @import { LiveState } from './live.js' */
import { api, Refusal, SIGNED_OUT } from './api.js';
import { createCase } from './case.js';
import { startClock } from './clock.js';
import { RequestView } from './detail.js';
import { closeDialogs } from './dialogs.js';
import { h, part } from './dom.js';
import { showHelp } from './help.js';
import { listenToKeys, setKeys } from './keys.js';
import { RequestList } from './list.js';
import { keyOf } from './list-order.js';
import { Live } from './live.js';
import { addressOf } from './row.js';
import { Runs } from './runs.js';
import { createSignIn } from './sign-in.js';
import { startTheme } from './theme-button.js';

/**
 * @typedef {{
 *   element: HTMLElement,
 *   keys: import('./keys.js').KeyMap,
 *   leave?: () => void,
 *   news?: RequestView['news'],
 * }} View
 */

const main = part('main', HTMLElement);
/** @type {Me | undefined} */
let me;
/** @type {RequestList | undefined} */
let list;
/** @type {View | undefined} */
let view;
/** @type {Live | undefined} */
let live;
/** A key that was pressed on a row: the request opens first, so that nobody answers what they have not seen. */
let firstKey = '';
let listScroll = 0;

/** @param {View} next */
function put(next) {
  if (list && view?.element === list.element) listScroll = scrollY;
  closeDialogs();
  view?.leave?.();
  view = next;
  main.replaceChildren(next.element);
  setKeys(next.keys);
  const isRuns = /^#\/(runs|cases)/.test(location.hash);
  showCurrent('view-runs', isRuns);
  showCurrent('view-requests', !isRuns);
}

/**
 * @param {string} id
 * @param {boolean} isIt
 */
function showCurrent(id, isIt) {
  const link = part(id, HTMLElement);
  if (isIt) link.setAttribute('aria-current', 'page');
  else link.removeAttribute('aria-current');
}

function route() {
  if (!me || !list) return;
  const [, what = '', ...rest] = location.hash.split('/');
  const [one = '', two = ''] = rest.map(decoded);
  document.title = 'Approval desk';
  if (what === 'approvals' && one && two) put(openRequest(list, { case: one, approval: two }));
  else if (what === 'runs') put(new Runs());
  else if (what === 'cases' && one) put(createCase({ caseId: one }));
  else return showList(list);
  scrollTo(0, 0);
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {RequestList} shown */
function showList(shown) {
  put({ element: shown.element, keys: { ...shown.keys, ...answerKeys(shown) } });
  scrollTo(0, listScroll);
  shown.focus();
}

/**
 * In the list these keys open the request and then ask.
 * @param {RequestList} shown
 */
const answerKeys = (shown) =>
  Object.fromEntries(
    ['a', 'r', 'e', 'i', 'd'].map((key) => [
      key,
      () => {
        if (!shown.selected) return;
        firstKey = key;
        location.hash = addressOf(shown.selected);
      },
    ]),
  );

/**
 * @param {RequestList} shown
 * @param {{ case: string, approval: string }} place
 */
function openRequest(shown, place) {
  shown.select(place);
  const first = firstKey;
  firstKey = '';
  const at = () => shown.order.findIndex((row) => keyOf(row) === keyOf(place));
  return new RequestView({
    place,
    first,
    onClosed: () => {
      const next = shown.order[at() + 1] ?? shown.order[at() - 1];
      if (next) shown.select(next);
      shown.store.forget(place);
    },
    onNext: (by) => {
      const next = at() === -1 ? shown.selected : shown.order[at() + by];
      location.hash = next ? addressOf(next) : '#/';
    },
    whereAmI: () => (at() === -1 ? '' : `${at() + 1} of ${shown.order.length}`),
  });
}

/** @type {Record<LiveState, string>} */
const STATES = { live: 'live', polling: 'asking again', offline: 'no connection' };

/** @param {RequestList} shown */
function startListening(shown) {
  const state = part('live', HTMLElement);
  live?.stop();
  live = new Live({
    onNews: (kind, data) => {
      shown.store.news(kind, data);
      view?.news?.(kind, data);
    },
    refresh: () =>
      shown.store.load().catch((error) => {
        shown.showError(error);
        throw error;
      }),
    onState: (now) => {
      state.hidden = false;
      state.dataset['state'] = now;
      if (state.textContent !== STATES[now]) state.textContent = STATES[now];
    },
  });
}

function signIn() {
  live?.stop();
  me = undefined;
  list = undefined;
  for (const id of ['views', 'who', 'sign-out', 'live']) part(id, HTMLElement).hidden = true;
  const form = createSignIn({ onDone: () => void begin() });
  put(form);
  form.focus();
}

/** @param {unknown} error nobody can say who is here, so nothing is shown */
function showOutage(error) {
  const words = error instanceof Error ? error.message : String(error);
  const again = h('button', { type: 'button', click: () => void begin() }, 'Try again');
  const problem = h('p', { class: 'problem', role: 'alert' }, words);
  put({
    element: h('section', { class: 'view note' }, h('h1', {}, 'The desk cannot be read'), problem, again),
    keys: {},
  });
}

async function begin() {
  const first = new RequestList({
    onCount: (count) => {
      part('count', HTMLElement).textContent = String(count);
    },
  });
  // At once, and not after we know who asks: whoever is nobody gets no list.
  const reading = first.store.load().catch((error) => first.showError(error));
  try {
    me = await api.me();
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return signIn();
    return showOutage(error);
  }
  showPerson(me);
  list = first;
  route();
  startListening(first);
  await reading;
  if (view?.element === first.element && document.activeElement === document.body) first.focus();
}

/** @param {Me} person */
function showPerson({ person, sub, tenant, roles, directoryRoles }) {
  for (const id of ['views', 'who', 'sign-out']) part(id, HTMLElement).hidden = false;
  const who = part('who', HTMLElement);
  who.textContent = person ?? sub;
  who.title = `${tenant}: ${[...roles, ...directoryRoles].join(', ')}`;
}

startClock();
startTheme();
listenToKeys({ '?': () => void showHelp() });
addEventListener('hashchange', route);
addEventListener(SIGNED_OUT, () => me && signIn());
part('help', HTMLElement).addEventListener('click', () => void showHelp());
part('sign-out', HTMLElement).addEventListener(
  'click',
  () =>
    void api
      .signOut()
      .catch(() => undefined)
      .then(signIn),
);
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
void begin();
