import { openApi } from './api.js';
import { changesView } from './changes-view.js';
import { keepConnection, SILENT_MS } from './connection.js';
import { askToken, openHelp, toast } from './dialogs.js';
import { el, part, say } from './dom.js';
import { driftView } from './drift-view.js';
import { moment, segmentsOf, span, visible } from './format.js';
import { openMosaic } from './mosaic.js';
import { noteCount, notesView } from './notes-view.js';
import { runsView } from './runs-view.js';
import { showChips, showSummary } from './summary-view.js';
import { openTheme } from './theme.js';
import { buildTree, isIn, leavesOf, rowsOf } from './tree-model.js';
import { openTreeView } from './tree-view.js';

/**
 * @import { Reply } from './api.js'
 * @import { Episode, Model, Pulse, Run, RunsDocument, Standing, StatusDocument, TreeNode } from './documents.d.ts'
 */

/** Nothing is drawn more often than this by what comes in. */
const REFRESH_MS = 1_000;
/** A tree this small is shown open. */
const SMALL_TREE = 120;
const TABS = ['tree', 'changes', 'drift', 'runs', 'notes'];
const SHORTCUTS = /** @type {const} */ ([
  ['/', 'Search the tree'],
  ['t', 'Go to the tree'],
  ['↑ ↓ ← →', 'Move, open and close in the tree'],
  ['*', 'Open or close the whole tree'],
  ['1 2 3 4', 'Changes, drift, runs, notes'],
  ['a', 'Show everything again'],
  ['r', 'Reconcile now'],
  ['d', 'Dark or light'],
  ['?', 'This list'],
]);

const api = openApi();
/** The page's whole state. What is drawn is a function of it. */
const page = {
  status: /** @type {StatusDocument | null} */ (null),
  pulse: /** @type {Pulse | null} */ (null),
  nodes: /** @type {readonly TreeNode[]} */ ([]),
  etag: /** @type {string | null} */ (null),
  model: /** @type {Model} */ ({ roots: [], byAddress: new Map(), total: {} }),
  link: /** @type {'waiting' | 'live' | 'polling' | 'lost' | 'locked'} */ ('waiting'),
  /** On the clock of the page. */
  heardAt: 0,
  /** The daemon's clock less ours. */
  skew: 0,
  isSized: false,
  expanded: /** @type {Set<string>} */ (new Set()),
  selected: /** @type {string | null} */ (null),
  query: '',
  only: /** @type {Standing | null} */ (null),
  tab: 'changes',
  hours: 24,
  runs: /** @type {readonly Run[] | null} */ (null),
  next: /** @type {RunsDocument['next']} */ (null),
  hasRuns: true,
  episodes: /** @type {readonly Episode[] | null} */ (null),
  driftWhy: '',
};

const now = () => Date.now() + page.skew;
const isConnected = () =>
  (page.link === 'live' || page.link === 'polling') && performance.now() - page.heardAt < SILENT_MS;
/** What was read of each thing no longer holds, or nobody can say whether it does (law J). */
const isOld = () => !isConnected() || page.pulse?.current !== true;

const tree = openTreeView(part('tree'), part('rows'), {
  onSelect: select,
  onOpen(address, open) {
    if (open) page.expanded.add(address);
    else page.expanded.delete(address);
    showTree();
  },
  onOpenAll: openAll,
});
const mosaic = openMosaic(part('mosaic'), /** @type {HTMLCanvasElement} */ (part('cells')), {
  onPoint: (item) => say(part('cell-name'), item === null ? '' : segmentsOf(item.address).map(({ key }) => key).join(' / ')),
  onSelect(item) {
    for (let at = item.parent; at !== null; at = at.parent) page.expanded.add(at.address);
    clearFilter();
    select(item.address);
    tree.reveal(item.address);
  },
});
const theme = openTheme(() => mosaic.draw());

/** Reads status and tree; what has not changed is not sent again. @returns {Promise<Reply>} */
async function refresh() {
  const [status, nodes] = await Promise.all([api.get('/api/status'), api.get('/api/tree', { etag: page.etag })]);
  if (status.type === 'ok') {
    page.status = status.body;
    page.pulse = status.body;
    page.skew = Date.parse(status.body.at) - Date.now();
  }
  if (nodes.type === 'ok') {
    page.nodes = nodes.body.nodes;
    page.etag = nodes.etag;
  }
  if (status.type !== 'ok') return status;
  page.model = buildTree(page.nodes, page.status?.drift ?? [], page.status?.mode ?? '');
  if (page.selected !== null && !page.model.byAddress.has(page.selected)) page.selected = null;
  if (!page.isSized && page.nodes.length > 0) {
    page.isSized = true;
    if (page.nodes.length <= SMALL_TREE) for (const { address } of page.nodes) page.expanded.add(address);
  }
  showAll();
  void readTab();
  return status;
}

/** At most one going, at most one more waiting. */
function refresher() {
  let isGoing = false;
  let isWanted = false;
  return async () => {
    isWanted = true;
    if (isGoing) return;
    isGoing = true;
    while (isWanted) {
      isWanted = false;
      await refresh();
      await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
    }
    isGoing = false;
  };
}
const refreshSoon = refresher();

/** What only the open tab shows is read when it is open. */
async function readTab() {
  if (page.tab === 'runs') {
    const reply = await api.get('/api/runs?limit=50');
    page.hasRuns = reply.type === 'ok';
    if (reply.type === 'ok') {
      page.runs = reply.body.runs;
      page.next = reply.body.next ?? null;
    } else {
      page.runs = runsSeen(page.runs ?? [], page.status);
      page.next = null;
    }
  } else if (page.tab === 'drift') {
    const since = new Date(now() - page.hours * 3_600_000).toISOString();
    const reply = await api.get(`/api/drift?since=${encodeURIComponent(since)}&limit=1000`);
    page.episodes = reply.type === 'ok' ? reply.body.episodes : null;
    page.driftWhy =
      reply.type === 'absent'
        ? 'There is no history here: this daemon keeps none. What differs now stands under Changes.'
        : reply.type === 'failed'
          ? `The history cannot be read: ${reply.why}.`
          : '';
  } else return;
  showPanel();
}

async function readOlderRuns() {
  if (page.next === null) return;
  const reply = await api.get(`/api/runs?limit=50&before=${encodeURIComponent(String(page.next))}`);
  if (reply.type !== 'ok') return toast('Older runs cannot be read.');
  page.runs = [...(page.runs ?? []), ...reply.body.runs];
  page.next = reply.body.next ?? null;
  showPanel();
}

/** @param {readonly Run[]} before @param {StatusDocument | null} status @returns {readonly Run[]} */
function runsSeen(before, status) {
  const last = status?.lastRun ?? null;
  if (status === null || last === null || before.some(({ id, startedAt }) => id === last.id && startedAt === last.startedAt))
    return before;
  const changed = last.outcomes.filter((outcome) => outcome.status === 'succeeded').length;
  const held = status.drift.filter((change) => change.held !== null).length;
  return [{ ...last, differs: status.drift.length, changed, held }, ...before].slice(0, 200);
}

function showAll() {
  showTop();
  showTree();
  showChips(page.model.total, page.only, isOld());
  mosaic.show(leavesOf(page.model), isOld());
  showPanel();
}

/** What passes with time alone. */
function showTop() {
  const connected = isConnected();
  document.documentElement.toggleAttribute('data-old', isOld());
  showSummary({ ...page, connected, total: page.model.total, now: now() });
  const link = part('link');
  link.setAttribute('data-link', connected ? page.link : page.link === 'locked' || page.link === 'waiting' ? page.link : 'lost');
  say(part('link-text'), { live: 'live', polling: 'asking every 5 s', lost: 'disconnected', waiting: 'connecting', locked: 'locked' }[connected || page.link === 'locked' || page.link === 'waiting' ? page.link : 'lost']);
  const banner = part('banner');
  const isLost = !connected && page.pulse !== null;
  banner.hidden = !isLost;
  say(banner, isLost ? `Disconnected, last heard of ${span((performance.now() - page.heardAt) / 1000)} ago. What stands below may have changed.` : '');
}

function showTree() {
  const rows = rowsOf(page.model, page);
  tree.show(rows, page.selected);
  const none = part('tree-none');
  none.hidden = rows.length > 0;
  say(none, page.nodes.length === 0 ? 'Nothing is looked after yet.' : 'Nothing matches.');
}

function showPanel() {
  const { status, selected, tab } = page;
  const item = selected === null ? undefined : page.model.byAddress.get(selected);
  say(part('chosen'), item === undefined ? 'Everything' : visible(item.label));
  const path = item === undefined ? [] : segmentsOf(item.address).slice(0, -1);
  const inside = status === null ? 0 : status.drift.filter(({ address }) => isIn(address, selected)).length;
  const age = status?.observedAt == null ? '' : `as of ${moment(status.observedAt, now())}`;
  say(
    part('chosen-about'),
    [item === undefined ? '' : [...path.map(({ key }) => key), visible(item.kind)].join(' / '), age].filter((one) => one !== '').join(', '),
  );
  part('whole').hidden = selected === null;
  const isNarrow = getComputedStyle(part('tab-tree')).display !== 'none';
  for (const name of TABS) {
    const button = part(`tab-${name}`);
    const isChosen = name === tab || (!isNarrow && tab === 'tree' && name === 'changes');
    button.setAttribute('aria-selected', String(isChosen));
    button.tabIndex = isChosen ? 0 : -1;
  }
  say(part('tab-changes'), inside === 0 ? 'Changes' : `Changes ${inside.toLocaleString('en')}`);
  const notes = status === null ? 0 : noteCount(status);
  say(part('tab-notes'), notes === 0 ? 'Notes' : `Notes ${notes.toLocaleString('en')}`);
  part('panes').setAttribute('data-tab', tab);
  const panel = part('panel');
  panel.setAttribute('aria-labelledby', `tab-${tab === 'tree' ? 'changes' : tab}`);
  const view = status === null ? el('p', { class: 'empty' }, 'Waiting for the daemon.') : viewOf(status);
  if (view !== null) swap(panel, view);
}

/** @param {StatusDocument} status */
function viewOf(status) {
  switch (page.tab) {
    case 'drift':
      if (page.episodes === null) return el('p', { class: 'empty' }, page.driftWhy === '' ? 'Reading …' : page.driftWhy);
      return driftView(page.episodes, { within: page.selected, hours: page.hours, now: now(), onHours: lookBack });
    case 'runs':
      if (page.runs === null) return el('p', { class: 'empty' }, 'Reading …');
      return runsView(page.runs, { now: now(), next: page.next, isWhole: page.hasRuns, onMore: () => void readOlderRuns() });
    case 'notes':
      return notesView(status, page.selected, now());
    default:
      return changesView(status, page.selected, { isOld: isOld(), now: now() });
  }
}

/** A list that was opened further, scrolled or is being used is not thrown away for an equal one. @param {HTMLElement} panel @param {HTMLElement} view */
function swap(panel, view) {
  const before = panel.firstElementChild;
  if (before !== null && before.isEqualNode(view)) return;
  const { scrollTop } = panel;
  const held = panel.contains(document.activeElement) ? document.activeElement : null;
  const place = held === null ? -1 : [...panel.querySelectorAll('button')].indexOf(/** @type {HTMLButtonElement} */ (held));
  panel.replaceChildren(view);
  panel.scrollTop = scrollTop;
  if (held !== null) (panel.querySelectorAll('button')[place] ?? panel).focus({ preventScroll: true });
}

/** @param {number} hours */
function lookBack(hours) {
  page.hours = hours;
  page.episodes = null;
  page.driftWhy = '';
  void readTab();
}

/** @param {string | null} address */
function select(address) {
  const isNew = page.selected !== address;
  page.selected = address;
  showTree();
  showPanel();
  if (isNew) part('panel').scrollTop = 0;
}

/** @param {string} tab */
function openTab(tab) {
  page.tab = tab;
  showPanel();
  if (tab === 'tree') showTree();
  void readTab();
}

function openAll() {
  const containers = [...page.model.byAddress.values()].filter(({ children }) => children.length > 0);
  const isOpen = containers.every(({ address }) => page.expanded.has(address));
  if (isOpen) page.expanded.clear();
  else for (const { address } of containers) page.expanded.add(address);
  showTree();
}

function clearFilter() {
  page.query = '';
  page.only = null;
  search.value = '';
  showChips(page.model.total, null, isOld());
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
    if (reply.type !== 'locked') return toast(reply.type === 'failed' ? `Not asked: ${reply.why}.` : 'Not asked.');
    api.use(null);
    if (/names none/.test(reply.why)) return toast('This daemon has no token set, so nothing can be asked of it.');
    wrong = 'The daemon does not take this token.';
  }
}

const search = /** @type {HTMLInputElement} */ (part('search'));
search.addEventListener('input', () => {
  page.query = search.value;
  showTree();
});
search.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown' || event.key === 'Enter') tree.focus();
  else if (event.key === 'Escape') {
    search.value = '';
    page.query = '';
    showTree();
  } else return;
  event.preventDefault();
});
part('chips').addEventListener('click', (event) => {
  const chip = event.target instanceof Element ? event.target.closest('[data-only]') : null;
  const only = /** @type {Standing | null} */ (chip?.getAttribute('data-only') ?? null);
  if (only === null) return;
  page.only = page.only === only ? null : only;
  showChips(page.model.total, page.only, isOld());
  showTree();
});
part('whole').addEventListener('click', () => select(null));
part('theme').addEventListener('click', () => theme.turn());
part('help').addEventListener('click', () => openHelp(SHORTCUTS));
part('reconcile').addEventListener('click', () => void reconcile());
for (const name of TABS) part(`tab-${name}`).addEventListener('click', () => openTab(name));
part('tabs').addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const shown = TABS.filter((name) => getComputedStyle(part(`tab-${name}`)).display !== 'none');
  const at = Math.max(0, shown.indexOf(page.tab));
  const name = shown[(at + step + shown.length) % shown.length] ?? 'changes';
  openTab(name);
  part(`tab-${name}`).focus();
  event.preventDefault();
});
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLInputElement || document.querySelector('dialog[open]') !== null;
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  /** @type {Readonly<Record<string, (() => void) | undefined>>} */
  const acts = {
    '/': () => {
      if (page.tab !== 'tree' && getComputedStyle(part('tab-tree')).display !== 'none') openTab('tree');
      search.focus();
    },
    t: () => {
      if (getComputedStyle(part('tab-tree')).display !== 'none') openTab('tree');
      tree.focus();
    },
    '*': openAll,
    1: () => openTab('changes'),
    2: () => openTab('drift'),
    3: () => openTab('runs'),
    4: () => openTab('notes'),
    a: () => {
      clearFilter();
      select(null);
    },
    r: () => void reconcile(),
    d: () => theme.turn(),
    '?': () => openHelp(SHORTCUTS),
  };
  const act = Object.hasOwn(acts, event.key) ? acts[event.key] : undefined;
  if (act === undefined) return;
  event.preventDefault();
  act();
});

setInterval(() => {
  const was = document.documentElement.hasAttribute('data-old');
  showTop();
  if (was !== isOld()) showAll();
}, 1_000);
showAll();
void keepConnection({
  api,
  onHeard: () => (page.heardAt = performance.now()),
  onResync: refresh,
  onPulse(pulse) {
    const isNews = pulse.observedAt !== page.status?.observedAt || pulse.tree !== page.etag;
    page.pulse = pulse;
    if (page.status !== null) showTop();
    if (isNews) void refreshSoon();
  },
  onRun: () => void refreshSoon(),
  onLink(link) {
    page.link = link;
    if (page.status === null) showTop();
    else showAll();
  },
  async onLocked(why) {
    page.link = 'locked';
    showTop();
    const wrong = api.hasToken() ? 'The daemon does not take this token.' : null;
    const shown = /names none/.test(why) ? `${visible(why)}.` : 'This daemon shows itself only to those who have its token.';
    api.use(await askToken({ why: shown, wrong, mayCancel: false }));
  },
});
