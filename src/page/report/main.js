import { el, part } from '../dom.js';
import { groupRows } from './group-rows.js';
import { openGroupView } from './group-view.js';
import { openKeys } from './keys.js';
import { findOpenRows } from './open-rows.js';
import { openSearch } from './row-search.js';
import { openTools } from './tools.js';

/**
 * @import { ReportData } from './report-data.d.ts'
 */

/** So many are shown opened; more are a table of contents first. */
const MOST_OPENED = 80;

/** @type {ReportData} */
const data = JSON.parse(part('data').textContent ?? '');
const { rows, facets } = data;
const list = document.getElementById('list');
const open = findOpenRows(facets.map(([word]) => word));
const view = list === null ? null : openGroupView(list, facets);
const find = openSearch(data);
const all = rows.length + open.total;
const tools = openTools(part('tools'), {
  data,
  counts: facets.map((_, index) => (open.counts[index] ?? 0) + rows.filter(({ t }) => t === index).length),
  onChange: () => show(null),
  openAll: () => show(true),
  closeAll: () => show(false),
});

/** @param {boolean | null} isOpened Null: as there is room. */
function show(isOpened) {
  const { search, chosen } = tools;
  const found = find(search.value, chosen);
  const shown = found.length + open.show(search.value, chosen);
  const isFiltered = search.value.trim() !== '' || chosen.size > 0;
  view?.show(groupRows(found, facets.length), isOpened ?? found.length <= (isFiltered ? 5 * MOST_OPENED : MOST_OPENED));
  if (found.length === 0 && list !== null) list.append(el('p', { class: 'fine' }, 'None here.'));
  tools.tell(shown, all);
}

openKeys({
  search: tools.search,
  openAll: () => show(true),
  closeAll: () => show(false),
  clear() {
    tools.search.value = '';
    show(null);
  },
});
addEventListener('beforeprint', () => {
  show(true);
  view?.drawAll();
});
show(null);
