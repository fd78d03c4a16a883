import { addressView } from '../address-view.js';
import { el } from '../dom.js';

/**
 * @import { ReportData, Row } from './report-data.d.ts'
 */

/**
 * A row as `openList` of src/report/html/list.ts writes it.
 * @param {Row} row
 * @param {ReportData['facets']} facets
 * @param {string} within What a heading has said already.
 */
export function rowView({ a, t, d = [], y = [], x = 0, w }, facets, within) {
  const [word, tone] = facets[t] ?? ['', 'quiet'];
  const isPlain = d.length === 1 && d[0]?.[0] === 'value' && d[0][1] !== '';
  const differences = d.map(([name, text, forces]) =>
    el(
      'span',
      { class: 'field', 'data-forces': forces === 1 },
      isPlain ? null : el('code', {}, name),
      isPlain ? null : ' ',
      el('bdi', {}, text),
    ),
  );
  const notes = y.map((note) => el('span', { class: 'note' }, el('bdi', {}, note)));
  const takes = x === 0 ? null : el('span', { class: 'takes' }, el('b', {}, `takes ${x.toLocaleString('en')}`));
  return el(
    'li',
    { class: 'row', 'data-tone': tone },
    el('span', { class: 'verb' }, word),
    addressView(a, within),
    el('span', { class: 'detail' }, ...differences, ...notes, takes),
    w === undefined ? null : el('span', { class: 'place' }, el('bdi', {}, w)),
  );
}
