/** @import { Timeline, TimelineStep, Verb } from './types.ts' */
import { h, s } from './dom.js';
import { shown, shownText } from './odd.js';
import { showSpan, showUsd, showWhen } from './words.js';

/** @type {readonly Verb[]} */
const VERBS = ['propose', 'judge', 'ask', 'act', 'record'];
const LEFT = 168;
const COLUMN = 104;
const RIGHT = 92;
const LINE = 30;
const HEAD = 26;
const WIDTH = LEFT + VERBS.length * COLUMN + RIGHT;
/** A bar of the whole column stands for this long or longer, milliseconds: three days. */
const LONGEST_MS = 3 * 24 * 3_600_000;

/**
 * The case so far: a line a step, a column a verb. Bars grow with the logarithm of the time, since people take hours
 * where a model takes seconds.
 * @param {Timeline} timeline
 */
export function drawTimeline({ steps, costMicroUsd }) {
  if (steps.length === 0) return h('p', { class: 'faint' }, 'No step has ended yet.');
  const height = HEAD + steps.length * LINE + 4;
  const drawing = s(
    'svg',
    {
      class: 'timeline',
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      role: 'img',
      'aria-label': summary(steps, costMicroUsd),
    },
    ...VERBS.map((verb, at) => s('text', { x: LEFT + at * COLUMN + 4, y: 16, class: 'verb' }, verb)),
    s('text', { x: WIDTH - 4, y: 16, class: 'verb end' }, 'cost'),
    ...steps.flatMap((step, at) => lineOf(step, HEAD + at * LINE)),
  );
  const cost = h(
    'p',
    { class: 'faint' },
    `Models cost ${showUsd(costMicroUsd)} in ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}.`,
  );
  const words = h('details', {}, h('summary', {}, 'The same in words'), tableOf(steps));
  return h(
    'div',
    { class: 'timeline-box' },
    h('div', { class: 'scroll-x', tabindex: 0, role: 'group', 'aria-label': 'Timeline' }, drawing),
    cost,
    words,
  );
}

/**
 * @param {readonly TimelineStep[]} steps
 * @param {number} cost
 */
const summary = (steps, cost) =>
  `Timeline of ${steps.length} steps, ${showUsd(cost)}: ${steps.map(({ step, outcome }) => `${shownText(step)} ${outcome}`).join(', ')}`;

/**
 * @param {TimelineStep} step
 * @param {number} y
 * @returns {SVGElement[]}
 */
function lineOf({ step, tool, outcome, verbs, costMicroUsd }, y) {
  const name = shownText(step);
  const short = name.length > 24 ? `${name.slice(0, 23)}…` : name;
  return [
    s('line', { x1: 0, x2: WIDTH, y1: y, y2: y, class: 'rule' }),
    s('circle', { cx: 7, cy: y + 15, r: 4, class: 'outcome', 'data-outcome': outcome }),
    s('text', { x: 18, y: y + 19, class: 'step' }, short, s('title', {}, `${name}: ${shownText(tool)}, ${outcome}`)),
    ...together(verbs).flatMap((done) => barOf(done, y)),
    s('text', { x: WIDTH - 4, y: y + 19, class: 'end' }, costMicroUsd ? showUsd(costMicroUsd) : '–'),
  ];
}

/**
 * One bar a verb, however often a step came to it; the table below has each of them.
 * @param {TimelineStep['verbs']} verbs
 */
const together = (verbs) =>
  VERBS.flatMap((verb) => {
    const all = verbs.filter((each) => each.verb === verb);
    const detail = all.flatMap((each) => each.detail || []).join('; ');
    return all.length > 0 ? [{ verb, ms: spanOf(all), detail, times: all.length }] : [];
  });

/**
 * How long they took in all. What went on at the same time counts once: three people who are asked for an hour are asked
 * for an hour.
 * @param {TimelineStep['verbs']} verbs
 */
function spanOf(verbs) {
  let span = 0;
  let end = 0;
  for (const { at, ms } of verbs.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))) {
    const from = Date.parse(at);
    span += Math.max(0, from + ms - Math.max(from, end));
    end = Math.max(end, from + ms);
  }
  return span;
}

/**
 * @param {ReturnType<typeof together>[number]} done
 * @param {number} y
 * @returns {SVGElement[]}
 */
function barOf({ verb, ms, detail, times }, y) {
  const x = LEFT + VERBS.indexOf(verb) * COLUMN;
  const share = Math.log1p(Math.max(0, ms)) / Math.log1p(LONGEST_MS);
  const width = Math.max(6, Math.min(1, share) * (COLUMN - 12));
  return [
    s(
      'rect',
      { x: x + 4, y: y + 20, width, height: 5, rx: 2.5, class: 'bar', 'data-verb': verb },
      s('title', {}, `${verb}, ${showSpan(ms)}${detail ? `: ${shownText(detail)}` : ''}`),
    ),
    s('text', { x: x + 4, y: y + 15, class: 'ms' }, ms > 0 ? showSpan(ms) : '·', times > 1 ? ` ×${times}` : ''),
  ];
}

/** @param {readonly TimelineStep[]} steps */
function tableOf(steps) {
  const heads = ['Step', 'Verb', 'When', 'Took', 'What'];
  return h(
    'table',
    { class: 'plain' },
    h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
    h(
      'tbody',
      {},
      ...steps.flatMap(({ step, outcome, verbs }) =>
        verbs.map(({ verb, at, ms, detail }, place) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, place === 0 ? shown(step) : '', place === 0 ? h('small', {}, outcome) : ''),
            h('td', {}, verb),
            h('td', {}, showWhen(at)),
            h('td', {}, showSpan(ms)),
            h('td', {}, shown(detail ?? '')),
          ),
        ),
      ),
    ),
  );
}
