import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { AnyKind, Kinds } from '../model/kinds.ts';
import { parentAddress } from '../model/address.ts';
import { compareSpec } from './compare.ts';
import { bringsLive, type Draft } from './draft.ts';

export type Operation = 'create' | 'update' | 'delete' | 'batch';

/** One unit of work: a request (or a create with its follow-up), and the steps that must succeed first. */
export interface Step {
  readonly id: string;
  readonly kind: AnyKind;
  readonly operation: Operation;
  readonly parent: Address | null;
  /** One, or all changes of one parent's members for a kind that is written together. */
  readonly addresses: readonly Address[];
  readonly needs: readonly string[];
}

/**
 * The changes as steps. A replacement is two (delete, then create); what is written together is one per parent.
 * The order within the list is deterministic; `needs` alone says what waits for what.
 */
export function stepsOf(changes: readonly Change[], kinds: Kinds): readonly Step[] {
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
      const id = batchId(kind, parent);
      batches.set(id, [...(batches.get(id) ?? []), change]);
      continue;
    }
    const step = (operation: Operation): Omit<Step, 'needs'> => ({
      id: `${operation} ${change.address}`,
      kind,
      operation,
      parent,
      addresses: [change.address],
    });
    if (change.action === 'replace') {
      add(step('delete'), change.dependsOn);
      add(step('create'), change.dependsOn, [`delete ${change.address}`]);
    } else add(step(change.action), change.dependsOn);
  }
  for (const [id, members] of batches) {
    const [first] = members;
    if (first === undefined) continue;
    add(
      {
        id,
        kind: kinds.named(first.kind),
        operation: 'batch',
        parent: parentAddress(first.address),
        addresses: members.map(({ address }) => address),
      },
      members.flatMap(({ dependsOn }) => dependsOn),
    );
  }
  return drafts.map(({ after, own, ...step }) => ({
    ...step,
    needs: [...new Set([...own, ...after.flatMap((address) => stepsFor.get(address) ?? [])])].filter(
      (id) => id !== step.id,
    ),
  }));
}

function batchId(kind: AnyKind, parent: Address | null): string {
  return `batch ${parent ?? ''} ${kind.name}`;
}

/** Write requests that the drafts will cost when nothing goes wrong, and how many invalidate subscriptions. */
export function predictWrites(
  drafts: readonly Draft[],
  kinds: Kinds,
): { readonly writes: number; readonly invalidations: number } {
  let writes = 0;
  let invalidations = 0;
  const batches = new Set<string>();
  for (const draft of drafts) {
    const kind = kinds.named(draft.kind.name);
    if (kind.write.how === 'together') {
      const id = batchId(kind, parentAddress(draft.address));
      if (batches.has(id)) continue;
      batches.add(id);
      writes++;
      if (kind.write.invalidates === true) invalidations++;
    } else {
      writes += draft.action === 'replace' ? 2 : 1;
      if (bringsLive(draft) && needsFollowUp(draft)) writes++;
    }
  }
  return { writes, invalidations };
}

/** A create whose request cannot carry every field is followed by an update. */
function needsFollowUp({ kind, desired }: Draft): boolean {
  if (desired === null || kind.born === undefined) return false;
  const spec = { ...desired.atCreation, ...desired.spec };
  const { differences, comparable } = compareSpec(kind, spec, kind.born(spec));
  return differences.length > 0 || !comparable;
}
