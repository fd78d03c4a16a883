import type { Drift, DriftItem, MovedBy } from '../model/drift.ts';
import { diagnosticsJson, placeJson } from './diagnostic-json.ts';
import {
  compareText,
  coverageJson,
  ignoredJson,
  scopeJson,
  sorted,
  targetJson,
  unreadableJson,
  type DocumentMeta,
} from './envelope-json.ts';
import { FORMAT_VERSIONS } from './format-version.ts';

/** The report of `drift` as JSON data: only documented keys in their order, lists sorted, no value. */
export function driftDocument(drift: Drift, meta: DocumentMeta) {
  const { requests } = drift;
  return {
    kind: 'drift' as const,
    formatVersion: FORMAT_VERSIONS.drift,
    tool: meta.tool,
    createdAt: meta.createdAt,
    target: targetJson(drift.target),
    scope: scopeJson(drift.scope),
    items: drift.items.map(itemJson).sort((a, b) => compareText(a.address, b.address)),
    coverage: coverageJson(drift.coverage),
    unmanaged: sorted(drift.unmanaged),
    ...ignoredJson(drift.ignored),
    unreadable: unreadableJson(drift.unreadable),
    diagnostics: diagnosticsJson(drift.diagnostics, 'content'),
    requests: { read: requests.read, logs: requests.logs },
  };
}

function itemJson({ address, moved, fields, severity, where, since, by, unattributed }: DriftItem) {
  return {
    address,
    moved,
    fields: sorted(fields),
    severity,
    ...(where === null ? {} : { where: placeJson(where) }),
    ...(since === undefined ? {} : { since }),
    ...(by === undefined ? {} : { by: byJson(by) }),
    ...(unattributed === undefined ? {} : { unattributed }),
  };
}

export function byJson({ actor, id, name, via, at, ip }: MovedBy): MovedBy {
  return {
    actor,
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(via === undefined ? {} : { via }),
    at,
    ...(ip === undefined ? {} : { ip }),
  };
}
