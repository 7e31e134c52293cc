/** @import { Detail } from './types.ts' */
import { h } from './dom.js';
import { shown } from './odd.js';
import { tendency } from './past.js';
import { labelOf, showShare } from './words.js';

// What the house's rules say, and beside it what a model says; never mixed up.

const UNSURE = 0.8;

/** @param {Detail} detail */
export function evidenceOf(detail) {
  return h('div', { class: 'beside' }, policyOf(detail.request), adviceOf(detail.request));
}

/** @param {Detail['request']} request */
function policyOf({ tier, rule, why, policy, recommendation }) {
  const clauses = recommendation?.clauses ?? [];
  return h(
    'section',
    { class: 'card', 'aria-label': 'The policy' },
    h('h3', {}, 'The policy ', h('small', {}, shown(policy))),
    h('p', {}, h('b', {}, shown(tier)), ' decides, by ', h('code', {}, shown(rule))),
    h('p', {}, shown(why)),
    clauses.length
      ? h(
          'dl',
          { class: 'clauses' },
          ...clauses.flatMap(({ id, says }) => [h('dt', {}, h('code', {}, shown(id))), h('dd', {}, shown(says))]),
        )
      : '',
  );
}

/** @param {Detail['request']} request */
function adviceOf({ recommendation, confidence, model, editable, prompt }) {
  const sure = recommendation?.confidence ?? confidence;
  if (!recommendation && sure === undefined && editable.length === 0)
    return h(
      'section',
      { class: 'card', 'aria-label': 'What a model says' },
      h('p', { class: 'faint' }, 'No model advises here.'),
    );
  const author = model
    ? ['Written by ', shown(model), ...(prompt ? [', prompt ', shown(prompt)] : [])]
    : ['Written by a model'];
  return h(
    'section',
    { class: 'card by-machine', 'aria-label': 'What a model says' },
    h('h3', {}, h('span', { class: 'by-model' }, 'model'), ...adviceIn(recommendation?.verdict)),
    sure === undefined ? '' : h('p', { class: 'sure' }, meter(sure), ` ${showShare(sure)} sure`),
    recommendation ? h('blockquote', { class: 'words' }, shown(recommendation.evidence, { lines: true })) : '',
    h('p', { class: 'faint' }, ...author, '. It may be wrong, and it decides nothing.'),
  );
}

/** @param {string | undefined} verdict */
const adviceIn = (verdict) =>
  verdict === undefined ? [' filled in the call'] : [' advises: ', h('b', {}, shown(labelOf(verdict)))];

/** @param {number} share */
function meter(share) {
  const element = h('meter', { min: 0, max: 1, low: 0.6, high: 0.85, optimum: 1, 'aria-label': 'Confidence' });
  element.value = share;
  return element;
}

/**
 * What speaks against a yes, as far as it is known without an opinion.
 * @param {Detail} detail
 */
export function contraryOf({ request, similar }) {
  const { recommendation, confidence, before, reversible, risk, missing, remarks } = request;
  const sure = recommendation?.confidence ?? confidence;
  const isAgainst = recommendation && /reject|decline|refuse|review|no\b/.test(recommendation.verdict);
  const reasons = [
    risk === 'high' && 'The risk is high.',
    !reversible && 'It cannot be undone.',
    sure !== undefined && sure < UNSURE && `The model is only ${showShare(sure)} sure.`,
    isAgainst && `The model advises: ${labelOf(recommendation.verdict)}.`,
    missing.length > 0 && `Nobody has proposed: ${missing.join(', ')}.`,
    before && 'The call was edited after the model proposed it; the difference is below.',
    remarks.some(({ verdict }) => verdict === 'escalate') && 'Somebody thought that it is for somebody higher.',
    tendency(similar),
  ].filter((reason) => typeof reason === 'string');
  if (reasons.length === 0) return h('p', { class: 'faint' }, 'Nothing that is known speaks against it.');
  return h('ul', { class: 'contrary' }, ...reasons.map((reason) => h('li', {}, shown(reason))));
}
