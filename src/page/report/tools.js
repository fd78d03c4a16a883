import { el, say } from '../dom.js';
import { counted } from '../format.js';

/**
 * @import { ReportData } from './report-data.d.ts'
 */

/**
 * The search, and a button for each facet that there is something of.
 * @param {HTMLElement} into
 * @param {{ readonly data: ReportData, readonly counts: readonly number[], readonly onChange: () => void, readonly openAll: () => void, readonly closeAll: () => void }} options
 */
export function openTools(into, { data, counts, onChange, openAll, closeAll }) {
  const search = el('input', {
    type: 'search',
    placeholder: `Search ${data.noun}s`,
    'aria-label': `Search ${data.noun}s`,
    'aria-keyshortcuts': '/',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  /** @type {Set<number>} */
  const chosen = new Set();
  const chips = data.facets.flatMap(([word, tone], index) => {
    const n = counts[index] ?? 0;
    if (n === 0) return [];
    const chip = el(
      'button',
      { type: 'button', class: 'chip', 'data-tone': tone, 'aria-pressed': 'false' },
      el('span', { class: 'glyph', 'data-tone': tone, 'aria-hidden': 'true' }),
      el('b', {}, n.toLocaleString('en')),
      ` ${word}`,
    );
    chip.addEventListener('click', () => {
      if (!chosen.delete(index)) chosen.add(index);
      chip.setAttribute('aria-pressed', String(chosen.has(index)));
      onChange();
    });
    return [chip];
  });
  const status = el('p', { class: 'status', role: 'status' });
  /** @param {string} text @param {string} key @param {() => void} act */
  const button = (text, key, act) => {
    const made = el(
      'button',
      { type: 'button', class: 'quiet', 'aria-keyshortcuts': key },
      text,
      ' ',
      el('kbd', { 'aria-hidden': 'true' }, key),
    );
    made.addEventListener('click', act);
    return made;
  };
  search.addEventListener('input', onChange);
  into.append(
    el('div', { class: 'search' }, search, el('kbd', { 'aria-hidden': 'true' }, '/')),
    el('div', { class: 'chips', role: 'group', 'aria-label': 'Show only' }, ...chips),
    el('div', { class: 'acts' }, button('Open all', 'e', openAll), button('Close all', 'c', closeAll)),
    status,
  );
  into.hidden = false;
  return {
    search,
    chosen,
    /** @param {number} shown @param {number} all */
    tell(shown, all) {
      const isAll = shown === all;
      say(status, isAll ? '' : `${shown.toLocaleString('en')} of ${counted(all, data.noun, `${data.noun}s`)}`);
    },
  };
}
