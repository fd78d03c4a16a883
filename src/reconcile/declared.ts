import { addressOf, type Address } from '../model/address.ts';
import type { DesiredResource, DesiredState } from '../model/resource.ts';

/** Declared resources by kind and parent: address by key, and by former key. */
export interface Declared {
  readonly addresses: ReadonlySet<Address>;
  readonly renames: ReadonlyMap<string, DesiredResource>;
  /** What a selector matched. */
  readonly selected: ReadonlySet<Address>;
}

export function indexDesired(desired: DesiredState): Declared {
  const renames = desired.resources.flatMap((resource) =>
    resource.renamedFrom === null
      ? []
      : [[addressOf(resource.parent, resource.kind, resource.renamedFrom), resource] as const],
  );
  const selected = desired.resources.filter((resource) => resource.selected === true);
  return {
    addresses: new Set(desired.resources.map(({ address }) => address)),
    renames: new Map(renames),
    selected: new Set(selected.map(({ address }) => address)),
  };
}
