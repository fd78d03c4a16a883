import { addressView } from './address-view.js';
import { el } from './dom.js';
import { moment, visible } from './format.js';
import { longList } from './long-list.js';
import { isIn } from './tree-model.js';

/**
 * @import { Diagnostic, StatusDocument } from './documents.d.ts'
 */

/**
 * What else there is to know: what could not be read, pauses, warnings, what waits, what nobody declared.
 * @param {StatusDocument} status
 * @param {string | null} within
 * @param {number} now
 */
export function notesView(status, within, now) {
  const { lastRun } = status;
  /** @param {readonly { readonly address: string }[]} things */
  const here = (things) => things.filter(({ address }) => isIn(address, within));
  const failed = (lastRun?.outcomes ?? []).filter(({ address, error }) => error !== undefined && isIn(address, within));
  const pauses = (status.pauses ?? []).filter(
    ({ address }) => isIn(address, within) || within?.startsWith(address) === true || address.includes('*'),
  );
  const unreadable = status.unreadable.filter(({ collection }) => isIn(collection, within));
  const unsettled = status.unsettled.filter(({ address }) => isIn(address, within));
  const unmanaged = here(status.unmanaged.map((address) => ({ address })));
  const sections = [
    within === null && lastRun !== null && lastRun.problem !== null
      ? section('The last run', [lastRun.problem], (why) => el('li', {}, el('bdi', {}, visible(why))))
      : null,
    section('Paused', pauses, ({ address, owner, reason, expires }) =>
      el(
        'li',
        {},
        addressView(address, null),
        el(
          'p',
          { class: 'how' },
          [
            reason,
            owner === undefined ? undefined : `by ${owner}`,
            expires === undefined ? undefined : `until ${moment(expires, now)}`,
          ]
            .filter((one) => one !== undefined)
            .map(visible)
            .join(', '),
        ),
      ),
    ),
    section('Could not be read', unreadable, ({ collection, error }) =>
      el('li', {}, addressView(collection, within), el('p', { class: 'how' }, el('bdi', {}, visible(error.message)))),
    ),
    section('Failed in the last run', failed, ({ address, action, error }) =>
      el(
        'li',
        {},
        addressView(address, within),
        el('p', { class: 'how' }, visible(action), ' ', el('bdi', {}, visible(error?.message ?? ''))),
      ),
    ),
    section('The platform is not finished', unsettled, ({ address, because }) =>
      el('li', {}, addressView(address, within), el('p', { class: 'how' }, el('bdi', {}, visible(because)))),
    ),
    within === null ? section('Errors', lastRun?.diagnostics ?? [], diagnosticView) : null,
    within === null ? section('Warnings', status.warnings, diagnosticView) : null,
    section('Unmanaged: there, not declared, and kept', unmanaged, ({ address }) =>
      el('li', {}, addressView(address, within)),
    ),
  ].filter((one) => one !== null);
  return sections.length === 0 ? el('p', { class: 'empty' }, 'Nothing more to say here.') : el('div', {}, ...sections);
}

/**
 * How many of them want to be looked at.
 * @param {StatusDocument} status
 */
export function noteCount({ unreadable, warnings, lastRun, pauses }) {
  return unreadable.length + warnings.length + (lastRun?.diagnostics.length ?? 0) + (pauses?.length ?? 0);
}

/**
 * @template Thing
 * @param {string} title
 * @param {readonly Thing[]} things
 * @param {(thing: Thing) => HTMLElement} draw
 */
function section(title, things, draw) {
  if (things.length === 0) return null;
  return el(
    'section',
    {},
    el('h3', {}, title, ' ', el('span', { class: 'number' }, things.length.toLocaleString('en'))),
    longList(things, 'notes', draw),
  );
}

/** @param {Diagnostic} diagnostic */
function diagnosticView({ code, summary, where }) {
  return el(
    'li',
    {},
    el('p', {}, el('code', {}, visible(code)), ' ', el('bdi', {}, visible(summary))),
    where === undefined ? null : el('p', { class: 'how' }, visible(`${where.file}:${where.line}:${where.column}`)),
  );
}
