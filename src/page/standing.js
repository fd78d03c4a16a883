/**
 * @import { Change, Pulse, Standing, StatusDocument, Tally } from './documents.d.ts'
 */

/** What differs, the worst first. @type {readonly Standing[]} */
const DIFFERING = ['stalled', 'held', 'differs', 'healing', 'paused'];

/** The worst first. What nobody declared stays, and does not make what is around it worse. @type {readonly Standing[]} */
export const STANDINGS = [...DIFFERING, 'suspended', 'unknown', 'in-sync', 'unmanaged'];

/** @type {Readonly<Record<Standing, string>>} */
export const WORDS = {
  stalled: 'stalled',
  held: 'held',
  differs: 'differs',
  healing: 'healing',
  paused: 'paused',
  suspended: 'suspended',
  unknown: 'unknown',
  unmanaged: 'unmanaged',
  'in-sync': 'in sync',
};

/**
 * The word beside a number.
 * @param {Standing} standing
 * @param {number} count
 */
export function wordFor(standing, count) {
  return standing === 'differs' && count !== 1 ? 'differ' : WORDS[standing];
}

/**
 * How a difference stands. What nobody holds back is healed where healing is on: by this run or the next one.
 * @param {Pick<Change, 'held'>} change
 * @param {string} mode
 * @returns {Standing}
 */
export function standingOf({ held }, mode) {
  if (held === null || held === undefined) return mode === 'apply' ? 'healing' : 'differs';
  if (held.because === 'stalled') return 'stalled';
  if (held.because === 'suspended' || held.because === 'paused') return held.because;
  if (held.because === 'observed') return 'differs';
  return 'held';
}

/**
 * @param {Tally} tally
 * @returns {Standing | null} Null: there is nothing.
 */
export function worstOf(tally) {
  return STANDINGS.find((standing) => (tally[standing] ?? 0) > 0) ?? null;
}

/**
 * @param {Tally} sum
 * @param {Standing} standing
 * @param {number} count
 */
export function addTo(sum, standing, count) {
  if (count > 0) sum[standing] = (sum[standing] ?? 0) + count;
}

/**
 * The one word over everything, legible from across a room. Never `in sync` of what is old or could not be read (law J).
 * @param {{ readonly status: StatusDocument | null, readonly pulse: Pulse | null, readonly connected: boolean, readonly total: Tally }} known
 * @returns {{ readonly standing: Standing, readonly word: string }}
 */
export function headline({ status, pulse, connected, total }) {
  if (pulse === null || status === null) return { standing: 'unknown', word: 'Waiting' };
  if (!connected) return { standing: 'unknown', word: 'Unknown' };
  if (status.replica?.role === 'follower') return { standing: 'unknown', word: 'Standing by' };
  if (pulse.observedAt === null && status.lastRun === null) return { standing: 'unknown', word: 'First look' };
  if (pulse.sync === 'in-sync') return { standing: 'in-sync', word: 'In sync' };
  if (pulse.sync === 'suspended')
    return { standing: 'suspended', word: status.suspended?.team === true ? 'Suspended' : 'Partly suspended' };
  if (pulse.sync !== 'differs') {
    // Nobody knows, and somebody has to do something about it.
    if (!pulse.ready && status.lastRun?.result === 'invalid') return { standing: 'stalled', word: 'Invalid document' };
    if (!pulse.ready && status.lastRun?.result === 'failed') return { standing: 'stalled', word: 'Run failed' };
    return { standing: 'unknown', word: 'Unknown' };
  }
  const standing = DIFFERING.find((one) => (total[one] ?? 0) > 0) ?? 'differs';
  const count = DIFFERING.reduce((sum, one) => sum + (total[one] ?? 0), 0);
  if (count === 0) return { standing, word: 'Differs' };
  if (standing === 'healing') return { standing, word: 'Healing' };
  return { standing, word: count === 1 ? '1 differs' : `${count.toLocaleString('en')} differ` };
}
