import { el } from './dom.js';
import { counted, duration, moment, visible } from './format.js';

/**
 * @import { Run, RunsDocument } from './documents.d.ts'
 */

/** What the result of a run says to a person; another one is shown as it comes. */
const RESULTS = new Map([
  ['done', 'done'],
  ['invalid', 'invalid document'],
  ['failed', 'failed'],
  ['interrupted', 'interrupted'],
]);

/**
 * Runs, newest first, each with how long it took beside the others and what it asked of the platform.
 * @param {readonly Run[]} runs
 * @param {{ readonly now: number, readonly next: RunsDocument['next'], readonly isPart: boolean, readonly isWhole: boolean, readonly onMore: () => void }} frame `isPart`: something is chosen, and runs are of everything. `isWhole`: false where there is no history, and these are what this page has seen.
 */
export function runsView(runs, { now, next, isPart, isWhole, onMore }) {
  const note = isWhole
    ? el('p', { class: 'fine' }, isPart ? 'A run is of everything, not only of what is chosen.' : '')
    : el(
        'p',
        { class: 'fine' },
        'This daemon keeps no history. Here is the last run, and those that end while this page is open.',
      );
  if (runs.length === 0) return el('div', {}, note, el('p', { class: 'empty' }, 'No run has ended yet.'));
  const longest = Math.max(0.001, ...runs.map(({ seconds }) => seconds));
  const table = el(
    'table',
    { class: 'runs' },
    el('caption', { class: 'hidden' }, 'Runs, newest first'),
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        ...['Began', 'Because of', 'Result', 'Took', 'Differs', 'Changed', 'Held', 'Requests'].map((head, index) =>
          el('th', { scope: 'col', class: index > 3 ? 'number' : null }, head),
        ),
      ),
    ),
    el('tbody', {}, ...runs.map((run) => runView(run, longest, now))),
  );
  const more = el('button', { type: 'button', class: 'quiet wide more' }, 'Show older ones');
  more.addEventListener('click', onMore);
  return el(
    'div',
    {},
    note,
    el('div', { class: 'wide-table', tabindex: 0, role: 'region', 'aria-label': 'Runs' }, table),
    next === null ? null : more,
  );
}

/** @param {Run} run @param {number} longest @param {number} now */
function runView(run, longest, now) {
  const bar = el('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.setProperty('--share', String(run.seconds / longest));
  const { reads, writes } = run.requests;
  return el(
    'tr',
    { 'data-result': run.result },
    el('td', {}, el('time', { datetime: run.startedAt }, moment(run.startedAt, now))),
    el('td', {}, visible(run.cause)),
    el(
      'td',
      {},
      el('span', { class: 'result' }, RESULTS.get(run.result) ?? visible(run.result)),
      run.problem === null ? null : el('bdi', { class: 'problem' }, visible(run.problem)),
    ),
    el('td', { class: 'took' }, bar, duration(run.seconds)),
    el('td', { class: 'number' }, run.differs === null ? '' : String(run.differs)),
    el('td', { class: 'number' }, String(run.changed)),
    el('td', { class: 'number' }, String(run.held)),
    el(
      'td',
      { class: 'number', title: `${counted(reads, 'read', 'reads')}, ${counted(writes, 'write', 'writes')}` },
      writes === 0 ? String(reads) : `${reads} + ${writes}`,
    ),
  );
}
