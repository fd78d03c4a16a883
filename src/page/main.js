import { openApi } from './api.js';
import { keepConnection } from './connection.js';
import { askToken, openHelp, toast } from './dialogs.js';
import { part, say } from './dom.js';
import { segmentsOf, span, visible } from './format.js';
import { openMosaic } from './mosaic.js';
import { isNarrow, showPanel, TABS } from './panel-view.js';
import { openReader } from './reader.js';
import { listenForKeys, SHORTCUTS } from './shortcuts.js';
import { isConnected, isOld, openState, timeOf } from './state.js';
import { showChips, showSummary } from './summary-view.js';
import { openTheme } from './theme.js';
import { leavesOf, rowsOf } from './tree-model.js';
import { openTreeView } from './tree-view.js';

/**
 * @import { Standing } from './documents.d.ts'
 */

const LINKS = {
  live: 'live',
  polling: 'asking every 5 s',
  lost: 'disconnected',
  waiting: 'connecting',
  locked: 'locked',
};

const api = openApi();
const state = openState();
const search = /** @type {HTMLInputElement} */ (part('search'));
const reader = openReader(api, state, { onRead: showAll, onTab: showDetail, onFailed: toast });
const tree = openTreeView(part('tree'), part('rows'), {
  onSelect: select,
  onOpen(address, open) {
    if (open) state.expanded.add(address);
    else state.expanded.delete(address);
    showTree();
  },
  onOpenAll: openAll,
  now: () => timeOf(state),
});
const mosaic = openMosaic(part('mosaic'), part('cells'), {
  onPoint(item) {
    const name = item === null ? [] : segmentsOf(item.address).map(({ key }) => key);
    say(part('cell-name'), name.join(' / '));
  },
  onSelect(item) {
    for (let at = item.parent; at !== null; at = at.parent) state.expanded.add(at.address);
    clearFilter();
    select(item.address);
    tree.scrollTo(item.address);
  },
});
const theme = openTheme(() => mosaic.draw());

function showAll() {
  showTop();
  showTree();
  showChips(state.model.total, state.only, isOld(state));
  mosaic.show(leavesOf(state.model), isOld(state));
  showDetail();
}

/** What passes with time alone. */
function showTop() {
  const connected = isConnected(state);
  document.documentElement.toggleAttribute('data-old', isOld(state));
  const { status, pulse, model } = state;
  showSummary({ status, pulse, connected, total: model.total, now: timeOf(state) });
  const link = connected || state.link === 'locked' || state.link === 'waiting' ? state.link : 'lost';
  part('link').setAttribute('data-link', link);
  say(part('link-text'), LINKS[link]);
  const banner = part('banner');
  const isLost = !connected && pulse !== null;
  const silent = span((performance.now() - state.heardAt) / 1000);
  banner.hidden = !isLost;
  say(banner, isLost ? `Disconnected, last seen ${silent} ago. What stands below may have changed.` : '');
}

function showTree() {
  const rows = rowsOf(state.model, state);
  const none = part('tree-none');
  none.hidden = rows.length > 0;
  part('tree').hidden = rows.length === 0;
  say(none, state.nodes.length === 0 ? 'Nothing is known yet.' : 'Nothing matches.');
  tree.show(rows, state.selected);
}

function showDetail() {
  showPanel(state, { onHours: lookBack, onOlder: () => void reader.readOlderRuns() });
}

/** @param {number} hours */
function lookBack(hours) {
  state.hours = hours;
  void reader.readTab();
}

/** @param {string | null} address */
function select(address) {
  const isNew = state.selected !== address;
  state.selected = address;
  showTree();
  showDetail();
  if (isNew) part('panel').scrollTop = 0;
}

/** @param {string} tab */
function openTab(tab) {
  state.tab = tab;
  showDetail();
  if (tab === 'tree') showTree();
  void reader.readTab();
}

function openAll() {
  const containers = [...state.model.byAddress.values()].filter(({ children }) => children.length > 0);
  const isOpen = containers.every(({ address }) => state.expanded.has(address));
  if (isOpen) state.expanded.clear();
  else for (const { address } of containers) state.expanded.add(address);
  showTree();
}

function clearFilter() {
  state.query = '';
  state.only = null;
  search.value = '';
  showChips(state.model.total, null, isOld(state));
}

async function reconcile() {
  let wrong = null;
  for (;;) {
    if (!api.hasToken()) {
      const token = await askToken({ why: 'Asking for a run needs the token.', wrong, mayCancel: true });
      if (token === null) return;
      api.use(token);
    }
    const reply = await api.post('/api/reconcile');
    if (reply.type === 'ok') return toast('Asked. The run begins at once, or after the one that is going.');
    if (reply.type !== 'locked')
      return toast(reply.type === 'failed' ? `Not asked: ${visible(reply.why)}.` : 'Not asked.');
    api.use(null);
    if (!reply.mayTry) return toast('This daemon has no token set, so nothing can be asked of it.');
    wrong = 'The daemon does not take this token.';
  }
}

search.addEventListener('input', () => {
  state.query = search.value;
  showTree();
});
search.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown' || event.key === 'Enter') tree.focus();
  else if (event.key === 'Escape') {
    search.value = '';
    state.query = '';
    showTree();
  } else return;
  event.preventDefault();
});
part('chips').addEventListener('click', (event) => {
  const chip = event.target instanceof Element ? event.target.closest('[data-only]') : null;
  const only = /** @type {Standing | null} */ (chip?.getAttribute('data-only') ?? null);
  if (only === null) return;
  state.only = state.only === only ? null : only;
  showChips(state.model.total, state.only, isOld(state));
  showTree();
});
part('tabs').addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const shown = TABS.filter((name) => name !== 'tree' || isNarrow());
  const at = Math.max(0, shown.indexOf(state.tab));
  const name = shown[(at + step + shown.length) % shown.length] ?? 'changes';
  openTab(name);
  part(`tab-${name}`).focus();
  event.preventDefault();
});
for (const name of TABS) part(`tab-${name}`).addEventListener('click', () => openTab(name));
part('whole').addEventListener('click', () => select(null));
part('theme').addEventListener('click', () => theme.turn());
part('help').addEventListener('click', () => openHelp(SHORTCUTS));
part('reconcile').addEventListener('click', () => void reconcile());
listenForKeys({
  '/'() {
    if (isNarrow()) openTab('tree');
    search.focus();
  },
  t() {
    if (isNarrow()) openTab('tree');
    tree.focus();
  },
  '*': openAll,
  1: () => openTab('changes'),
  2: () => openTab('drift'),
  3: () => openTab('runs'),
  4: () => openTab('notes'),
  a() {
    clearFilter();
    select(null);
  },
  r: () => void reconcile(),
  d: () => theme.turn(),
  '?': () => openHelp(SHORTCUTS),
});

setInterval(() => {
  const was = document.documentElement.hasAttribute('data-old');
  showTop();
  if (was === isOld(state)) tree.draw();
  else showAll();
}, 1_000);
showAll();
void keepConnection({
  api,
  onHeard: () => (state.heardAt = performance.now()),
  onResync: () => reader.resync(),
  onPulse(pulse) {
    // Before the first reading there is nothing that it could be about.
    if (state.status === null || state.pulse === null) return;
    const isNews = pulse.observedAt !== state.status.observedAt || pulse.tree !== state.etag;
    const was = isOld(state);
    // That it is well again is said together with what is read again; that it is not, at once.
    state.pulse = isNews && pulse.ready && pulse.current ? { ...state.pulse, phase: pulse.phase } : pulse;
    if (was === isOld(state)) showTop();
    else showAll();
    if (isNews) void reader.refreshSoon();
  },
  onRun: () => void reader.refreshSoon(),
  onLink(link) {
    state.link = link;
    showAll();
  },
  async onLocked({ why, mayTry }) {
    state.link = 'locked';
    showTop();
    const wrong = api.hasToken() ? 'The daemon does not take this token.' : null;
    const words = mayTry ? 'This daemon shows itself only to those who have its token.' : `${visible(why)}.`;
    api.use(await askToken({ why: words, wrong, mayCancel: false }));
  },
});
