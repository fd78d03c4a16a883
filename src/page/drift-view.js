import { addressView } from './address-view.js';
import { el, svg } from './dom.js';
import { moment, segmentsOf, span, visible } from './format.js';
import { longList } from './long-list.js';
import { lanesOf, ticksOf } from './timeline.js';
import { isIn } from './tree-model.js';

/**
 * @import { Episode } from './documents.d.ts'
 */

/** Hours that can be looked back, and their words. @type {readonly (readonly [number, string])[]} */
export const RANGES = [
  [24, '24 hours'],
  [168, '7 days'],
  [720, '30 days'],
];
const MOST_LANES = 14;

/**
 * What differed, from when to when, and what became of it.
 * @param {readonly Episode[]} episodes
 * @param {{ readonly within: string | null, readonly hours: number, readonly now: number, readonly onHours: (hours: number) => void }} frame
 */
export function driftView(episodes, { within, hours, now, onHours }) {
  const since = now - hours * 3_600_000;
  const here = episodes.filter(({ address }) => isIn(address, within));
  const ranges = el(
    'div',
    { class: 'ranges', role: 'group', 'aria-label': 'Look back' },
    ...RANGES.map(([length, words]) => {
      const button = el(
        'button',
        { type: 'button', class: 'quiet wide', 'aria-pressed': String(length === hours) },
        words,
      );
      button.addEventListener('click', () => onHours(length));
      return button;
    }),
  );
  const { lanes, hidden } = lanesOf(here, { since, now, most: MOST_LANES });
  if (lanes.length === 0)
    return el('div', {}, ranges, el('p', { class: 'empty' }, 'Nothing has drifted here in this time.'));
  const newest = here.toSorted((a, b) => (a.seenAt < b.seenAt ? 1 : -1));
  return el(
    'div',
    {},
    ranges,
    el(
      'div',
      { class: 'timeline' },
      axis(since, now),
      ...lanes.map(({ address, bars }) => el('div', { class: 'lane' }, laneName(address, within), lane(bars))),
    ),
    hidden === 0 ? null : el('p', { class: 'fine' }, `${hidden} more are in the list.`),
    longList(newest, 'episodes', (episode) => episodeView(episode, within, now)),
  );
}

/** @param {number} since @param {number} now */
function axis(since, now) {
  const drawn = el('div', { class: 'axis', 'aria-hidden': 'true' });
  for (const { share, label } of ticksOf(since, now)) {
    const tick = el('span', {}, label);
    tick.style.left = `${share * 100}%`;
    if (share < 0.95) drawn.append(tick);
  }
  return drawn;
}

/** What it is called comes first: where it is may be cut. @param {string} address @param {string | null} within */
function laneName(address, within) {
  const all = segmentsOf(address).map(({ key }) => key);
  const places = all.slice(within === null ? 0 : Math.min(segmentsOf(within).length, all.length - 1), -1).join(' / ');
  return el(
    'p',
    { title: all.join(' / ') },
    el('b', {}, el('bdi', {}, all.at(-1) ?? '')),
    el('span', {}, el('bdi', {}, places)),
  );
}

/** @param {readonly import('./timeline.js').Bar[]} bars */
function lane(bars) {
  const drawn = svg('svg', {
    class: 'bars',
    viewBox: '0 0 1000 10',
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  drawn.append(svg('line', { x1: 0, x2: 1000, y1: 5, y2: 5, class: 'thread' }));
  for (const { from, to, open, episode } of bars) {
    const width = Math.max(4, (to - from) * 1000);
    const x = Math.min(from * 1000, 1000 - width);
    const kind = open ? 'open' : episode.healedBy === null ? 'gone' : 'healed';
    drawn.append(svg('rect', { x, y: 1, width, height: 8, rx: 2, class: `bar ${kind}` }));
  }
  return drawn;
}

/** @param {Episode} episode @param {string | null} within @param {number} now */
function episodeView(episode, within, now) {
  const { seenAt, goneAt, healedBy } = episode;
  const length = span(((goneAt === null ? now : Date.parse(goneAt)) - Date.parse(seenAt)) / 1000);
  const became =
    goneAt === null ? 'still differs' : healedBy === null ? 'gone by itself' : `healed by ${visible(healedBy)}`;
  return el(
    'li',
    { class: 'episode', 'data-became': goneAt === null ? 'open' : healedBy === null ? 'gone' : 'healed' },
    el('p', { class: 'what' }, addressView(episode.address, within), el('span', { class: 'state' }, became)),
    el(
      'p',
      { class: 'how' },
      el(
        'time',
        {
          datetime: seenAt,
          title: segmentsOf(episode.address)
            .map(({ key }) => key)
            .join(' / '),
        },
        moment(seenAt, now),
      ),
      el('span', {}, `for ${length}`),
      el('span', { class: 'action', 'data-action': episode.action }, visible(episode.action)),
      ...episode.fields.map((field) => el('code', {}, visible(field))),
    ),
  );
}
