import { addTo, STANDINGS, standingOf, worstOf } from './standing.js';

/**
 * @import { Change, Item, Model, Row, Standing, Status, Tally, TreeNode } from './documents.d.ts'
 */

/**
 * The things that contain others, with how they and their contents stand. A node whose container is not there stands at the top.
 * @param {readonly TreeNode[]} nodes
 * @param {readonly Change[]} changes
 * @param {string} mode
 * @returns {Model}
 */
export function buildTree(nodes, changes, mode) {
  /** @type {Map<string, Item & { parent: Item | null, readAt: number | null }>} */
  const byAddress = new Map();
  for (const { address, label, kind, readAt } of nodes) {
    const item = { address, label, kind, parent: null, children: [], own: {}, total: {} };
    byAddress.set(address, { ...item, readAt: readAt === null ? null : Date.parse(readAt) });
  }

  /** @type {Set<string>} */
  const differing = new Set();
  for (const change of changes) {
    const item = nearest(byAddress, change.address);
    if (item === undefined) continue;
    differing.add(item.address);
    addTo(item.own, standingOf(change, mode), 1);
  }

  /** @type {(Item & { readAt: number | null })[]} */
  const roots = [];
  for (const { address, parent, status, counts } of nodes) {
    const item = byAddress.get(address);
    if (item === undefined) continue;
    const container = parent === null ? undefined : byAddress.get(parent);
    if (container === undefined) roots.push(item);
    else {
      item.parent = container;
      container.children.push(item);
    }
    /** @param {Status} which */
    const count = (which) => (counts[which] ?? 0) + (status === which ? 1 : 0);
    addTo(item.own, 'in-sync', count('in-sync'));
    addTo(item.own, 'suspended', count('suspended'));
    addTo(item.own, 'unknown', count('unknown'));
    addTo(item.own, 'unmanaged', count('unmanaged'));
    // The changes say more of what differs; without them (read a moment apart) it still differs.
    if (!differing.has(address)) addTo(item.own, 'differs', count('differs'));
  }

  const order = new Intl.Collator('en', { numeric: true });
  /** @param {(Item & { readAt: number | null })[]} items */
  const finish = (items) => {
    items.sort((a, b) => order.compare(a.label, b.label));
    for (const item of items) {
      finish(item.children);
      addAll(item.total, item.own);
      for (const child of item.children) {
        addAll(item.total, child.total);
        if (child.readAt !== null) item.readAt = Math.min(item.readAt ?? Infinity, child.readAt);
      }
    }
  };
  finish(roots);
  /** @type {Tally} */
  const total = {};
  for (const root of roots) addAll(total, root.total);
  return { roots, byAddress, total };
}

/**
 * The rows that are shown, in order. What matches is shown with all that leads to it; a search opens what it finds.
 * @param {Model} model
 * @param {{ readonly expanded: ReadonlySet<string>, readonly query: string, readonly only: Standing | null }} view
 * @returns {Row[]}
 */
export function rowsOf({ roots }, { expanded, query, only }) {
  const wanted = query.trim().toLowerCase();
  const isFiltered = wanted !== '' || only !== null;
  /** @type {Map<Item, boolean>} */
  const shown = new Map();
  /** @param {Item} item @param {boolean} inFound @returns {boolean} */
  const mark = (item, inFound) => {
    const isFound = inFound || item.label.toLowerCase().includes(wanted) || item.address.toLowerCase().includes(wanted);
    const isWanted = isFound && (only === null || (item.own[only] ?? 0) > 0);
    let hasWanted = false;
    for (const child of item.children) if (mark(child, isFound && wanted !== '')) hasWanted = true;
    shown.set(item, hasWanted);
    if (!isWanted && !hasWanted) shown.delete(item);
    return isWanted || hasWanted;
  };
  if (isFiltered) for (const root of roots) mark(root, false);

  /** @type {Row[]} */
  const rows = [];
  /** @param {readonly Item[]} items @param {number} level */
  const walk = (items, level) => {
    const visible = isFiltered ? items.filter((item) => shown.has(item)) : items;
    for (const [index, item] of visible.entries()) {
      const inside = isFiltered ? item.children.filter((child) => shown.has(child)) : item.children;
      const isOpen = isFiltered ? shown.get(item) === true : expanded.has(item.address);
      rows.push({
        item,
        level,
        position: index + 1,
        siblings: visible.length,
        expanded: inside.length === 0 ? null : isOpen,
      });
      if (isOpen) walk(inside, level + 1);
    }
  };
  walk(roots, 1);
  return rows;
}

/**
 * What contains nothing that could be shown: one cell each in the picture of the whole.
 * @param {Model} model
 * @returns {Item[]} In the order of the tree.
 */
export function leavesOf({ roots }) {
  /** @type {Item[]} */
  const leaves = [];
  /** @param {readonly Item[]} items */
  const walk = (items) => {
    for (const item of items)
      if (item.children.length === 0) leaves.push(item);
      else walk(item.children);
  };
  walk(roots);
  return leaves;
}

/**
 * Whether `address` is `container` or in it.
 * @param {string} address
 * @param {string | null} container Null: everything is.
 */
export function isIn(address, container) {
  return container === null || address === container || address.startsWith(`${container}/`);
}

/** @param {Item} item */
export function standingOfItem(item) {
  return worstOf(item.total);
}

/** @param {ReadonlyMap<string, Item>} byAddress @param {string} address */
function nearest(byAddress, address) {
  let at = address;
  for (;;) {
    const item = byAddress.get(at);
    if (item !== undefined) return item;
    const cut = at.lastIndexOf('/');
    if (cut === -1) return undefined;
    at = at.slice(0, cut);
  }
}

/** @param {Tally} sum @param {Tally} more */
function addAll(sum, more) {
  for (const standing of STANDINGS) addTo(sum, standing, more[standing] ?? 0);
}
