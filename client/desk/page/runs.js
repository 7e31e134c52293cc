/** @import { Run } from './types.ts' */
import { api } from './api.js';
import { h, inPath } from './dom.js';
import { keepingFocus } from './focus.js';
import { shown } from './odd.js';
import { against, shares, spread, tally } from './plots.js';
import { inWords, showSpan, showUsd, showWhen } from './words.js';

const PAGE = 100;
const REFRESH_MS = 5000;
const HEADS = ['Case', 'Stage', 'Outcome', 'Cost', 'Took', 'Started', 'Release'];

/** Every case: where it stands, what it has cost, how long it took. */
export class Runs {
  /** @type {readonly Run[]} */
  #runs = [];
  /** @type {string | undefined} */
  #cursor;
  #isLeft = false;
  /** Somebody has asked for older ones: the list no longer follows the newest. */
  #isGrown = false;
  #plots = h('div', { class: 'plots', tabindex: 0, role: 'group', 'aria-label': 'Plots' });
  #rows = h('tbody');
  #note = h('p', { class: 'loading', role: 'status' }, 'Reading the runs …');
  #more = h('button', { type: 'button', hidden: true, click: () => void this.#grow() }, 'More');
  #process = h(
    'select',
    { 'aria-label': 'Show by process', change: () => this.#start() },
    h('option', { value: '' }, 'All processes'),
  );
  #search = h('input', {
    type: 'search',
    placeholder: 'Beginning of a case  /',
    'aria-label': 'Search runs',
    autocomplete: 'off',
    change: () => this.#start(),
  });
  #table = h(
    'table',
    { class: 'plain runs' },
    h('caption', { class: 'unseen' }, 'Runs, the newest first'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ...HEADS.map((head) => h('th', { scope: 'col', class: ['Cost', 'Took'].includes(head) ? 'number' : '' }, head)),
      ),
    ),
    this.#rows,
  );
  element = h(
    'section',
    { class: 'view' },
    h('h1', { tabindex: -1 }, 'Runs'),
    h('div', { class: 'filters', role: 'search' }, this.#search, this.#process, this.#note),
    this.#plots,
    h('div', { class: 'scroll-x', tabindex: 0, role: 'group', 'aria-label': 'Runs' }, this.#table),
    this.#more,
  );
  keys = { '/': () => this.#search.focus() };
  #timer = setInterval(() => document.hidden || void this.#load(), REFRESH_MS);

  constructor() {
    void this.#load();
  }

  leave() {
    this.#isLeft = true;
    clearInterval(this.#timer);
  }

  #start() {
    this.#isGrown = false;
    void this.#load();
  }

  /** @param {string} [cursor] */
  #read(cursor) {
    return api.cases({ process: this.#process.value, q: this.#search.value.trim(), limit: PAGE, cursor });
  }

  async #load() {
    if (this.#isGrown) return;
    try {
      const { cases, next } = await this.#read();
      if (this.#isLeft || this.#isGrown) return;
      this.#show(cases, next);
    } catch (error) {
      this.#note.textContent = `The runs cannot be read. ${error instanceof Error ? error.message : ''}`;
    }
  }

  async #grow() {
    this.#isGrown = true;
    const { cases, next } = await this.#read(this.#cursor);
    this.#show([...this.#runs, ...cases], next);
  }

  /**
   * @param {readonly Run[]} runs
   * @param {string | undefined} next
   */
  #show(runs, next) {
    this.#runs = runs;
    this.#cursor = next;
    keepingFocus(this.#rows, () => this.#rows.replaceChildren(...runs.map(lineOf)));
    this.#more.hidden = !next;
    this.#note.textContent = runs.length === 0 ? 'No run fits.' : `${runs.length}${next ? ' newest' : ''} runs`;
    const known = new Set([...this.#process.options].map(({ value }) => value));
    for (const name of new Set(runs.map(({ process }) => process)))
      if (!known.has(name)) this.#process.append(h('option', { value: name }, inWords(name)));
    this.#plots.replaceChildren(...plotsOf(runs));
  }
}

/** @param {Run} run */
function lineOf(run) {
  const {
    case: caseId,
    process,
    stage,
    costMicroUsd,
    capMicroUsd,
    durationMs,
    startedAt,
    release,
    waitingFor,
    uiUrl,
  } = run;
  const ui = uiUrl ? [' · ', h('a', { href: uiUrl, target: '_blank', rel: 'noopener noreferrer' }, 'Temporal')] : [];
  const cap = capMicroUsd ? h('small', {}, against(costMicroUsd, capMicroUsd), ` of ${showUsd(capMicroUsd)}`) : '';
  const link = h('a', { href: `#/cases/${inPath(caseId)}` }, shown(caseId));
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, link, h('small', {}, inWords(process), ...ui)),
    h(
      'td',
      {},
      h('span', { class: 'stage', 'data-stage': stage }, shown(inWords(stage))),
      waitingFor ? h('small', {}, 'for ', shown(waitingFor)) : '',
    ),
    h('td', {}, outcomeOf(run)),
    h('td', { class: 'number' }, showUsd(costMicroUsd), cap),
    h('td', { class: 'number' }, showSpan(durationMs)),
    h('td', {}, showWhen(startedAt)),
    h('td', {}, shown(release ?? '')),
  );
}

/** @param {Run} run */
const outcomeOf = ({ outcome }) =>
  outcome
    ? h('span', { class: 'outcome-word', 'data-outcome': outcome }, shown(outcome))
    : h('span', { class: 'faint' }, 'still runs');

/**
 * Where the cases that run stand, how those that have ended did, and what all of them took of money and time.
 * @param {readonly Run[]} runs
 */
function plotsOf(runs) {
  const ended = runs.filter(({ closedAt }) => closedAt);
  const running = runs.filter(({ closedAt }) => !closedAt);
  return [
    tally('Stages', running.map(stageOf)),
    tally(
      'Outcomes',
      ended.map(({ outcome = 'not said' }) => outcome),
    ),
    spread(
      'Cost',
      runs.map(({ costMicroUsd }) => costMicroUsd),
      showUsd,
    ),
    shares(
      'Cost against the cap',
      runs.flatMap(({ costMicroUsd, capMicroUsd }) => (capMicroUsd ? [costMicroUsd / capMicroUsd] : [])),
    ),
    spread(
      'Duration',
      ended.map(({ durationMs }) => durationMs),
      showSpan,
    ),
  ];
}

/** @param {Run} run */
const stageOf = ({ stage, waitingFor }) => (waitingFor ? `waiting for ${waitingFor}` : inWords(stage));
