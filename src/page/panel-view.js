import { changesView } from './changes-view.js';
import { el, part, say } from './dom.js';
import { driftView } from './drift-view.js';
import { moment, segmentsOf, visible } from './format.js';
import { noteCount, notesView } from './notes-view.js';
import { runsView } from './runs-view.js';
import { isOld, timeOf } from './state.js';
import { isIn } from './tree-model.js';

/**
 * @import { StatusDocument } from './documents.d.ts'
 * @import { State } from './state.js'
 */

/** In the order of their keys; the tree is one of them where the page is narrow. */
export const TABS = ['tree', 'changes', 'drift', 'runs', 'notes'];

/** The tree does not stand beside the rest: it is a tab. */
export function isNarrow() {
  return getComputedStyle(part('tab-tree')).display !== 'none';
}

/**
 * The detail of what is chosen, in the open tab.
 * @param {State} state
 * @param {{ readonly onHours: (hours: number) => void, readonly onOlder: () => void }} on
 */
export function showPanel(state, on) {
  const { status, selected, tab } = state;
  showChosen(state);
  for (const name of TABS) {
    const button = part(`tab-${name}`);
    const isChosen = name === tab || (tab === 'tree' && name === 'changes' && !isNarrow());
    button.setAttribute('aria-selected', String(isChosen));
    button.tabIndex = isChosen ? 0 : -1;
  }
  const inside = status === null ? 0 : status.drift.filter(({ address }) => isIn(address, selected)).length;
  say(part('tab-changes'), inside === 0 ? 'Changes' : `Changes ${inside.toLocaleString('en')}`);
  const notes = status === null ? 0 : noteCount(status);
  say(part('tab-notes'), notes === 0 ? 'Notes' : `Notes ${notes.toLocaleString('en')}`);
  part('panes').setAttribute('data-tab', tab);
  const panel = part('panel');
  panel.setAttribute('aria-labelledby', `tab-${tab === 'tree' ? 'changes' : tab}`);
  swap(panel, status === null ? el('p', { class: 'empty' }, 'Waiting for the daemon.') : viewOf(state, status, on));
}

/** @param {State} state */
function showChosen(state) {
  const { status, selected, model } = state;
  const item = selected === null ? undefined : model.byAddress.get(selected);
  const observedAt = item === undefined ? (status?.observedAt ?? null) : isoOf(item.readAt);
  const path = item === undefined ? [] : segmentsOf(item.address).slice(0, -1);
  const where = item === undefined ? '' : [...path.map(({ key }) => key), visible(item.kind)].join(' / ');
  const age = observedAt === null ? '' : `as of ${moment(observedAt, timeOf(state))}`;
  say(part('chosen'), item === undefined ? 'Everything' : visible(item.label));
  say(part('chosen-about'), [where, age].filter((one) => one !== '').join(', '));
  part('whole').hidden = selected === null;
  part('panes').toggleAttribute('data-chosen', selected !== null);
}

/** @param {number | null} time */
function isoOf(time) {
  return time === null ? null : new Date(time).toISOString();
}

/** @param {State} state @param {StatusDocument} status @param {Parameters<typeof showPanel>[1]} on */
function viewOf(state, status, on) {
  const { selected, tab, episodes, runs, hours, next } = state;
  const now = timeOf(state);
  switch (tab) {
    case 'drift':
      if (episodes === null)
        return el('p', { class: 'empty' }, state.driftWhy === '' ? 'Reading …' : visible(state.driftWhy));
      return driftView(episodes, { within: selected, hours, now, onHours: on.onHours });
    case 'runs':
      if (runs === null) return el('p', { class: 'empty' }, 'Reading …');
      return runsView(runs, {
        now,
        next,
        isPart: selected !== null,
        isWhole: state.hasRuns,
        onMore: on.onOlder,
      });
    case 'notes':
      return notesView(status, selected, now);
    default:
      return changesView(status, selected, { isOld: isOld(state), now });
  }
}

/**
 * What is equal stays, so that what was opened further, scrolled to or has the focus is not lost.
 * @param {HTMLElement} panel
 * @param {HTMLElement} view
 */
function swap(panel, view) {
  if (panel.firstElementChild?.isEqualNode(view) === true) return;
  const { scrollTop } = panel;
  const buttons = [...panel.querySelectorAll('button')];
  const focused = buttons.findIndex((button) => button === document.activeElement);
  panel.replaceChildren(view);
  panel.scrollTop = scrollTop;
  if (focused !== -1) (panel.querySelectorAll('button')[focused] ?? panel).focus({ preventScroll: true });
}
