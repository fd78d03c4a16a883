import { el, glyph, say } from './dom.js';
import { span, visible } from './format.js';
import { STANDINGS, wordFor, WORDS, worstOf } from './standing.js';

/**
 * @import { Row } from './documents.d.ts'
 */

/** Rows beyond the edge that are there before one scrolls to them. */
const BEYOND = 10;

/**
 * The tree as rows, of which only those in sight exist. One of them can be reached by Tab; arrows go from row to row.
 * @param {HTMLElement} scroller
 * @param {HTMLElement} host
 * @param {{ readonly onSelect: (address: string) => void, readonly onOpen: (address: string, open: boolean) => void, readonly onOpenAll: () => void, readonly now: () => number }} on
 */
export function openTreeView(scroller, host, on) {
  /** @type {readonly Row[]} */
  let rows = [];
  /** @type {Map<string, number>} */
  let indexes = new Map();
  /** @type {string | null} */
  let active = null;
  /** @type {Map<string, HTMLElement>} */
  const made = new Map();
  let height = 32;
  let isDue = false;

  const later = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      draw();
    });
  };
  scroller.addEventListener('scroll', later, { passive: true });
  new ResizeObserver(() => {
    height = Number.parseFloat(getComputedStyle(scroller).getPropertyValue('--row')) || 32;
    later();
  }).observe(scroller);

  /** @param {HTMLElement} element @param {Row} row @param {number} index */
  function paint(element, row, index) {
    const { item, level, position, siblings, expanded } = row;
    const standing = worstOf(item.total) ?? 'none';
    const [twisty, mark, label, note, age] = /** @type {HTMLElement[]} */ ([...element.children]);
    if (twisty === undefined || mark === undefined || label === undefined || note === undefined || age === undefined)
      return;
    set(element, 'data-address', item.address);
    element.style.transform = `translateY(${index * height}px)`;
    element.style.setProperty('--level', String(level));
    set(element, 'aria-level', String(level));
    set(element, 'aria-posinset', String(position));
    set(element, 'aria-setsize', String(siblings));
    set(element, 'aria-expanded', expanded === null ? null : String(expanded));
    set(element, 'aria-selected', String(item.address === active));
    set(element, 'tabindex', item.address === active || (active === null && index === 0) ? '0' : '-1');
    set(element, 'data-standing', standing);
    set(twisty, 'data-open', expanded === null ? null : String(expanded));
    set(mark, 'data-standing', standing);
    say(label, visible(item.label));
    set(label, 'title', visible(item.label));
    say(note, noteOf(item.total));
    say(age, item.readAt === null ? '' : span((on.now() - item.readAt) / 1000));
  }

  function draw() {
    host.style.height = `${rows.length * height}px`;
    const first = Math.max(0, Math.floor(scroller.scrollTop / height) - BEYOND);
    const last = Math.min(rows.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / height) + BEYOND);
    const wanted = [];
    for (let index = first; index < last; index++) wanted.push(index);
    // What has the focus stays, wherever it was scrolled to.
    const focused = active === null ? undefined : indexes.get(active);
    if (focused !== undefined && (focused < first || focused >= last)) {
      if (focused < first) wanted.unshift(focused);
      else wanted.push(focused);
    }
    const keep = new Set(wanted.map((index) => rows[index]?.item.address));
    /** Of rows that are out of sight: making new ones for every frame of scrolling takes too long. @type {HTMLElement[]} */
    const free = [];
    for (const [address, element] of made)
      if (!keep.has(address)) {
        made.delete(address);
        if (element === document.activeElement) element.remove();
        else free.push(element);
      }
    let cursor = host.firstElementChild;
    for (const index of wanted) {
      const row = rows[index];
      if (row === undefined) continue;
      const element = made.get(row.item.address) ?? free.pop() ?? emptyRow();
      made.set(row.item.address, element);
      paint(element, row, index);
      if (element === cursor) cursor = element.nextElementSibling;
      else host.insertBefore(element, cursor);
    }
    for (const element of free) element.remove();
  }

  /** @param {number} index */
  function goTo(index) {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row === undefined) return;
    active = row.item.address;
    scrollTo(row.item.address);
    draw();
    made.get(row.item.address)?.focus({ preventScroll: true });
    on.onSelect(row.item.address);
  }

  /** @param {string} address */
  function scrollTo(address) {
    const index = indexes.get(address);
    if (index === undefined) return;
    const top = index * height;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + height > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = top + height - scroller.clientHeight;
  }

  host.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = active === null ? 0 : (indexes.get(active) ?? 0);
    const row = rows[index];
    if (row === undefined) return;
    const page = Math.max(1, Math.floor(scroller.clientHeight / height) - 1);
    const target = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: index + page,
      PageUp: index - page,
    }[event.key];
    if (target !== undefined) goTo(target);
    else if (event.key === 'ArrowRight' && row.expanded === false) on.onOpen(row.item.address, true);
    else if (event.key === 'ArrowRight' && row.expanded === true) goTo(index + 1);
    else if (event.key === 'ArrowLeft' && row.expanded === true) on.onOpen(row.item.address, false);
    else if (event.key === 'ArrowLeft' && row.item.parent !== null) goTo(indexes.get(row.item.parent.address) ?? index);
    else if (event.key === 'Enter' || event.key === ' ') on.onSelect(row.item.address);
    else if (event.key === '*') on.onOpenAll();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  host.addEventListener('click', (event) => {
    const at = event.target instanceof Element ? event.target : null;
    const address = at?.closest('.row')?.getAttribute('data-address') ?? null;
    const index = address === null ? undefined : indexes.get(address);
    const row = index === undefined ? undefined : rows[index];
    if (row === undefined || index === undefined) return;
    if (row.expanded !== null && (at?.closest('.twisty') !== null || active === row.item.address))
      on.onOpen(row.item.address, !row.expanded);
    goTo(index);
  });

  return {
    /** @param {readonly Row[]} shown @param {string | null} chosen */
    show(shown, chosen) {
      rows = shown;
      indexes = new Map(shown.map(({ item }, index) => [item.address, index]));
      active = chosen;
      draw();
    },
    /** What passes with time alone. */
    draw,
    scrollTo,
    focus() {
      const index = active === null ? 0 : (indexes.get(active) ?? 0);
      goTo(index);
    },
  };
}

function emptyRow() {
  return el(
    'div',
    { class: 'row', role: 'treeitem' },
    el('span', { class: 'twisty', 'aria-hidden': 'true' }),
    glyph('none'),
    el('bdi', { class: 'label' }),
    el('span', { class: 'note' }),
    el('span', { class: 'row-age', title: 'since it was read' }),
  );
}

/** @param {import('./documents.d.ts').Tally} total */
function noteOf(total) {
  const worst = STANDINGS.filter((standing) => standing !== 'in-sync' && (total[standing] ?? 0) > 0).slice(0, 2);
  if (worst.length > 0)
    return worst.map((one) => `${(total[one] ?? 0).toLocaleString('en')} ${wordFor(one, total[one] ?? 0)}`).join(', ');
  return total['in-sync'] === undefined ? 'nothing managed' : WORDS['in-sync'];
}

/** @param {Element} element @param {string} name @param {string | null} value */
function set(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
