/** @import { Me } from './types.ts' */
/** @import { LiveState } from './live.js' */
import { api, Refusal } from './api.js';
import { createCase } from './case.js';
import { startClock } from './clock.js';
import { createDetail } from './detail.js';
import { closeDialogs } from './dialogs.js';
import { h, part } from './dom.js';
import { showHelp } from './help.js';
import { listenToKeys, setKeys } from './keys.js';
import { createList } from './list.js';
import { keyOf } from './list-order.js';
import { listen } from './live.js';
import { addressOf } from './rows.js';
import { createRuns } from './runs.js';
import { createSignIn } from './sign-in.js';
import { startTheme } from './theme-button.js';

const main = part('main', HTMLElement);
/** @type {Me | undefined} */
let me;
/** @type {ReturnType<typeof createList> | undefined} */
let list;
/** @type {{ element: HTMLElement, leave?: () => void, news?: ReturnType<typeof createDetail>['news'], keys: import('./keys.js').KeyMap } | undefined} */
let view;
/** @type {() => void} */
let stopListening = () => {};
/** A key that was pressed on a row: the request opens first, so that nobody answers what they have not seen. */
let firstKey = '';
let listScroll = 0;

/** @param {NonNullable<typeof view>} next */
function put(next) {
  if (list && view?.element === list.element) listScroll = scrollY;
  closeDialogs();
  view?.leave?.();
  view = next;
  main.replaceChildren(next.element);
  setKeys(next.keys);
  for (const [id, start] of [
    ['view-requests', '#/'],
    ['view-runs', '#/runs'],
  ]) {
    const isIt = start === '#/runs' ? /^#\/(runs|cases)/.test(location.hash) : !/^#\/(runs|cases)/.test(location.hash);
    part(id ?? '', HTMLElement).toggleAttribute('data-current', isIt);
    if (isIt) part(id ?? '', HTMLElement).setAttribute('aria-current', 'page');
    else part(id ?? '', HTMLElement).removeAttribute('aria-current');
  }
}

function route() {
  if (!me || !list) return;
  const [, what = '', ...rest] = location.hash.split('/');
  const [one = '', two = ''] = rest.map(decoded);
  if (what === 'approvals' && one && two) return openDetail({ case: one, approval: two });
  document.title = 'Approval desk';
  if (what === 'runs') put(createRuns());
  else if (what === 'cases' && one) put(createCase({ caseId: one }));
  else {
    put({ element: list.element, keys: { ...list.keys, ...answerKeys() } });
    scrollTo(0, listScroll);
    list.focus();
    return;
  }
  scrollTo(0, 0);
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** In the list these keys open the request and then ask. */
const answerKeys = () =>
  Object.fromEntries(
    ['a', 'r', 'e', 'i', 'd'].map((key) => [
      key,
      () => {
        const row = list?.selected();
        if (!row) return;
        firstKey = key;
        location.hash = addressOf(row);
      },
    ]),
  );

/** @param {{ case: string, approval: string }} place */
function openDetail(place) {
  const shownList = list;
  if (!shownList) return;
  shownList.select(place);
  const first = firstKey;
  firstKey = '';
  let order = shownList.order();
  let at = order.findIndex((row) => keyOf(row) === keyOf(place));
  const detail = createDetail({
    place,
    first,
    onClosed: () => {
      order = shownList.order();
      at = order.findIndex((row) => keyOf(row) === keyOf(place));
      const next = order[at + 1] ?? order[at - 1];
      if (next) shownList.select(next);
      shownList.store.forget(place);
    },
    onNext: (by) => {
      const now = shownList.order();
      const here = now.findIndex((row) => keyOf(row) === keyOf(place));
      const next = here === -1 ? shownList.selected() : now[here + by];
      location.hash = next ? addressOf(next) : '#/';
    },
    whereAmI: () => (at === -1 ? '' : `${at + 1} of ${order.length}`),
  });
  put(detail);
  document.title = 'Request · Approval desk';
  scrollTo(0, 0);
}

/** @type {Record<LiveState, string>} */
const STATES = { live: 'live', polling: 'asking again', offline: 'no connection' };

function startListening() {
  const state = part('live', HTMLElement);
  stopListening();
  stopListening = listen({
    onNews: (kind, data) => {
      list?.store.news(kind, data);
      view?.news?.(kind, data);
    },
    refresh: async () => {
      await list?.store.load().catch((error) => {
        list?.showError(error);
        if (error instanceof Refusal && error.status === 401) return signIn();
        throw error;
      });
    },
    onState: (now) => {
      state.hidden = false;
      state.dataset['state'] = now;
      if (state.textContent !== STATES[now]) state.textContent = STATES[now];
    },
  });
}

function signIn() {
  stopListening();
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
  put({
    element: h(
      'section',
      { class: 'view note' },
      h('h1', {}, 'The desk cannot be read'),
      h('p', { class: 'problem', role: 'alert' }, words),
      again,
    ),
    keys: {},
  });
}

async function begin() {
  const first = createList({
    onCount: (count) => {
      part('count', HTMLElement).textContent = String(count);
    },
  });
  // At once, and not after we know who asks: whoever is nobody gets no list.
  const reading = first.store.load().catch(first.showError);
  try {
    me = await api.me();
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return signIn();
    return showOutage(error);
  }
  for (const id of ['views', 'who', 'sign-out']) part(id, HTMLElement).hidden = false;
  const who = part('who', HTMLElement);
  who.textContent = me.person ?? me.sub;
  who.title = `${me.tenant}: ${[...me.roles, ...me.directoryRoles].join(', ')}`;
  list = first;
  route();
  startListening();
  await reading;
  if (view?.element === list?.element && document.activeElement === document.body) list?.focus();
}

startClock();
startTheme();
listenToKeys({ '?': () => void showHelp(), g: () => void (location.hash = '#/') });
addEventListener('hashchange', route);
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
