import { addressView } from './address-view.js';
import { el, glyph } from './dom.js';
import { moment, visible } from './format.js';
import { longList } from './long-list.js';
import { STANDINGS, standingOf, WORDS } from './standing.js';
import { isIn } from './tree-model.js';

/**
 * @import { Change, StatusDocument } from './documents.d.ts'
 */

/** What the reason of a change says to a person; another one is shown as it comes. */
const REASONS = new Map([
  ['absent', 'declared, and not there'],
  ['differs', 'there, and different'],
  ['undeclared', 'there, and not declared'],
  ['declared-absent', 'there, and declared absent'],
  ['releases-claim', 'gives up what another one takes'],
  ['recreated', 'its container is made again'],
]);

/**
 * What the document asks for and the platform does not show, in `within`: names of fields, never a value.
 * @param {StatusDocument} status
 * @param {string | null} within
 * @param {{ readonly isOld: boolean, readonly now: number }} seen
 */
export function changesView({ drift, mode, observedAt, lastRun }, within, { isOld, now }) {
  const here = drift.filter(({ address }) => isIn(address, within));
  if (here.length === 0) return el('p', { class: 'empty' }, nothing());
  /** @param {Change} change */
  const rank = (change) => STANDINGS.indexOf(standingOf(change, mode));
  const sorted = here.toSorted((a, b) => rank(a) - rank(b));
  return longList(sorted, 'changes', (change) => changeView(change, mode, within));

  function nothing() {
    if (observedAt === null)
      return `Nothing was observed yet. ${lastRun === null ? 'The first look is on its way.' : 'Notes say why.'}`;
    if (isOld) return `Nothing differed when this was last read, at ${moment(observedAt, now)}. It may now.`;
    return 'Nothing differs here.';
  }
}

/** @param {Change} change @param {string} mode @param {string | null} within */
function changeView(change, mode, within) {
  const standing = standingOf(change, mode);
  const { held, fields } = change;
  return el(
    'li',
    { class: 'change', 'data-standing': standing },
    el(
      'p',
      { class: 'what' },
      glyph(standing),
      addressView(change.address, within),
      el('span', { class: 'state' }, WORDS[standing]),
    ),
    el(
      'p',
      { class: 'how' },
      el('span', { class: 'action', 'data-action': change.action }, visible(change.action)),
      el('span', {}, REASONS.get(change.reason) ?? visible(change.reason)),
      ...fields.map((field) => el('code', {}, visible(field))),
    ),
    held === null || held === undefined
      ? null
      : el(
          'p',
          { class: 'held' },
          el('b', {}, visible(held.because).replaceAll('-', ' ')),
          ' ',
          el('bdi', {}, visible(held.why)),
        ),
  );
}
