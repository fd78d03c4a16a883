import type { KindCoverage } from '../model/coverage.ts';
import type { AdvisedRecord } from '../model/advised-record.ts';
import type { CoverageDocument, IgnoredDocument, PausedDocument } from '../model/plan-document.ts';
import type { IgnoredThings, PausedChanges, Plan, Refusal, Scope, Unreadable, Unsettled } from '../model/change.ts';
import { placeJson } from './diagnostic-json.ts';
import type { Target } from '../model/target.ts';

/** What a document says about its own making. */
export interface DocumentMeta {
  /** This tool's version. */
  readonly tool: string;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
}

export function targetJson({ apiUrl, dialect, teamId, teamSlug }: Target): Target {
  return { apiUrl, dialect, teamId, teamSlug };
}

/** As given: the order of globs is the user's. */
export function scopeJson({ target, exclude }: Scope): Scope {
  return { target: [...target], exclude: [...exclude] };
}

export function refusalsJson(refusals: readonly Refusal[]): readonly Refusal[] {
  return refusals
    .map(({ rule, addresses, message, override }) => ({ rule, addresses: sorted(addresses), message, override }))
    .sort(
      (a, b) =>
        compareText(a.rule, b.rule) ||
        compareText(a.addresses[0] ?? '', b.addresses[0] ?? '') ||
        compareText(a.message, b.message),
    );
}

export function unreadableJson(unreadable: Plan['unreadable']): readonly Unreadable[] {
  return unreadable
    .map(({ collection, error }) => ({ collection, error: { code: error.code, message: error.message } }))
    .sort((a, b) => compareText(a.collection, b.collection));
}

/** Only where there are some: most documents have none. */
export function unsettledJson(unsettled: readonly Unsettled[] = []): { readonly unsettled?: readonly Unsettled[] } {
  if (unsettled.length === 0) return {};
  const items = unsettled.map(({ address, because, records }) => ({ address, because, records: recordsJson(records) }));
  return { unsettled: items.sort((a, b) => compareText(a.address, b.address)) };
}

/** Only where there are some. */
export function pausedJson(paused: readonly PausedChanges[] = []): { readonly paused?: readonly PausedDocument[] } {
  if (paused.length === 0) return {};
  const items = paused.map(({ address, owner, reason, expires, held, where }) => ({
    address,
    owner,
    reason,
    expires,
    held: sorted(held),
    ...(where === null ? {} : { where: placeJson(where) }),
  }));
  return { paused: items };
}

/** Only where there are some. */
export function ignoredJson(ignored: readonly IgnoredThings[] = []): { readonly ignored?: readonly IgnoredDocument[] } {
  if (ignored.length === 0) return {};
  const items = ignored.map(({ address, fields, reason, expires, things, differing, where }) => ({
    address,
    fields: sorted(fields),
    reason,
    expires,
    things: sorted(things),
    differing: sorted(differing),
    ...(where === null ? {} : { where: placeJson(where) }),
  }));
  return { ignored: items };
}

/** By kind. */
export function coverageJson(coverage: readonly KindCoverage[]): CoverageDocument {
  return Object.fromEntries(
    coverage.map(({ kind, declared, live, unmanaged }) => [kind, { declared, live, unmanaged }]),
  );
}

export function recordsJson(records: readonly AdvisedRecord[]): readonly AdvisedRecord[] {
  return records.map(({ type, name, value, why }) => ({ type, name, value, why }));
}

export function sorted<T extends string>(texts: readonly T[]): readonly T[] {
  return [...texts].sort(compareText);
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
