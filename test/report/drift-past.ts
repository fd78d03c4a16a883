import type { DriftPast } from '../../src/model/drift-past.ts';
import type { Drift, DriftItem } from '../../src/model/drift.ts';
import type { Episode } from '../../src/model/history.ts';
import { at, LARGE_DRIFT } from './examples.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** When the live side was read. */
export const READ_AT = Date.parse('2026-01-02T03:04:05Z');

function episode(
  address: string,
  seenAgo: number,
  goneAgo: number | null,
  healedBy: Episode['healedBy'] = null,
): Episode {
  return {
    address: at(address),
    kind: address.slice(address.lastIndexOf('/') + 1).split(':')[0] ?? '',
    action: 'update',
    reason: 'differs',
    fields: ['value'],
    origin: 'live',
    seenAt: READ_AT - seenAgo,
    run: 1,
    lastEqualAt: READ_AT - seenAgo - HOUR,
    goneAt: goneAgo === null ? null : READ_AT - goneAgo,
    healedBy,
    healedIn: null,
  };
}

/** Two weeks of a team with nine projects. */
export const PAST: DriftPast = {
  from: READ_AT - 14 * DAY,
  isCut: false,
  episodes: [
    episode('project:shop/deployment:production/env-var:LOG_LEVEL', 16 * HOUR, null),
    episode('project:docs', 18 * HOUR, null),
    ...Array.from({ length: 40 }, (_, i) =>
      episode(
        `project:${['shop', 'blog', 'docs', 'billing', 'support', 'search', 'mail%2Fout', 'cms', 'web'][i % 9] ?? ''}/deployment:production/env-var:V${i}`,
        (13.5 - (i * 13) / 40) * DAY,
        Math.max(1, (13.5 - (i * 13) / 40) * 24 - 6 - (i % 7) * 9) * HOUR,
        i % 3 === 0 ? 'elsewhere' : 'converge',
      ),
    ),
  ],
  lastEqual: new Map(),
};

const SINCE: readonly number[] = [20 * HOUR, 3 * DAY, 16 * HOUR, HOUR / 2, 9 * DAY];

/** Every movement and every actor, and since when where that is known. */
export const DRIFT_SINCE: Drift = {
  ...LARGE_DRIFT,
  readAt: READ_AT,
  items: LARGE_DRIFT.items.map((item, index): DriftItem => {
    const ago = SINCE[index];
    return ago === undefined ? item : { ...item, since: new Date(READ_AT - ago).toISOString().replace('.000Z', 'Z') };
  }),
};
