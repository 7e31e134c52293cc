import { h, s } from './dom.js';
import { shown } from './odd.js';
import { showShare } from './words.js';

const WIDTH = 200;
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
  if (positive.length < 2) return plot(title, TOO_FEW);
  const { sorted, at } = sortedOf(positive);
  const low = Math.log(at(0));
  const step = (Math.log(at(1)) - low || 1) / BARS;
  const counts = countsOf(sorted, (value) => (Math.log(value) - low) / step);
  const words = `half of ${sorted.length} up to ${say(at(0.5))}, nine of ten up to ${say(at(0.9))}, most ${say(at(1))}`;
  return plot(title, words, drawing(`${title}: ${words}`, [...bars(counts), ...ends(say(at(0)), say(at(1)))]));
}

/**
 * What cases have spent of their caps: equal steps from nothing to all of it, the last of them in the colour of alarm.
 * @param {string} title
 * @param {readonly number[]} shares of the cap, 1 is all of it
 */
export function shares(title, shares) {
  if (shares.length < 2) return plot(title, TOO_FEW);
  const { sorted, at } = sortedOf(shares);
  const counts = countsOf(sorted, (share) => share * BARS);
  const near = sorted.filter((share) => share > MUCH).length;
  const words = `half of ${sorted.length} up to ${showPart(at(0.5))}, most ${showPart(at(1))}, ${near} above ${showPart(MUCH)}`;
  return plot(title, words, drawing(`${title}: ${words}`, [...bars(counts, MUCH * BARS), ...ends('0 %', '100 %')]));
}

/**
 * How many there are of each, the most first.
 * @param {string} title
 * @param {readonly string[]} names one a case
 */
export function tally(title, names) {
  if (names.length === 0) return plot(title, 'none');
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].toSorted((one, other) => other[1] - one[1] || one[0].localeCompare(other[0]));
  const rest = sorted.slice(MOST_NAMES).reduce((sum, [, count]) => sum + count, 0);
  const lines = [...sorted.slice(0, MOST_NAMES), ...(rest ? [/** @type {const} */ (['others', rest])] : [])];
  const most = Math.max(...lines.map(([, count]) => count));
  return plot(title, '', h('ul', { class: 'counts' }, ...lines.map(([name, count]) => tallied(name, count, most))));
}

const TOO_FEW = 'not enough runs yet';
const MOST_NAMES = 4;
/** Above this share of its cap a case is near it. */
const MUCH = 0.8;

/**
 * @param {string} name
 * @param {number} count
 * @param {number} most
 */
const tallied = (name, count, most) =>
  h('li', {}, h('b', {}, count), shown(name), lengthOf(count / most, false, { 'aria-hidden': 'true' }));

/**
 * @param {string} title
 * @param {string} words
 * @param {Node} [drawn]
 */
const plot = (title, words, drawn) =>
  h('figure', { class: 'plot' }, h('figcaption', {}, title, words ? h('small', {}, words) : ''), drawn);

/**
 * @param {string} label
 * @param {readonly SVGElement[]} parts
 */
const drawing = (label, parts) =>
  s(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': label },
    ...parts,
  );

/** @param {readonly number[]} values */
function sortedOf(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (/** @type {number} */ share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { sorted, at };
}

/**
 * @param {readonly number[]} values
 * @param {(value: number) => number} placeOf
 */
function countsOf(values, placeOf) {
  const counts = Array.from({ length: BARS }, () => 0);
  for (const value of values) {
    const bar = Math.max(0, Math.min(BARS - 1, Math.floor(placeOf(value))));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return counts;
}

/** @param {number} share a case that spends little does not spend nothing */
const showPart = (share) => (share > 0 && share < 0.01 ? 'less than 1 %' : showShare(share));

/**
 * @param {readonly number[]} counts
 * @param {number} [alarm] the bars from here on say that it is much
 */
function bars(counts, alarm = BARS) {
  const most = Math.max(...counts);
  const width = WIDTH / BARS;
  return counts.map((count, place) => {
    const height = count ? Math.max(2, (count / most) * (HEIGHT - 16)) : 0;
    return s(
      'rect',
      {
        class: place >= alarm ? 'bar much' : 'bar',
        x: place * width + 1,
        y: HEIGHT - 14 - height,
        width: width - 2,
        height,
        rx: 1.5,
      },
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
  return lengthOf(share, share > MUCH, { role: 'img', 'aria-label': `${showPart(share)} of the cap` });
}

/**
 * @param {number} share
 * @param {boolean} isMuch
 * @param {import('./dom.js').Props} props
 */
const lengthOf = (share, isMuch, props) =>
  s(
    'svg',
    { class: 'against', viewBox: '0 0 60 6', width: 60, height: 6, ...props },
    s('rect', { class: 'rail', width: 60, height: 6, rx: 3 }),
    s('rect', { class: isMuch ? 'bar much' : 'bar', width: Math.max(2, share * 60), height: 6, rx: 3 }),
  );
