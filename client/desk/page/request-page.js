/** @import { AnswerVerdict, Detail, Move } from './types.ts' */
import { showDifference, whatIsAskedFor } from './call.js';
import { decideCard } from './decide.js';
import { documentOf } from './document.js';
import { h } from './dom.js';
import { contraryOf, evidenceOf } from './evidence.js';
import { factsOf, remarksOf } from './facts.js';
import { shown } from './odd.js';
import { pastDecisions } from './past.js';
import { riskOf } from './row.js';
import { drawTimeline } from './timeline.js';
import { inWords, KINDS, showAmount, subjectOf } from './words.js';

// What would happen, why, what speaks against it; and at the side the answer.

/**
 * @param {Detail} detail
 * @param {{ whereAmI: () => string, onNext: (by: number) => void }} how
 */
export function header({ request, process, requestedBy, case: caseId }, { whereAmI, onNext }) {
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
      h('span', {}, 'about ', shown(subjectOf({ subject: request.subject, case: caseId }))),
      requestedBy ? h('span', {}, 'asked for by ', h('b', {}, shown(requestedBy))) : '',
      h('span', { class: 'faint' }, shown(caseId)),
    ),
  );
}

/**
 * @param {Detail} detail
 * @param {(verdict: AnswerVerdict | Move) => void} answer
 */
export function columns(detail, answer) {
  const { request, similar, timeline } = detail;
  const { call, before, grant, facts } = request;
  const heads = { was: 'As the model had it', is: 'As it is now' };
  return h(
    'div',
    { class: 'columns' },
    h(
      'div',
      { class: 'main-column' },
      block('Why you are asked', evidenceOf(detail)),
      block('What speaks against a yes', contraryOf(detail)),
      call || grant || facts ? block('What is asked for', whatIsAskedFor(request)) : '',
      before && call ? block('What was edited', showDifference(before, call, heads)) : '',
      documentOf(detail),
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
