/** @import { Run } from './types.ts' */
import { api } from './api.js';
import { h } from './dom.js';
import { shown } from './odd.js';
import { against, spread } from './plots.js';
import { inWords, showSpan, showUsd, showWhen } from './words.js';

const PAGE = 100;
const REFRESH_MS = 5000;

/** Every case: where it stands, what it has cost, how long it took. */
export function createRuns() {
  /** @type {Run[]} */
  let runs = [];
  /** @type {string | undefined} */
  let cursor;
  let isLeft = false;
  let isGrown = false;
  const query = { process: '', q: '' };
  const plots = h('div', { class: 'plots' });
  const rows = h('tbody');
  const note = h('p', { class: 'loading', role: 'status' }, 'Reading the runs …');
  const more = h('button', { type: 'button', hidden: true, click: () => void grow() }, 'More');
  const processes = h(
    'select',
    { 'aria-label': 'Show by process', change: () => start() },
    h('option', { value: '' }, 'All processes'),
  );
  const search = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search  /',
    'aria-label': 'Search runs',
    change: () => start(),
  });
  const heads = ['Case', 'Stage', 'Outcome', 'Cost', 'Took', 'Started', 'Release'];
  const table = h(
    'table',
    { class: 'plain runs' },
    h('caption', { class: 'unseen' }, 'Runs, the newest first'),
    h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
    rows,
  );
  const element = h(
    'section',
    { class: 'view' },
    h('h1', { tabindex: -1 }, 'Runs'),
    h('div', { class: 'filters', role: 'search' }, search, processes, note),
    plots,
    h('div', { class: 'scroll-x', tabindex: 0, role: 'group', 'aria-label': 'Runs' }, table),
    more,
  );

  function start() {
    Object.assign(query, { process: processes.value, q: search.value.trim() });
    isGrown = false;
    void load();
  }

  async function load() {
    try {
      const page = await api.cases({ ...query, limit: PAGE });
      if (isLeft || isGrown) return;
      runs = page.cases;
      cursor = page.next;
      show();
    } catch (error) {
      note.textContent = `The runs cannot be read. ${error instanceof Error ? error.message : ''}`;
    }
  }

  async function grow() {
    isGrown = true;
    const page = await api.cases({ ...query, limit: PAGE, cursor });
    runs = [...runs, ...page.cases];
    cursor = page.next;
    show();
  }

  function show() {
    rows.replaceChildren(...runs.map(lineOf));
    more.hidden = !cursor;
    note.textContent = runs.length === 0 ? 'No run fits.' : `${runs.length}${cursor ? ' newest' : ''} runs`;
    const known = new Set([...processes.options].map(({ value }) => value));
    for (const name of new Set(runs.map(({ process }) => process)))
      if (!known.has(name)) processes.append(h('option', { value: name }, inWords(name)));
    const ended = runs.filter(({ closedAt }) => closedAt);
    plots.replaceChildren(
      spread(
        'Cost',
        runs.map(({ costMicroUsd }) => costMicroUsd),
        showUsd,
      ),
      spread(
        'Duration',
        ended.map(({ durationMs }) => durationMs),
        showSpan,
      ),
      outcomes(ended),
    );
  }

  void load();
  const timer = setInterval(() => document.hidden || void load(), REFRESH_MS);
  return {
    element,
    leave: () => {
      isLeft = true;
      clearInterval(timer);
    },
    keys: { '/': () => search.focus() },
  };
}

/** @param {Run} run */
function lineOf({
  case: caseId,
  process,
  stage,
  outcome,
  costMicroUsd,
  capMicroUsd,
  durationMs,
  startedAt,
  release,
  waitingFor,
  uiUrl,
}) {
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      h('a', { href: `#/cases/${encodeURIComponent(caseId)}` }, shown(caseId)),
      h(
        'small',
        {},
        inWords(process),
        ...(uiUrl ? [' · ', h('a', { href: uiUrl, target: '_blank', rel: 'noopener noreferrer' }, 'Temporal')] : []),
      ),
    ),
    h(
      'td',
      {},
      h('span', { class: 'stage', 'data-stage': stage }, inWords(stage)),
      waitingFor ? h('small', {}, 'for ', shown(waitingFor)) : '',
    ),
    h(
      'td',
      {},
      outcome
        ? h('span', { class: 'outcome-word', 'data-outcome': outcome }, shown(outcome))
        : h('span', { class: 'faint' }, 'still runs'),
    ),
    h(
      'td',
      { class: 'number' },
      showUsd(costMicroUsd),
      capMicroUsd ? h('small', {}, against(costMicroUsd, capMicroUsd), ` of ${showUsd(capMicroUsd)}`) : '',
    ),
    h('td', { class: 'number' }, showSpan(durationMs)),
    h('td', {}, showWhen(startedAt)),
    h('td', {}, shown(release ?? '')),
  );
}

/** @param {readonly Run[]} runs */
function outcomes(runs) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { outcome = 'not said' } of runs) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const sorted = [...counts].toSorted((one, other) => other[1] - one[1]).slice(0, 5);
  return h(
    'figure',
    { class: 'plot' },
    h('figcaption', {}, 'Outcomes'),
    h(
      'ul',
      { class: 'counts' },
      ...sorted.map(([outcome, count]) => h('li', {}, h('b', {}, count), ' ', shown(outcome))),
    ),
  );
}
