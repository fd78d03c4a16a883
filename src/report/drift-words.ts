import type { DriftItem, MovedBy } from '../model/drift.ts';
import { sanitize } from './sanitize.ts';

/** Who moved it, or why nobody can be named. Sanitized. */
export function whoText({ by, unattributed }: Pick<DriftItem, 'by' | 'unattributed'>): string {
  return by === undefined ? `unattributed: ${sanitize(unattributed ?? 'nobody looked')}` : byText(by);
}

/** `by Ada (member 7), dashboard, 2026-11-21T11:00:00Z`. Sanitized. */
export function byText({ actor, id, name, via, at, ip }: MovedBy): string {
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

/** `; as declared until 2026-11-21T11:00:00Z`, where a history knows. Sanitized. */
export function sinceText({ since }: Pick<DriftItem, 'since'>): string {
  return since === undefined ? '' : `; as declared until ${sanitize(since)}`;
}
