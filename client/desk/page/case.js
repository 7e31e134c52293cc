import { api } from './api.js';
import { h } from './dom.js';
import { keepingFocus } from './focus.js';
import { shown } from './odd.js';
import { pastDecisions } from './past.js';
import { against } from './plots.js';
import { addressOf } from './row.js';
import { drawTimeline } from './timeline.js';
import { inWords, showUsd, showWhen } from './words.js';

const REFRESH_MS = 3000;

/**
 * One case: where it stands, what it has spent of what, what was done and decided.
 * @param {{ caseId: string }} how
 */
export function createCase({ caseId }) {
  const element = h('article', { class: 'view detail' }, h('p', { class: 'loading' }, 'Reading the case …'));
  let seen = '';
  let isLeft = false;
  let timer = 0;

  async function load() {
    try {
      const [status, timeline, decisions] = await readAll(caseId);
      if (isLeft) return;
      show(JSON.stringify([status, timeline, decisions]), () => partsOf(status, timeline, decisions));
      if (!status.outcome) timer = window.setTimeout(() => void load(), REFRESH_MS);
    } catch (error) {
      if (seen === '' && !isLeft) showProblem(error);
    }
  }

  /** @param {unknown} error */
  function showProblem(error) {
    const words = error instanceof Error ? error.message : String(error);
    element.replaceChildren(
      h('p', { class: 'crumbs' }, h('a', { href: '#/runs' }, '‹ Runs')),
      h('h1', { tabindex: -1 }, 'This case cannot be read'),
      h('p', { class: 'problem', role: 'alert' }, words),
    );
  }

  /**
   * @param {string} now
   * @param {() => HTMLElement[]} draw
   */
  function show(now, draw) {
    const isFirst = seen === '';
    if (now !== seen) keepingFocus(element, () => element.replaceChildren(...draw()));
    seen = now;
    if (isFirst) element.querySelector('h1')?.focus();
  }

  void load();
  return {
    element,
    leave: () => {
      isLeft = true;
      clearTimeout(timer);
    },
    keys: {
      Escape: () => {
        location.hash = '#/runs';
      },
    },
  };
}

/** @param {string} caseId */
const readAll = (caseId) =>
  Promise.all([
    api.status(caseId),
    api.timeline(caseId),
    // Not everybody may read the record, and it may be out of reach; the case is shown all the same.
    api.decisions(caseId).then(
      ({ decisions }) => decisions,
      () => [],
    ),
  ]);

/**
 * @param {Awaited<ReturnType<typeof api.status>>} status
 * @param {import('./types.ts').Timeline} timeline
 * @param {import('./types.ts').PastDecision[]} decisions
 * @returns {HTMLElement[]}
 */
function partsOf(
  { case: caseId, process, stage, outcome, startedAt, release, policy, budget, waiting = [], uiUrl },
  timeline,
  decisions,
) {
  return [
    h('p', { class: 'crumbs' }, h('a', { href: '#/runs' }, '‹ Runs')),
    h('h1', { tabindex: -1 }, shown(caseId)),
    h(
      'p',
      { class: 'chips' },
      h('span', { class: 'stage', 'data-stage': stage }, outcome ? shown(outcome) : inWords(stage)),
      h('span', {}, inWords(process)),
      h('span', {}, `since ${showWhen(startedAt)}`),
      release ? h('span', {}, 'release ', shown(release)) : '',
      policy ? h('span', {}, 'policy ', shown(policy)) : '',
      uiUrl ? h('a', { href: uiUrl, target: '_blank', rel: 'noopener noreferrer' }, 'Temporal Web UI') : '',
    ),
    budget
      ? h(
          'p',
          { class: 'budget' },
          h('b', {}, showUsd(budget.spentMicroUsd)),
          ` of ${showUsd(budget.capMicroUsd)} spent, ${budget.calls} ${budget.calls === 1 ? 'call' : 'calls'} of a model `,
          against(budget.spentMicroUsd, budget.capMicroUsd),
        )
      : h('p', {}, `Models cost ${showUsd(timeline.costMicroUsd)}.`),
    waiting.length
      ? h(
          'section',
          { class: 'block' },
          h('h2', {}, 'It waits for'),
          h(
            'ul',
            {},
            ...waiting.map(({ approval, asks }) =>
              h('li', {}, h('a', { href: addressOf({ case: caseId, approval }) }, shown(asks))),
            ),
          ),
        )
      : h('span', { hidden: true }),
    h('section', { class: 'block' }, h('h2', {}, 'What has happened'), drawTimeline(timeline)),
    h(
      'section',
      { class: 'block' },
      h('h2', {}, 'Decisions'),
      pastDecisions(decisions, {
        empty: 'None is on record yet; the record is written when the case ends.',
        withCase: false,
      }),
    ),
  ];
}
