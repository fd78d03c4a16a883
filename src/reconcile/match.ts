import { ignoredBy } from '../model/ownership.ts';
import { addressOf, type Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Listed, ResourceKind } from '../model/kind.ts';
import { keyField } from '../model/kinds.ts';
import type { DesiredState, Spec } from '../model/resource.ts';

export interface Matched {
  /** As listed, with the key of the declared one that each is. */
  readonly items: readonly Listed[];
  readonly unmatched: readonly Diagnostic[];
}

/**
 * Gives the members of one collection the keys of the entries that they are, where the platform does not keep the
 * document's keys. What others own is no candidate (rule 4), and entries that a selector made have keys of live ones.
 */
export function matchMembers(
  kind: ResourceKind<Spec, never>,
  { parent, items }: { readonly parent: Address | null; readonly items: readonly Listed[] },
  desired: DesiredState,
): Matched {
  if (kind.match === undefined) return { items, unmatched: [] };
  const declared = desired.resources.filter(
    (resource) =>
      resource.kind === kind.name && resource.parent === parent && resource.selector === null && !resource.absent,
  );
  const ignored = ignoredBy(desired.policies);
  const candidates = items.filter(({ spec }) => !ignored(addressOf(parent, kind.name, kind.key(spec))));
  const { assigned, findings } = kind.match(declared, candidates);
  const keys = new Map([...assigned].map(([key, id]) => [id, key]));
  const byKey = new Map(declared.map((resource) => [resource.key, resource]));
  return {
    items: items.map((item) => withKey(kind, item, keys.get(item.id))),
    unmatched: findings.flatMap(({ key, field: _field, ...finding }): readonly Diagnostic[] => {
      const resource = byKey.get(key);
      return resource === undefined ? [] : [{ ...finding, where: resource.where, address: resource.address }];
    }),
  };
}

/** The listed one under a key that the document gives it. */
export function withKey(kind: ResourceKind<Spec, never>, item: Listed, key: string | undefined): Listed {
  return key === undefined ? item : { ...item, spec: { ...item.spec, [keyField(kind)]: key } };
}
