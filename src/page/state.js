import { SILENT_MS } from './connection.js';

/**
 * @import { Episode, Model, Pulse, Run, RunsDocument, Standing, StatusDocument, TreeNode } from './documents.d.ts'
 */

/** @typedef {ReturnType<typeof openState>} State */

/** All that the page knows, and what the person chose to see of it. What is drawn is a function of this. */
export function openState() {
  /** @type {Set<string>} */
  const expanded = new Set();
  return {
    status: /** @type {StatusDocument | null} */ (null),
    pulse: /** @type {Pulse | null} */ (null),
    nodes: /** @type {readonly TreeNode[]} */ ([]),
    /** Of the nodes. */
    etag: /** @type {string | null} */ (null),
    model: /** @type {Model} */ ({ roots: [], byAddress: new Map(), total: {} }),
    link: /** @type {'waiting' | 'live' | 'polling' | 'lost' | 'locked'} */ ('waiting'),
    /** On the clock of the page. */
    heardAt: 0,
    /** The daemon's clock less ours. */
    skew: 0,
    /** How far the tree is opened at first has been decided. */
    isSized: false,
    expanded,
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
}

/** By the daemon's clock. @param {State} state */
export function timeOf({ skew }) {
  return Date.now() + skew;
}

/** @param {State} state */
export function isConnected({ link, heardAt }) {
  return (link === 'live' || link === 'polling') && performance.now() - heardAt < SILENT_MS;
}

/** What was read of each thing no longer holds, or nobody can say whether it does (law J). @param {State} state */
export function isOld(state) {
  return !isConnected(state) || state.pulse?.current !== true;
}
