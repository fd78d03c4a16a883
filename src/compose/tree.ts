import { compareAddress, lastSegment, parentAddress, type Address } from '../model/address.ts';
import type { Kinds } from '../model/kinds.ts';
import { collectionPath } from '../model/observation.ts';
import type { ResourceCount, TreeNode } from '../model/watch-status.ts';

type Status = ResourceCount['status'];

export interface GrowingTree {
  add(address: Address, kind: string, status: Status): void;
  /** `read`: collections by their path, with the time. */
  nodes(read: ReadonlyMap<string, number>): readonly TreeNode[];
}

/**
 * The things that contain others, each with how it and its contents stand. A kind contains when another names it as its
 * parent; the rest are only counted, so that the tree grows with what contains and not with what is in it.
 */
export function growTree(kinds: Kinds): GrowingTree {
  const containers = new Set(kinds.all.map(({ parent }) => parent));
  /** Collections of what contains nothing itself, by the kind that they are in. */
  const leaves = new Map(
    [...containers].flatMap((kind) =>
      kind === null
        ? []
        : [
            [
              kind,
              kinds.childrenOf(kind).flatMap(({ name, collection }) => (containers.has(name) ? [] : [collection])),
            ] as const,
          ],
    ),
  );
  const found = new Map<Address, { status: Status | null; readonly counts: Partial<Record<Status, number>> }>();
  const at = (address: Address): { status: Status | null; readonly counts: Partial<Record<Status, number>> } => {
    const before = found.get(address);
    if (before !== undefined) return before;
    const node = { status: null, counts: {} };
    found.set(address, node);
    const parent = parentAddress(address);
    if (parent !== null) at(parent);
    return node;
  };
  return {
    add(address, kind, status) {
      if (containers.has(kind)) {
        at(address).status = status;
        return;
      }
      const parent = parentAddress(address);
      if (parent === null) return;
      const { counts } = at(parent);
      counts[status] = (counts[status] ?? 0) + 1;
    },
    nodes: (read) =>
      [...found]
        .map(([address, node]) => {
          const { kind } = lastSegment(address);
          const times = [
            collectionPath(parentAddress(address), kinds.named(kind).collection),
            ...(leaves.get(kind) ?? []).map((collection) => collectionPath(address, collection)),
          ].flatMap((path) => read.get(path) ?? []);
          return { address, kind, ...node, readAt: times.length === 0 ? null : Math.min(...times) };
        })
        .sort((a, b) => compareAddress(a.address, b.address)),
  };
}
