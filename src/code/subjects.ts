import type { Address } from '../model/address.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { Place } from '../model/place.ts';
import type { DesiredState, Spec } from '../model/resource.ts';

/** What holds members of the kind that code reads: a declared thing, or whatever a selector matches. */
export interface Subject {
  /** An address, or a selector as plans name it. */
  readonly name: string;
  readonly address: Address | null;
  readonly where: Place;
  readonly members: ReadonlyMap<string, SubjectMember>;
  readonly coverage: Coverage;
}

export interface SubjectMember {
  readonly address: Address | null;
  readonly spec: Spec;
  readonly absent: boolean;
  readonly where: Place;
}

/** What follows for a name that is not among the members. */
export type Coverage =
  /** It may be live; the document does not ask for it. */
  | 'kept'
  /** It is removed where it is live. */
  | 'pruned'
  /** The document does not manage them. */
  | 'unmanaged'
  /** A source of many, which is not read offline, may have it. */
  | 'incomplete'
  /** What the selector matches may have it already. */
  | 'elsewhere';

/** All of them, declared ones by address, then selectors by strength. */
export function subjectsOf(desired: DesiredState, kind: AnyKind): readonly Subject[] {
  const byParent = Map.groupBy(
    desired.resources.filter((resource) => resource.kind === kind.name),
    ({ parent }) => parent,
  );
  const declared = desired.resources
    .filter((resource) => resource.kind === kind.parent)
    .map(({ address, where }): Subject => {
      const collection = desired.collections.find((one) => one.kind === kind.name && one.parent === address);
      const members = (byParent.get(address) ?? []).map((one) => [one.key, one] as const);
      return {
        name: address,
        address,
        where: collection?.where ?? where,
        members: new Map(members),
        coverage:
          collection === undefined
            ? 'unmanaged'
            : collection.incomplete
              ? 'incomplete'
              : collection.prune
                ? 'pruned'
                : 'kept',
      };
    });
  const selected = desired.selectors
    .filter((selector) => selector.kind === kind.parent)
    .flatMap(({ name, collections }) =>
      collections
        .filter((collection) => collection.kind === kind.name)
        .map(({ members, prune, incomplete, where }): Subject => ({
          name,
          address: null,
          where,
          members: new Map(members.map((one) => [one.key, { ...one, address: null }])),
          coverage: incomplete ? 'incomplete' : prune === true ? 'pruned' : 'elsewhere',
        })),
    );
  return [...declared, ...selected];
}
