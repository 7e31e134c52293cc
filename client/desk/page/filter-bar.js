/** @import { Row } from './types.ts' */
/** @import { View } from './list-order.js' */
import { h } from './dom.js';
import { inWords } from './words.js';

/**
 * Search and filters over the list.
 * @param {{ view: View, onChange: () => void, onMine: (mine: boolean) => void }} how
 */
export function filterBar({ view, onChange, onMine }) {
  const search = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search  /',
    'aria-label': 'Search requests',
    autocomplete: 'off',
    spellcheck: 'false',
    input: () => {
      view.q = search.value;
      onChange();
    },
  });
  /**
   * @param {'process' | 'role' | 'risk'} name
   * @param {string} all
   */
  const choice = (name, all) => {
    const select = h('select', {
      'aria-label': `Show by ${name}`,
      change: () => {
        view[name] = select.value;
        onChange();
      },
    });
    select.append(h('option', { value: '' }, all));
    return select;
  };
  const process = choice('process', 'All processes');
  const role = choice('role', 'All roles');
  const risk = choice('risk', 'Every risk');
  for (const each of ['high', 'medium', 'low']) risk.append(h('option', { value: each }, `${each} risk`));
  const mine = h('input', { type: 'checkbox', change: () => onMine(mine.checked) });
  const tally = h('span', { class: 'tally', role: 'status' });
  const element = h(
    'div',
    { class: 'filters', role: 'search' },
    search,
    process,
    role,
    risk,
    h('label', { class: 'switch' }, mine, ' Mine to answer'),
    tally,
  );
  return {
    element,
    search,
    /**
     * Offers what there is, and says how much of it is seen.
     * @param {readonly Row[]} all
     * @param {number} seen
     * @param {boolean} isMine
     */
    update: (all, seen, isMine) => {
      mine.checked = isMine;
      offer(process, new Set(all.map((row) => row.process)), inWords);
      offer(role, new Set(all.map((row) => row.role)), (name) => name);
      const open = isMine ? 'for you' : 'open';
      tally.textContent = seen === all.length ? `${all.length} ${open}` : `${seen} of ${all.length} ${open}`;
    },
    clear: () => {
      Object.assign(view, { process: '', role: '', risk: '', q: '' });
      search.value = process.value = role.value = risk.value = '';
      if (mine.checked) {
        mine.checked = false;
        onMine(false);
      }
      onChange();
    },
  };
}

/**
 * @param {HTMLSelectElement} select
 * @param {ReadonlySet<string>} values
 * @param {(name: string) => string} say
 */
function offer(select, values, say) {
  const known = new Set([...select.options].map((option) => option.value));
  for (const value of [...values].sort()) if (!known.has(value)) select.append(h('option', { value }, say(value)));
}
