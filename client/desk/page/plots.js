import { h, s } from './dom.js';

const WIDTH = 260;
const HEIGHT = 64;
const BARS = 16;

/**
 * How values spread, as a small drawing. Equal steps of the logarithm: most cases cost little and some cost much.
 * @param {string} title
 * @param {readonly number[]} values
 * @param {(value: number) => string} say
 */
export function spread(title, values, say) {
  const positive = values.filter((value) => value > 0);
  if (positive.length < 2)
    return h(
      'figure',
      { class: 'plot' },
      h('figcaption', {}, title),
      h('p', { class: 'faint' }, 'not enough runs yet'),
    );
  const sorted = positive.toSorted((one, other) => one - other);
  const at = (/** @type {number} */ share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const low = Math.log(at(0));
  const step = (Math.log(at(1)) - low || 1) / BARS;
  const counts = Array.from({ length: BARS }, () => 0);
  for (const value of sorted) {
    const bar = Math.min(BARS - 1, Math.floor((Math.log(value) - low) / step));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  const words = `half of ${sorted.length} up to ${say(at(0.5))}, nine of ten up to ${say(at(0.9))}, most ${say(at(1))}`;
  return h(
    'figure',
    { class: 'plot' },
    h('figcaption', {}, title, h('small', {}, words)),
    s(
      'svg',
      {
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        width: WIDTH,
        height: HEIGHT,
        role: 'img',
        'aria-label': `${title}: ${words}`,
      },
      ...bars(counts),
      ...ends(say(at(0)), say(at(1))),
    ),
  );
}

/** @param {readonly number[]} counts */
function bars(counts) {
  const most = Math.max(...counts);
  const width = WIDTH / BARS;
  return counts.map((count, place) => {
    const height = count ? Math.max(2, (count / most) * (HEIGHT - 16)) : 0;
    return s(
      'rect',
      { class: 'bar', x: place * width + 1, y: HEIGHT - 14 - height, width: width - 2, height, rx: 1.5 },
      s('title', {}, `${count} runs`),
    );
  });
}

/**
 * @param {string} low
 * @param {string} high
 */
function ends(low, high) {
  return [
    s('line', { class: 'rule', x1: 0, x2: WIDTH, y1: HEIGHT - 13.5, y2: HEIGHT - 13.5 }),
    s('text', { x: 0, y: HEIGHT - 2 }, low),
    s('text', { x: WIDTH, y: HEIGHT - 2, class: 'end' }, high),
  ];
}

/**
 * Cost against its cap, as a bar.
 * @param {number} spent
 * @param {number | undefined} cap
 */
export function against(spent, cap) {
  if (!cap) return '';
  const share = Math.min(1, spent / cap);
  return s(
    'svg',
    {
      class: 'against',
      viewBox: '0 0 60 6',
      width: 60,
      height: 6,
      role: 'img',
      'aria-label': `${Math.round(share * 100)} % of the cap`,
    },
    s('rect', { class: 'rail', width: 60, height: 6, rx: 3 }),
    s('rect', { class: share > 0.8 ? 'bar much' : 'bar', width: Math.max(2, share * 60), height: 6, rx: 3 }),
  );
}
