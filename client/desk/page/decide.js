/** @import { AnswerVerdict, Detail, Move } from './types.ts' */
import { timeLeft } from './clock.js';
import { h } from './dom.js';
import { shown } from './odd.js';
import { SAY, showWhen } from './words.js';

/** The key of each answer, where it has one. */
const KEYS = new Map(
  Object.entries({
    approve: 'a',
    'go-on': 'a',
    retry: 'a',
    raise: 'a',
    reject: 'r',
    decline: 'r',
    abort: 'r',
    stop: 'r',
    edit: 'e',
    'ask-info': 'i',
    inform: 'i',
    delegate: 'd',
  }),
);

/**
 * Where it is decided: who may, what can be answered, how much time is left, and who is next.
 * @param {Detail} detail
 * @param {(verdict: AnswerVerdict | Move) => void} answer
 */
export function decideCard(detail, answer) {
  const { request, mayAnswer, whyNot } = detail;
  const held = request.held;
  return h(
    'aside',
    { class: 'decide', 'aria-label': 'Decide' },
    h('h2', {}, 'Your answer'),
    h(
      'p',
      { class: 'clock' },
      timeLeft(request.until, { held: held !== undefined }),
      h('small', {}, ' for ', turnOf(request)),
    ),
    held ? h('p', { class: 'held' }, shown(held.by), ' asks: ', h('q', { class: 'words' }, shown(held.question))) : '',
    mayAnswer
      ? ''
      : h('p', { class: 'refusal', role: 'note' }, h('b', {}, 'You cannot answer this. '), shown(whyNot ?? '')),
    h('p', {}, h('b', {}, 'On a yes: '), shown(request.consequence)),
    h(
      'p',
      { class: request.reversible ? 'faint' : 'warning' },
      request.reversible ? 'It can be undone.' : 'It cannot be undone.',
    ),
    buttons(detail, answer),
    yesesOf(request),
    ladderOf(request),
  );
}

/** @param {Detail['request']} request */
const turnOf = ({ named, role }) => shown(named?.length ? named.join(', ') : role);

/**
 * @param {Detail} detail
 * @param {(verdict: AnswerVerdict | Move) => void} answer
 */
function buttons(detail, answer) {
  const { request } = detail;
  /** @param {AnswerVerdict | Move} verdict */
  const button = (verdict) => {
    const key = KEYS.get(verdict);
    return h(
      'button',
      {
        type: 'button',
        class: `answer ${SAY[verdict].tone}`,
        'data-verdict': verdict,
        'aria-keyshortcuts': key,
        click: () => answer(verdict),
      },
      SAY[verdict].label,
      SAY[verdict].label && key ? h('kbd', { 'aria-hidden': 'true' }, key) : '',
    );
  };
  const may = mayDo(detail);
  const answers = request.answers.filter(may);
  const moves = request.moves.filter(may);
  return h(
    'div',
    { class: 'buttons' },
    answers.length
      ? h('div', { class: 'answers', role: 'group', 'aria-label': 'Answers' }, ...answers.map(button))
      : '',
    moves.length
      ? h('div', { class: 'moves', role: 'group', 'aria-label': 'Before you decide' }, ...moves.map(button))
      : '',
  );
}

/**
 * What can be tried here. Whoever may not decide may still answer what they are asked as the requester; the server says
 * whether they are.
 * @param {Detail} detail
 * @returns {(verdict: AnswerVerdict | Move) => boolean}
 */
export const mayDo =
  ({ mayAnswer, request }) =>
  (verdict) =>
    verdict === 'inform' ? request.held !== undefined : mayAnswer || (verdict === 'escalate' && !!request.claimedBy);

/**
 * The answer that a key stands for, among those that are legal here.
 * @param {Detail} detail
 * @param {string} key
 * @returns {AnswerVerdict | Move | undefined}
 */
export const verdictOf = (detail, key) =>
  [...detail.request.answers, ...detail.request.moves]
    .filter(mayDo(detail))
    .find((verdict) => KEYS.get(verdict) === key);

/** @param {Detail['request']} request */
function yesesOf({ needed, yeses, barred, claimedBy }) {
  return h(
    'dl',
    { class: 'facts' },
    ...(needed > 1 || yeses.length
      ? [
          h('dt', {}, 'Yeses'),
          h('dd', {}, `${yeses.length} of ${needed}`, yeses.length ? ': ' : '', shown(yeses.join(', '))),
        ]
      : []),
    ...(claimedBy ? [h('dt', {}, 'Claimed by'), h('dd', {}, shown(claimedBy))] : []),
    ...(barred.length ? [h('dt', {}, 'May not answer'), h('dd', {}, shown(barred.join(', ')))] : []),
  );
}

/** @param {Detail['request']} request */
function ladderOf({ ladder, role, due }) {
  return h(
    'div',
    { class: 'ladder' },
    h('h3', {}, 'Who is asked, until when'),
    h(
      'ol',
      {},
      ...ladder.map((rung) =>
        h(
          'li',
          rung.role === role ? { 'aria-current': 'step' } : {},
          h('b', {}, rung.role),
          rung.needed > 1 ? ` (${rung.needed} people)` : '',
          h('small', {}, `until ${showWhen(rung.until)}`),
        ),
      ),
      h('li', { class: 'faint' }, 'nobody: it is a no', h('small', {}, showWhen(due))),
    ),
  );
}
