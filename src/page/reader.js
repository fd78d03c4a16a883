import { timeOf } from './state.js';
import { buildTree } from './tree-model.js';

/**
 * @import { Reply } from './api.js'
 * @import { Run, StatusDocument } from './documents.d.ts'
 * @import { State } from './state.js'
 */

/** Nothing is read more often than this by what comes in. */
const REFRESH_MS = 1_000;
/** A tree this small is shown open. */
const SMALL_TREE = 120;
const MOST_RUNS_SEEN = 200;

/**
 * Reads what the page shows into its state.
 * @param {ReturnType<typeof import('./api.js').openApi>} api
 * @param {State} state
 * @param {{ readonly onRead: () => void, readonly onTab: () => void, readonly onFailed: (why: string) => void }} on `onTab`: what only the open tab shows was read.
 */
export function openReader(api, state, on) {
  let isGoing = false;
  let isWanted = false;
  /** What this daemon does not serve; asked for again once the line is new, because it may be another daemon then. @type {Set<string>} */
  const absent = new Set();

  /** @param {string} path @param {string} query @returns {Promise<Reply>} */
  async function ask(path, query) {
    if (absent.has(path)) return { type: 'absent' };
    const reply = await api.get(`${path}?${query}`);
    if (reply.type === 'absent') absent.add(path);
    return reply;
  }

  /** Status and tree; nodes that have not changed are not sent again. @returns {Promise<Reply>} */
  async function refresh() {
    const [status, nodes] = await Promise.all([api.get('/api/status'), api.get('/api/tree', { etag: state.etag })]);
    if (nodes.type === 'ok') {
      state.nodes = nodes.body.nodes;
      state.etag = nodes.etag;
    }
    if (status.type !== 'ok') return status;
    state.status = status.body;
    state.pulse = status.body;
    state.skew = Date.parse(status.body.at) - Date.now();
    state.model = buildTree(state.nodes, status.body.drift, status.body.mode);
    if (state.selected !== null && !state.model.byAddress.has(state.selected)) state.selected = null;
    if (!state.isSized && state.nodes.length > 0) {
      state.isSized = true;
      if (state.nodes.length <= SMALL_TREE) for (const { address } of state.nodes) state.expanded.add(address);
    }
    on.onRead();
    void readTab();
    return status;
  }

  async function readTab() {
    if (state.tab === 'runs') await readRuns();
    else if (state.tab === 'drift') await readDrift();
    else return;
    on.onTab();
  }

  async function readRuns() {
    const reply = await ask('/api/runs', 'limit=50');
    state.hasRuns = reply.type === 'ok';
    state.runs = reply.type === 'ok' ? reply.body.runs : runsSeen(state.runs ?? [], state.status);
    state.next = reply.type === 'ok' ? (reply.body.next ?? null) : null;
  }

  async function readDrift() {
    const since = new Date(timeOf(state) - state.hours * 3_600_000).toISOString();
    const reply = await ask('/api/drift', `since=${encodeURIComponent(since)}&limit=1000`);
    state.episodes = reply.type === 'ok' ? reply.body.episodes : null;
    if (reply.type === 'absent')
      state.driftWhy = 'There is no history here: this daemon keeps none. What differs now stands under Changes.';
    else state.driftWhy = reply.type === 'failed' ? `The history cannot be read: ${reply.why}.` : '';
  }

  return {
    /** After a line was lost, or at the beginning. */
    async resync() {
      absent.clear();
      return refresh();
    },
    readTab,
    /** At most one going, at most one more waiting. */
    async refreshSoon() {
      isWanted = true;
      if (isGoing) return;
      isGoing = true;
      while (isWanted) {
        isWanted = false;
        await refresh();
        await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
      }
      isGoing = false;
    },
    async readOlderRuns() {
      if (state.next === null) return;
      const reply = await ask('/api/runs', `limit=50&before=${encodeURIComponent(String(state.next))}`);
      if (reply.type !== 'ok') return on.onFailed('Older runs cannot be read.');
      state.runs = [...(state.runs ?? []), ...reply.body.runs];
      state.next = reply.body.next ?? null;
      on.onTab();
    },
  };
}

/** Without a history: what this page has seen end. @param {readonly Run[]} before @param {StatusDocument | null} status @returns {readonly Run[]} */
function runsSeen(before, status) {
  const last = status?.lastRun ?? null;
  if (status === null || last === null) return before;
  if (before.some(({ id, startedAt }) => id === last.id && startedAt === last.startedAt)) return before;
  const changed = last.outcomes.filter((outcome) => outcome.status === 'succeeded').length;
  const held = status.drift.filter((change) => change.held !== null).length;
  return [{ ...last, differs: status.drift.length, changed, held }, ...before].slice(0, MOST_RUNS_SEEN);
}
