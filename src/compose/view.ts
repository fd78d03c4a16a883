import { lastSegment, type Address } from '../model/address.ts';
import { kindsOf } from '../model/kinds.ts';
import { collectionPath } from '../model/observation.ts';
import type { Plan } from '../model/change.ts';
import type { Difference } from '../model/history.ts';
import type { ResourceCount, View, WatchMode } from '../model/watch-status.ts';
import { governed } from './governed.ts';
import { growTree } from './tree.ts';
import type { World } from './world.ts';

/** What a reading showed, as plain data that may be kept: no value, no handle. */
export function viewOf({ desired, observation, made, provider, windows }: World, mode: WatchMode): View {
  const { plan, suspended, isSuspended } = governed({ desired, made }, mode);
  const kinds = kindsOf(provider.kinds);
  const declared = new Map(desired.resources.map((resource) => [resource.address, resource]));
  const changed = new Set<Address>(plan.changes.map(({ address }) => address));
  const counts = new Map<string, ResourceCount>();
  const tree = growTree(kinds);
  const add = (address: Address, kind: string, status: ResourceCount['status']): void => {
    tree.add(address, kind, status);
    const key = `${kind} ${status}`;
    counts.set(key, { kind, status, count: (counts.get(key)?.count ?? 0) + 1 });
  };
  const isRead = (parent: Address | null, kind: string): boolean =>
    observation.read.has(collectionPath(parent, kinds.named(kind).collection));
  const equal = new Set<Address>();
  for (const { address, kind, parent, absent } of desired.resources) {
    if (isSuspended(address)) add(address, kind, 'suspended');
    else if (changed.has(address)) add(address, kind, 'differs');
    else if (isRead(parent, kind)) {
      add(address, kind, 'in-sync');
      equal.add(address);
    }
    // Inside of what is not there, and need not be, there is nothing to know.
    else if (!absent && !isKnownAbsent(parent)) add(address, kind, 'unknown');
  }
  for (const { address, kind } of plan.changes) if (!declared.has(address)) add(address, kind, 'differs');
  for (const address of plan.unmanaged) add(address, lastSegment(address).kind, 'unmanaged');
  return {
    observedAt: observation.at,
    plan,
    ...(suspended === null ? {} : { suspended }),
    ...(windows.length === 0 ? {} : { windows }),
    resources: [...counts.values()].sort((a, b) => (`${a.kind} ${a.status}` < `${b.kind} ${b.status}` ? -1 : 1)),
    equal,
    tree: tree.nodes(observation.read),
  };

  function isKnownAbsent(container: Address | null): boolean {
    if (container === null || observation.live.has(container)) return false;
    const resource = declared.get(container);
    return resource !== undefined && (isRead(resource.parent, resource.kind) || isKnownAbsent(resource.parent));
  }
}

/** What a plan says differs, without any value. */
export function differencesOf({ changes }: Pick<Plan, 'changes'>): readonly Difference[] {
  return changes.map(({ address, kind, action, reason, fields }) => ({
    address,
    kind,
    action,
    reason,
    fields: fields.map(({ field }) => field),
  }));
}
