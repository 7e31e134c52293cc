/** @import { Detail } from './types.ts' */
import { h, inPath } from './dom.js';
import { shown } from './odd.js';
import { labelOf, showUsd, showWhen } from './words.js';

/** @param {Detail} detail */
export function factsOf({ request, case: caseId, uiUrl }) {
  const { prompt, model, policy, costMicroUsd, askedAt, digest, step, approval } = request;
  /** @type {[string, string | undefined][]} */
  const facts = [
    ['Asked', showWhen(askedAt)],
    ['Cost so far', showUsd(costMicroUsd)],
    ['Model', model],
    ['Prompt', prompt],
    ['Policy', policy],
    ['Step', step],
    ['Request', approval],
    ['Digest', digest],
  ];
  return h(
    'dl',
    { class: 'facts small' },
    h('dt', {}, 'Case'),
    h('dd', {}, h('a', { href: `#/cases/${inPath(caseId)}` }, shown(caseId))),
    ...facts.flatMap(([name, value]) => (value ? [h('dt', {}, name), h('dd', {}, shown(value))] : [])),
    ...(uiUrl
      ? [
          h('dt', {}, 'Temporal'),
          h(
            'dd',
            {},
            h('a', { href: uiUrl, target: '_blank', rel: 'noopener noreferrer' }, 'its history in the Web UI'),
          ),
        ]
      : []),
  );
}

/** @param {Detail['request']} request */
export function remarksOf({ remarks }) {
  if (remarks.length === 0) return h('p', { class: 'faint' }, 'Nobody has said anything yet.');
  return h(
    'ol',
    { class: 'remarks' },
    ...remarks.map(({ at, by, verdict, words, to }) =>
      h(
        'li',
        {},
        h('b', {}, shown(by)),
        ` · ${labelOf(verdict)}`,
        ...(to ? [' to ', shown(to)] : []),
        h('small', {}, showWhen(at)),
        words ? h('blockquote', { class: 'words' }, shown(words, { lines: true })) : '',
      ),
    ),
  );
}
