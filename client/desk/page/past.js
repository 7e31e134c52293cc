/** @import { PastDecision } from './types.ts' */
import { h, inPath } from './dom.js';
import { shown } from './odd.js';
import { labelOf, showUsd, showWhen } from './words.js';

/**
 * Earlier decisions, a line each.
 * @param {readonly PastDecision[]} decisions
 * @param {{ empty: string, withCase: boolean }} how
 */
export function pastDecisions(decisions, { empty, withCase }) {
  if (decisions.length === 0) return h('p', { class: 'faint' }, empty);
  const heads = ['When', withCase ? 'Case' : 'Step', 'Came out', 'Who said what', 'Cost'];
  return h(
    'div',
    { class: 'scroll-x', tabindex: 0, role: 'group', 'aria-label': 'Decisions' },
    h(
      'table',
      { class: 'plain' },
      h(
        'thead',
        {},
        h('tr', {}, ...heads.map((head) => h('th', { scope: 'col', class: head === 'Cost' ? 'number' : '' }, head))),
      ),
      h('tbody', {}, ...decisions.map((decision) => lineOf(decision, withCase))),
    ),
  );
}

/**
 * @param {PastDecision} decision
 * @param {boolean} withCase
 */
function lineOf({ at, caseId, step, outcome, rule, answers, costMicroUsd }, withCase) {
  const place = withCase ? h('a', { href: `#/cases/${inPath(caseId)}` }, shown(caseId)) : shown(step);
  return h(
    'tr',
    {},
    h('td', {}, showWhen(at)),
    h('td', {}, place),
    h('td', {}, outcome, rule ? h('small', {}, shown(rule)) : ''),
    h('td', {}, ...(answers.length ? answers.map(answerOf) : [h('span', { class: 'faint' }, 'nobody was asked')])),
    h('td', { class: 'number' }, showUsd(costMicroUsd)),
  );
}

/** @param {PastDecision['answers'][number]} answer */
function answerOf({ verdict, by, role, reason, identity, for: whom }) {
  const standsFor = whom ? [' for ', shown(whom)] : [];
  return h(
    'div',
    {},
    h('b', {}, labelOf(verdict)),
    ' ',
    shown(by),
    ...standsFor,
    ` (${role}${identity === 'signed' ? ', signed' : ''})`,
    reason ? h('small', { class: 'words' }, shown(reason)) : '',
  );
}

/**
 * How alike requests were decided, in one sentence; for people who are about to decide again.
 * @param {readonly PastDecision[]} decisions
 */
export function tendency(decisions) {
  const said = decisions.flatMap(({ answers }) => answers.map(({ verdict }) => verdict));
  const noes = said.filter((verdict) => ['reject', 'decline', 'request-changes', 'abort', 'stop'].includes(verdict));
  if (noes.length === 0) return undefined;
  return `${noes.length} of ${said.length} answers to similar requests were a no.`;
}
