import { ignoredBy } from '../model/ownership.ts';
import { addressOf, type Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Listed, Matching, ResourceKind } from '../model/kind.ts';
import { keyField } from '../model/kinds.ts';
import type { DesiredState, Spec } from '../model/resource.ts';

export interface Matched {
  /** As listed, with the key of the declared one that each is. */
  readonly items: readonly Listed[];
  readonly unmatched: readonly Diagnostic[];
}

/** Matches the members of one collection of the kind. */
export type MatchMembers = (parent: Address | null, items: readonly Listed[]) => Matched;

/**
 * Gives the members of collections the keys of the entries that they are, where the platform does not keep the
 * document's keys. What others own is no candidate (rule 4), and what a selector made has the key of a live one.
 */
export function matcherOf(kind: ResourceKind<Spec, never>, desired: DesiredState): MatchMembers {
  if (kind.match === undefined) return (_parent, items) => ({ items, unmatched: [] });
  const entries = Map.groupBy(
    desired.resources.filter((resource) => resource.kind === kind.name && resource.selector === null),
    ({ parent }) => parent,
  );
  const ignored = ignoredBy(desired.policies);
  return (parent, items) => {
    const declared = (entries.get(parent) ?? []).filter(({ absent }) => !absent);
    if (declared.length === 0) return { items, unmatched: [] };
    const candidates = items.filter(({ spec }) => !ignored(addressOf(parent, kind.name, kind.key(spec))));
    const { assigned, findings } = kind.match?.(declared, candidates) ?? NOTHING;
    const keys = new Map([...assigned].map(([key, id]) => [id, key]));
    return {
      items: items.map((item) => withKey(kind, item, keys.get(item.id))),
      unmatched: findings.flatMap(({ key, field: _field, ...finding }): readonly Diagnostic[] => {
        const resource = declared.find((one) => one.key === key);
        return resource === undefined ? [] : [{ ...finding, where: resource.where, address: resource.address }];
      }),
    };
  };
}

/**
 * Which of the members that were not there before has come into being for this spec, where the platform keeps no keys.
 * Null: none; a text: more than one could be it, and which.
 */
export function madeAmong(
  kind: ResourceKind<Spec, never>,
  spec: Spec,
  fresh: readonly Listed[],
): Listed | string | null {
  const key = kind.key(spec);
  const { assigned, findings } = kind.match?.([{ key, spec, atCreation: {} }], fresh) ?? NOTHING;
  const [finding] = findings;
  if (finding !== undefined) return finding.summary;
  const found = fresh.find(({ id }) => id === assigned.get(key));
  return found === undefined ? null : withKey(kind, found, key);
}

const NOTHING: Matching = { assigned: new Map(), findings: [] };

/** The listed one under a key that the document gives it. */
export function withKey(kind: ResourceKind<Spec, never>, item: Listed, key: string | undefined): Listed {
  return key === undefined ? item : { ...item, spec: { ...item.spec, [keyField(kind)]: key } };
}
