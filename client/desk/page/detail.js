/** @import { AnswerVerdict, Detail, Move } from './types.ts' */
import { sayIt } from './actions.js';
import { toast } from './announce.js';
import { api, Refusal } from './api.js';
import { showCall, showDifference } from './call.js';
import { decideCard, factsOf, remarksOf, verdictOf } from './decide.js';
import { documentOf } from './document.js';
import { h } from './dom.js';
import { contraryOf, evidenceOf } from './evidence.js';
import { shown } from './odd.js';
import { pastDecisions } from './past.js';
import { riskOf } from './rows.js';
import { drawTimeline } from './timeline.js';
import { inWords, KINDS, labelOf, showAmount } from './words.js';

const MOVES = new Set(['ask-info', 'inform', 'delegate', 'escalate', 'claim', 'release']);

/**
 * One request: what would happen, why, what speaks against it, and the answer.
 * @param {{
 *   place: { case: string, approval: string },
 *   first?: string,
 *   onClosed: () => void,
 *   onNext: (by: number) => void,
 *   whereAmI: () => string,
 * }} how `first`: the key that was pressed in the list, done as soon as the request is read
 */
export function createDetail({ place, first, onClosed, onNext, whereAmI }) {
  const element = h('article', { class: 'view detail' }, h('p', { class: 'loading' }, 'Reading the request …'));
  /** @type {Detail | undefined} */
  let detail;
  let isGone = false;

  async function load() {
    try {
      const read = await api.approval(place.case, place.approval);
      if (isGone || JSON.stringify(read) === JSON.stringify(detail)) return;
      const isFirst = detail === undefined;
      detail = read;
      show();
      if (isFirst) element.querySelector('h1')?.focus();
      if (isFirst && first) press(first);
    } catch (error) {
      showProblem(error);
    }
  }

  /** @param {string} [notice] */
  function show(notice) {
    if (!detail) return;
    const bar = h('p', { class: 'notice', role: 'alert', hidden: !notice }, notice ?? '');
    const place = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['verdict'] : undefined;
    element.replaceChildren(
      header(detail, { whereAmI, onNext }),
      bar,
      columns(detail, (verdict) => void answer(verdict)),
    );
    if (place) element.querySelector('h1')?.focus({ preventScroll: true });
  }

  /** @param {unknown} error */
  function showProblem(error) {
    if (isGone) return;
    const isClosed = error instanceof Refusal && (error.status === 404 || error.status === 410);
    if (isClosed && detail) return closed('This request is no longer open.');
    const words = error instanceof Error ? error.message : String(error);
    const again = h('button', { type: 'button', click: () => void load() }, 'Try again');
    element.replaceChildren(
      h('p', { class: 'crumbs' }, h('a', { href: '#/' }, '‹ Requests')),
      h('h1', { tabindex: -1 }, isClosed ? 'There is no such open request' : 'This request cannot be read'),
      h('p', { class: 'problem', role: 'alert' }, words),
      isClosed ? h('a', { href: `#/cases/${encodeURIComponent(place.case)}` }, 'See what became of the case') : again,
    );
  }

  /** @param {string} words */
  function closed(words) {
    isGone = true;
    element
      .querySelector('.decide .buttons')
      ?.replaceChildren(
        h('p', { class: 'refusal' }, words),
        h('a', { href: `#/cases/${encodeURIComponent(place.case)}` }, 'See what became of the case'),
      );
    notice(words);
    onClosed();
  }

  /** @param {string} words */
  function notice(words) {
    const bar = element.querySelector('.notice');
    if (!(bar instanceof HTMLElement)) return;
    bar.hidden = false;
    bar.textContent = words;
  }

  /** @param {AnswerVerdict | Move} verdict */
  async function answer(verdict) {
    if (!detail || isGone) return;
    const said = await sayIt(detail, verdict);
    if (!said) return;
    try {
      await api.answer(place.case, place.approval, said);
      toast(`${labelOf(verdict)}: done.`);
      if (MOVES.has(verdict) || verdict === 'edit') return await load();
      closed(`You answered: ${labelOf(verdict)}.`);
      onNext(1);
    } catch (error) {
      await refused(error);
    }
  }

  /** @param {unknown} error */
  async function refused(error) {
    const words = error instanceof Refusal ? [error.message, ...error.errors].join(' ') : String(error);
    toast(words, 'bad');
    notice(words);
    await load();
    if (!isGone) notice(words);
  }

  /** @param {string} key */
  function press(key) {
    const verdict = detail && verdictOf(detail, key);
    if (verdict) void answer(verdict);
    else if (detail)
      toast(
        detail.mayAnswer ? 'This request has no such answer.' : (detail.whyNot ?? 'You cannot answer this.'),
        'bad',
      );
  }

  void load();
  return {
    element,
    /** Somebody else has done something about a request.
     * @param {'opened' | 'changed' | 'closed'} kind
     * @param {any} data */
    news: (kind, data) => {
      const isOurs = data?.case === place.case && data?.approval === place.approval;
      if (!isOurs || isGone) return;
      if (kind === 'closed')
        closed(data.decidedBy ? `Already decided by ${data.decidedBy}.` : 'This request is no longer open.');
      else void load();
    },
    leave: () => {
      isGone = true;
    },
    keys: {
      ...Object.fromEntries(['a', 'r', 'e', 'i', 'd'].map((key) => [key, () => press(key)])),
      j: () => onNext(1),
      k: () => onNext(-1),
      Escape: () => {
        location.hash = '#/';
      },
    },
  };
}

/**
 * @param {Detail} detail
 * @param {{ whereAmI: () => string, onNext: (by: number) => void }} how
 */
function header({ request, process, requestedBy, case: caseId }, { whereAmI, onNext }) {
  const steps = h(
    'span',
    { class: 'steps' },
    h('button', { type: 'button', class: 'quiet', 'aria-label': 'The request before', click: () => onNext(-1) }, '↑'),
    h('span', {}, whereAmI()),
    h('button', { type: 'button', class: 'quiet', 'aria-label': 'The next request', click: () => onNext(1) }, '↓'),
  );
  return h(
    'header',
    {},
    h('p', { class: 'crumbs' }, h('a', { href: '#/' }, '‹ Requests'), steps),
    h('h1', { tabindex: -1 }, shown(request.asks, { lines: true })),
    h(
      'p',
      { class: 'chips' },
      request.amount ? h('span', { class: 'sum' }, showAmount(request.amount)) : '',
      riskOf(request.risk),
      h('span', {}, inWords(process)),
      h('span', {}, KINDS[request.kind] ?? request.kind),
      h('span', {}, 'about ', shown(request.subject)),
      requestedBy ? h('span', {}, 'asked for by ', h('b', {}, shown(requestedBy))) : '',
      h('span', { class: 'faint' }, shown(caseId)),
    ),
  );
}

/**
 * @param {Detail} detail
 * @param {(verdict: AnswerVerdict | Move) => void} answer
 */
function columns(detail, answer) {
  const { request, similar, timeline } = detail;
  const { call, before, editable, grant } = request;
  return h(
    'div',
    { class: 'columns' },
    h(
      'div',
      { class: 'main-column' },
      block('Why you are asked', evidenceOf(detail)),
      block('What speaks against a yes', contraryOf(detail)),
      call ? block(grant ? `The exact call of ${grant.tool}` : 'The exact call', showCall(call, { editable })) : '',
      before && call
        ? block('What was edited', showDifference(before, call, { was: 'As the model had it', is: 'As it is now' }))
        : '',
      detail.document ? block('The document', documentOf(detail.document)) : '',
      block('What has happened so far', drawTimeline(timeline)),
      block('Remarks', remarksOf(request)),
      block('Similar decisions', pastDecisions(similar, { empty: 'There is none like it yet.', withCase: true })),
      block('The same from a terminal', h('pre', { class: 'command', tabindex: 0 }, shown(request.command))),
    ),
    h('div', { class: 'side-column' }, decideCard(detail, answer), factsOf(detail)),
  );
}

/**
 * @param {string} title
 * @param {Node} content
 */
const block = (title, content) => h('section', { class: 'block' }, h('h2', {}, shown(title)), content);
