import type { Address } from '../model/address.ts';
import { ignoreMatcher } from '../model/ignore-rule.ts';
import type { AnyKind, Kinds } from '../model/kinds.ts';
import { ignoredBy } from '../model/ownership.ts';
import type { DesiredResource, DesiredState, Spec } from '../model/resource.ts';
import { chainOf, specsAround, type FinalContainer, type FinalMember, type FinalState } from './final-state.ts';
import { tellingApart, type ToldApart } from './told-apart.ts';

/** What a document says by itself of members and their containers; beyond that everything may be. */
export function declaredState(
  kind: AnyKind,
  { resources, policies, ignores = [] }: Pick<DesiredState, 'resources' | 'policies' | 'ignores'>,
  kinds: Kinds,
): FinalState {
  const chain = chainOf(kind, kinds);
  const ignored = ignoredBy(policies);
  const partly = ignores.filter(({ fields }) => fields.length > 0).map(ignoreMatcher);
  const known = resources.filter(({ address }) => !ignored(address));
  const byAddress = new Map(known.map((resource) => [resource.address, resource]));
  const told = tellingApart(kind);
  const inside = Map.groupBy(
    known.filter((resource) => resource.kind === kind.name),
    ({ parent }) => parent,
  );
  const containers = known.filter((resource) => resource.kind === kind.parent && !resource.absent);
  return {
    kind,
    containers: containers
      .map(({ address, parent }): FinalContainer => {
        const own = inside.get(address) ?? [];
        return {
          address,
          group: parent,
          specs: specsAround(address, chain, (at) => specOf(byAddress.get(at))),
          isLive: false,
          isManaged: true,
          members: new Map(
            own.filter(({ absent }) => !absent).map((one) => [one.key, memberOf(one, { told, partly })]),
          ),
          gone: new Set(own.filter(({ absent }) => absent).map(({ key }) => key)),
          unseen: 'offline',
        };
      })
      .sort((a, b) => (a.address < b.address ? -1 : 1)),
    unlisted: [],
  };
}

function specOf(resource: DesiredResource | undefined): DesiredResource['spec'] | undefined {
  return resource === undefined ? undefined : { ...resource.atCreation, ...resource.spec };
}

/** A field that a rule leaves as it is may have any value. */
function memberOf(
  { address, spec, where }: DesiredResource,
  {
    told,
    partly,
  }: { readonly told: (spec: Spec) => ToldApart; readonly partly: readonly ((address: Address) => boolean)[] },
): FinalMember {
  const isLeft = partly.some((matches) => matches(address));
  return { address, value: isLeft ? 'unresolved' : told(spec), isDeclared: true, where };
}
