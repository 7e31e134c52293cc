/** @import { AnswerVerdict, Detail, Move, Said } from './types.ts' */
import { whatIsAskedFor } from './call.js';
import { ask } from './dialogs.js';
import { h } from './dom.js';
import { askForEdit } from './edit.js';
import { shown } from './odd.js';
import { NEEDS_WORDS, SAY } from './words.js';

const GOES_ON = new Set(['approve', 'go-on', 'retry', 'raise', 'split', 'back-order', 'drop', 'skip']);

/** @type {Readonly<Record<string, string>>} */
const ASKS = {
  'ask-info': 'Your question to the requester',
  inform: 'Your answer',
  escalate: 'Why it is for somebody higher',
};

/** @type {Readonly<Record<string, string>>} */
const HAPPENS = {
  'ask-info': 'The clock stands still until the requester has answered.',
  inform: 'The clock runs on, and whoever is asked reads your answer.',
  delegate: 'They decide instead of you. It can be handed on once, and never to somebody above you.',
  escalate: 'It is the turn of the next rung of the ladder.',
  claim: 'Nobody else answers it while you have it. You can release it again.',
  release: 'Everybody who is asked can answer it again.',
};

/**
 * Asks for whatever an answer needs beside its verdict, and for the yes to it. Gives what is to be sent.
 * @param {Detail} detail
 * @param {AnswerVerdict | Move} verdict
 * @returns {Promise<Said | undefined>}
 */
export async function sayIt(detail, verdict) {
  const { request } = detail;
  const { digest } = request;
  if (verdict === 'edit') {
    const edited = await askForEdit(request);
    return edited && { verdict, digest, ...edited };
  }
  if (verdict === 'claim' || verdict === 'release') return { verdict, digest };
  return await confirm(detail, verdict);
}

/**
 * @param {Detail} detail
 * @param {AnswerVerdict | Move} verdict
 * @returns {Promise<Said | undefined>}
 */
async function confirm({ request }, verdict) {
  const { label, tone } = SAY[verdict];
  const needsWords = NEEDS_WORDS.has(verdict);
  const reason = h('textarea', { id: 'reason', rows: 3, maxlength: 500, required: needsWords });
  const to = h('input', { id: 'to', autocomplete: 'off', spellcheck: 'false', placeholder: 'name.surname' });
  const amount = h('input', {
    id: 'amount',
    inputmode: 'decimal',
    autocomplete: 'off',
    placeholder: 'the least that is needed',
  });
  const isYes = GOES_ON.has(verdict);
  const focus = verdict === 'delegate' ? to : needsWords ? reason : undefined;
  const said = await ask({
    title: `${label}?`,
    tone,
    yes: label,
    wide: isYes,
    ...(focus ? { focus } : {}),
    body: [
      h('p', { class: 'lead' }, shown(request.asks)),
      ...(isYes ? consequenceOf(request) : [h('p', {}, HAPPENS[verdict] ?? 'What was asked for does not happen.')]),
      ...(verdict === 'delegate' ? [h('label', { for: 'to' }, 'To whom'), to] : []),
      ...(verdict === 'raise' ? [h('label', { for: 'amount' }, 'By how many dollars (may be left out)'), amount] : []),
      h('label', { for: 'reason' }, ASKS[verdict] ?? (needsWords ? 'Reason' : 'Reason (may be left out)')),
      reason,
    ],
    take: () => taken({ verdict, digest: request.digest }, { reason, to, amount }),
  });
  return typeof said === 'string' ? undefined : said;
}

/**
 * What a yes does, in words, with the call itself once more: nobody says yes to something that is not on screen.
 * @param {Detail['request']} request
 */
function consequenceOf(request) {
  const { consequence, reversible, call, grant, digest } = request;
  const attributes = { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'What is asked for' };
  return [
    h('p', {}, h('b', {}, 'What happens: '), shown(consequence)),
    h('p', { class: reversible ? '' : 'warning' }, reversible ? 'It can be undone.' : 'It cannot be undone.'),
    call || grant ? h('div', attributes, whatIsAskedFor(request)) : '',
    h('p', { class: 'faint' }, 'Digest ', h('code', {}, digest.slice(0, 12))),
  ];
}

/**
 * @param {{ verdict: AnswerVerdict | Move, digest: string }} said
 * @param {{ reason: HTMLTextAreaElement, to: HTMLInputElement, amount: HTMLInputElement }} inputs
 * @returns {Said | string} words where something is missing
 */
function taken(said, { reason, to, amount }) {
  const words = reason.value.trim();
  if (NEEDS_WORDS.has(said.verdict) && !words) return 'This needs its words.';
  const name = to.value.trim();
  if (said.verdict === 'delegate' && !name) return 'Say to whom.';
  const dollars = amount.value.trim();
  if (dollars && !/^\d+(\.\d{1,6})?$/.test(dollars)) return 'The sum has to be a number of dollars, such as 0.25.';
  return {
    ...said,
    ...(words ? { reason: words } : {}),
    ...(said.verdict === 'delegate' ? { to: name } : {}),
    ...(said.verdict === 'raise' && dollars ? { amountMicroUsd: Math.round(Number(dollars) * 1_000_000) } : {}),
  };
}
