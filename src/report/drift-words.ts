import type { DriftItem } from '../model/drift.ts';
import { sanitize } from './sanitize.ts';

/** Who moved it, or why nobody can be named: `by Ada (member 7), dashboard, 2026-11-21T11:00:00Z`. Sanitized. */
export function whoText({ by, unattributed }: Pick<DriftItem, 'by' | 'unattributed'>): string {
  if (by === undefined) return `unattributed: ${sanitize(unattributed ?? 'nobody looked')}`;
  const { actor, id, name, via, at, ip } = by;
  const numbered = id === undefined ? actor : `${actor} ${id}`;
  const who =
    actor === 'converge'
      ? 'converge itself'
      : actor === 'system'
        ? 'the platform'
        : name === undefined
          ? numbered
          : `${name} (${numbered})`;
  return sanitize(
    ['by ' + who, ...(via === undefined ? [] : [via]), at, ...(ip === undefined ? [] : [`from ${ip}`])].join(', '),
  );
}
