/**
 * @import { Episode } from './documents.d.ts'
 */

/**
 * @typedef {object} Bar
 * @property {Episode} episode
 * @property {number} from In [0, 1].
 * @property {number} to In [0, 1], never before `from`.
 * @property {boolean} open It still differs.
 */

/**
 * Lanes of a picture from `since` to `now`: one for each address, what differed last on top.
 * @param {readonly Episode[]} episodes
 * @param {{ readonly since: number, readonly now: number, readonly most: number }} frame
 * @returns {{ readonly lanes: readonly { readonly address: string, readonly bars: readonly Bar[] }[], readonly hidden: number }} `hidden`: lanes beyond `most`.
 */
export function lanesOf(episodes, { since, now, most }) {
  /** @param {number} at */
  const share = (at) => Math.min(1, Math.max(0, (at - since) / Math.max(1, now - since)));
  /** @type {Map<string, { address: string, bars: Bar[], last: number }>} */
  const lanes = new Map();
  for (const episode of episodes) {
    const seen = Date.parse(episode.seenAt);
    const gone = episode.goneAt === null ? now : Date.parse(episode.goneAt);
    if (Number.isNaN(seen) || Number.isNaN(gone) || gone < since) continue;
    const lane = lanes.get(episode.address) ?? { address: episode.address, bars: [], last: 0 };
    lane.bars.push({
      episode,
      from: share(seen),
      to: Math.max(share(seen), share(gone)),
      open: episode.goneAt === null,
    });
    lane.last = Math.max(lane.last, gone);
    lanes.set(episode.address, lane);
  }
  const sorted = [...lanes.values()].sort((a, b) => b.last - a.last || (a.address < b.address ? -1 : 1));
  return { lanes: sorted.slice(0, most), hidden: Math.max(0, sorted.length - most) };
}

/**
 * Round points of time inside of the frame, with their words.
 * @param {number} since
 * @param {number} now
 * @returns {readonly { readonly share: number, readonly label: string }[]}
 */
export function ticksOf(since, now) {
  const hour = 3_600_000;
  const step = [hour, 4 * hour, 24 * hour, 120 * hour].find((one) => (now - since) / one <= 8) ?? 240 * hour;
  const ticks = [];
  const start = new Date(since);
  start.setMinutes(0, 0, 0);
  if (step >= 4 * hour) start.setHours(0);
  for (let at = start.getTime(); at <= now; at += step) {
    if (at < since) continue;
    const date = new Date(at);
    const label =
      step < 24 * hour
        ? date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
        : date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
    ticks.push({ share: (at - since) / (now - since), label });
  }
  return ticks;
}
