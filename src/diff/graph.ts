import { compareAddress, parentAddress, type Address } from '../model/address.ts';
import type { Change, ContainerCost } from '../model/change.ts';
import type { AnyKind, Kinds } from '../model/kinds.ts';
import type { DesiredResource } from '../model/resource.ts';
import { bringsLive, removesLive, type Draft } from './draft.ts';
import { followUpFields } from './follow-up.ts';

export type Operation = 'create' | 'update' | 'delete' | 'batch';

/** One unit of work: a request (or a create with its follow-up), and the steps that must succeed first. */
export interface Step {
  readonly id: string;
  readonly kind: AnyKind;
  readonly operation: Operation;
  readonly parent: Address | null;
  /** One, or all changes of one parent's members for a kind that is written together. */
  readonly addresses: readonly Address[];
  /** Declared absent in a container that is made in this run: they go if it turns out to be born with them (rule 24). */
  readonly unwanted: readonly Address[];
  readonly needs: readonly string[];
}

/**
 * The changes as steps. A replacement is two (delete, then create); what is written together is one per parent.
 * The order within the list is deterministic; `needs` alone says what waits for what.
 */
export function stepsOf(changes: readonly Change[], kinds: Kinds, desired: Iterable<DesiredResource>): readonly Step[] {
  const stepsFor = new Map<Address, string[]>();
  const drafts: (Omit<Step, 'needs'> & { readonly after: readonly Address[]; readonly own: readonly string[] })[] = [];
  const batches = new Map<string, Change[]>();
  const add = (step: Omit<Step, 'needs'>, after: readonly Address[], own: readonly string[] = []): void => {
    drafts.push({ ...step, after, own });
    for (const address of step.addresses) stepsFor.set(address, [...(stepsFor.get(address) ?? []), step.id]);
  };
  for (const change of changes) {
    const kind = kinds.named(change.kind);
    const parent = parentAddress(change.address);
    if (kind.write.how === 'together') {
      const id = batchId(kind, parent, change.action === 'delete');
      batches.set(id, [...(batches.get(id) ?? []), change]);
      continue;
    }
    const step = (operation: Operation): Omit<Step, 'needs'> => ({
      id: `${operation} ${change.address}`,
      kind,
      operation,
      parent,
      addresses: [change.address],
      unwanted: [],
    });
    if (change.action === 'replace') {
      add(step('delete'), change.dependsOn);
      add(step('create'), change.dependsOn, [`delete ${change.address}`]);
    } else add(step(change.action), change.dependsOn);
  }
  const unwanted = unwantedInNew(changes, kinds, desired);
  for (const id of new Set([...batches.keys(), ...unwanted.keys()])) {
    const members = batches.get(id) ?? [];
    const absent = unwanted.get(id) ?? [];
    const [first] = [...members, ...absent];
    if (first === undefined) continue;
    const parent = parentAddress(first.address);
    const kind = kinds.named(first.kind);
    add(
      {
        id,
        kind,
        operation: 'batch',
        parent,
        addresses: members.map(({ address }) => address),
        unwanted: absent.map(({ address }) => address),
      },
      [...members.flatMap(({ dependsOn }) => dependsOn), ...(absent.length > 0 && parent !== null ? [parent] : [])],
      // Where the two are apart, what is set goes before what is removed.
      [batchId(kind, parent, false)].filter((other) => other !== id && batches.has(other)),
    );
  }
  return drafts.map(({ after, own, ...step }) => ({
    ...step,
    needs: [...new Set([...own, ...after.flatMap((address) => stepsFor.get(address) ?? [])])].filter(
      (id) => id !== step.id,
    ),
  }));
}

/** By batch: what is declared absent in containers that these changes make. */
function unwantedInNew(
  changes: readonly Change[],
  kinds: Kinds,
  desired: Iterable<DesiredResource>,
): ReadonlyMap<string, readonly DesiredResource[]> {
  const made = new Set<Address | null>(
    changes.filter(({ action }) => action === 'create' || action === 'replace').map(({ address }) => address),
  );
  const found = new Map<string, DesiredResource[]>();
  for (const resource of desired) {
    const kind = kinds.named(resource.kind);
    if (!resource.absent || kind.seeded !== true || !made.has(resource.parent)) continue;
    const id = batchId(kind, resource.parent, true);
    const group = found.get(id);
    if (group === undefined) found.set(id, [resource]);
    else group.push(resource);
  }
  return found;
}

/** The request that a change of a member is part of: one for all, or one for what is set and one for what is removed. */
function batchId(kind: AnyKind, parent: Address | null, removes: boolean): string {
  const apart = removes && kind.write.how === 'together' && kind.write.apart === true;
  return `batch ${parent ?? ''} ${kind.name}${apart ? ' removals' : ''}`;
}

/** Write requests that the drafts will cost when nothing goes wrong, and how many invalidate subscriptions. */
export function predictWrites(
  drafts: readonly Draft[],
  kinds: Kinds,
): { readonly writes: number; readonly invalidations: number; readonly containers: readonly ContainerCost[] } {
  const costs = new Map<Address, { writes: number; invalidations: number }>();
  const add = (kind: AnyKind, { address }: Draft, requests: number): void => {
    if (requests === 0) return;
    // What contains things is written as itself, what is contained in its container.
    const container = kinds.childrenOf(kind.name).length > 0 ? address : (parentAddress(address) ?? address);
    const cost = costs.get(container) ?? { writes: 0, invalidations: 0 };
    cost.writes += requests;
    if (kind.write.invalidates === true) cost.invalidations += requests;
    costs.set(container, cost);
  };
  const batches = new Set<string>();
  for (const draft of drafts) {
    const kind = kinds.named(draft.kind.name);
    if (kind.write.how === 'together') {
      const id = batchId(kind, parentAddress(draft.address), draft.action === 'delete');
      if (batches.has(id)) continue;
      batches.add(id);
      add(kind, draft, 1);
    } else {
      // Without a request that updates, nothing follows: it is refused (rule 33).
      const updates =
        kind.write.update !== undefined && (draft.action === 'update' || followUpFields(draft).length > 0);
      add(kind, draft, (bringsLive(draft) ? 1 : 0) + (removesLive(draft) ? 1 : 0) + (updates ? 1 : 0));
    }
  }
  const containers = [...costs].map(([address, cost]): ContainerCost => ({ address, ...cost }));
  return {
    writes: containers.reduce((sum, cost) => sum + cost.writes, 0),
    invalidations: containers.reduce((sum, cost) => sum + cost.invalidations, 0),
    containers: containers.sort((a, b) => compareAddress(a.address, b.address)),
  };
}
