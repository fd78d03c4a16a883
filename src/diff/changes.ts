import { addressOf, compareAddress, parentAddress, type Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { keyField, type AnyKind } from '../model/kinds.ts';
import { collectionPath } from '../model/observation.ts';
import type { DesiredResource, LiveResource, ManagedCollection, Spec } from '../model/resource.ts';
import { fieldsWith } from '../model/schema.ts';
import { compareSpec } from './compare.ts';
import type { Draft } from './draft.ts';
import type { PlanInput } from './input.ts';
import { ignoredBy } from '../model/ownership.ts';

/** What comparing both sides gave, before claims, guards and scope look at it. */
export interface Compared {
  readonly drafts: ReadonlyMap<Address, Draft>;
  /** Declared and live as declared. */
  readonly unchanged: readonly Address[];
  /** Live in a managed collection, not declared, and kept (rule 2). */
  readonly unmanaged: readonly Address[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compares every declared resource with the live one at its address, and every managed collection with its
 * declarations. Nothing is said of what lies under an unreadable collection (law A) or is ignored (rule 4).
 */
export function compareStates(input: PlanInput): Compared {
  const { desired, observation, kinds } = input;
  const ignored = ignoredBy(desired.policies);
  const unreadable = new Set(observation.unreadable.map(({ collection }) => collection));
  const drafts = new Map<Address, Draft>();
  const unchanged: Address[] = [];
  const diagnostics: Diagnostic[] = [];
  /** Declared resources about which nothing can be said, nor about what they contain. */
  const silent = new Set<Address>();
  const unmatched = new Set((observation.unmatched ?? []).map((found) => found.address));
  diagnostics.push(
    ...(observation.unmatched ?? []).filter((found) => found.address === undefined || !ignored(found.address)),
  );

  // Parents stand before their contents: an address is a prefix of what it contains.
  for (const resource of [...desired.resources].sort((a, b) => compareAddress(a.address, b.address))) {
    const kind = kinds.named(resource.kind);
    const { address, parent } = resource;
    if (
      ignored(address) ||
      unmatched.has(address) ||
      (parent !== null && silent.has(parent)) ||
      unreadable.has(collectionPath(parent, kind.collection))
    ) {
      silent.add(address);
      continue;
    }
    // What a selector matched a moment ago is governed while it is there, and nobody's loss when it goes (rule 23).
    if (resource.selected === true && !observation.live.has(address)) {
      const looked = observation.read.has(collectionPath(parent, kind.collection));
      if (!looked && !unreadable.has(kind.collection)) throw new Error(`${address} was not looked for`);
      silent.add(address);
      continue;
    }
    const container = parent === null ? undefined : drafts.get(parent);
    const recreated = container?.action === 'replace';
    const live = recreated ? null : (observation.live.get(address) ?? null);
    const base = { address, kind, desired: resource, differences: [], comparable: true } as const;
    if (resource.absent || (!recreated && asksForDefault(kind, resource, observation.live))) {
      if (live === null) unchanged.push(address);
      else drafts.set(address, { ...base, action: 'delete', reason: 'declared-absent', live });
    } else if (live === null) {
      if (kind.expired?.(resource.spec, input.now) === true) {
        silent.add(address);
        diagnostics.push(expiredNote(resource));
        continue;
      }
      diagnostics.push(...missingToCreate(resource, fieldsWith(kind.schema, 'requiredToCreate')));
      drafts.set(address, { ...base, action: 'create', reason: recreated ? 'recreated' : 'absent', live: null });
    } else {
      diagnostics.push(...renameNotes(resource, live, observation.live));
      const { differences, comparable } = compareSpec(kind, resource.spec, live.spec);
      if (!comparable) diagnostics.push(incomparable(resource));
      if (differences.length === 0) unchanged.push(address);
      else {
        const replaces =
          kind.write.how === 'singly' &&
          (differences.some(({ immutable }) => immutable) ||
            (kind.write.update === undefined && !differences.every(({ fixed }) => fixed)));
        if (replaces) {
          const remade = carryingOver(resource, live, kind);
          diagnostics.push(...missingToCreate(remade, fieldsWith(kind.schema, 'requiredToCreate')));
          drafts.set(address, {
            ...base,
            desired: remade,
            action: 'replace',
            reason: 'differs',
            live,
            differences,
            comparable,
          });
        } else drafts.set(address, { ...base, action: 'update', reason: 'differs', live, differences, comparable });
      }
    }
  }

  const declared = new Set(desired.resources.map(({ address }) => address));
  /** What lives beside an unmatched entry may be that entry: it is not undeclared. */
  const unsure = new Set(desired.resources.flatMap(({ address, parent }) => (unmatched.has(address) ? [parent] : [])));
  const unmanaged: Address[] = [];
  const collections = new Map(desired.collections.map((collection) => [pathOf(input, collection), collection]));
  for (const live of observation.live.values()) {
    if (declared.has(live.address) || ignored(live.address)) continue;
    const kind = kinds.named(live.kind);
    const collection = collections.get(collectionPath(live.parent, kind.collection));
    if (
      collection === undefined ||
      collection.incomplete ||
      unsure.has(live.parent) ||
      hasRemovedAncestor(live.address, drafts)
    )
      continue;
    const deletable = kind.write.how === 'together' || kind.write.delete !== undefined;
    if (collection.prune && kind.prunable === true && deletable)
      drafts.set(live.address, {
        address: live.address,
        kind,
        action: 'delete',
        reason: 'undeclared',
        desired: null,
        live,
        differences: [],
        comparable: true,
        ...(collection.selector === undefined ? {} : { selector: collection.selector }),
      });
    else unmanaged.push(live.address);
  }
  return { drafts, unchanged, unmanaged: unmanaged.sort(compareAddress), diagnostics };
}

/** Asking for the platform's default is asking for nothing to be there (rule 32). */
function asksForDefault(
  kind: AnyKind,
  { parent, spec }: DesiredResource,
  live: ReadonlyMap<Address, LiveResource>,
): boolean {
  const container = parent === null ? undefined : live.get(parent);
  return container !== undefined && kind.isDefault?.(spec, container) === true;
}

/**
 * A replacement keeps what the entry does not mention: such fields are not managed, so they do not change (rule 1).
 * What neither a create nor an update can carry is as the platform makes it.
 */
function carryingOver(resource: DesiredResource, live: LiveResource, kind: AnyKind): DesiredResource {
  const updatable = kind.write.how === 'singly' && kind.write.update !== undefined;
  const kept: Spec = updatable ? live.spec : (kind.born?.(live.spec) ?? live.spec);
  const { [keyField(kind)]: _own, ...carried } = kept;
  return { ...resource, atCreation: { ...resource.atCreation, ...carried } };
}

/** The name of a managed collection, as observations and plans write it. */
export function pathOf(input: Pick<PlanInput, 'kinds'>, collection: ManagedCollection): string {
  return collectionPath(collection.parent, input.kinds.named(collection.kind).collection);
}

/** What is inside something that goes is listed as taken with it, not as a change of its own. */
function hasRemovedAncestor(address: Address, drafts: ReadonlyMap<Address, Draft>): boolean {
  for (let at = parentAddress(address); at !== null; at = parentAddress(at)) {
    const draft = drafts.get(at);
    if (draft !== undefined && (draft.action === 'delete' || draft.action === 'replace')) return true;
  }
  return false;
}

function renameNotes(
  resource: DesiredResource,
  live: LiveResource,
  all: ReadonlyMap<Address, LiveResource>,
): readonly Diagnostic[] {
  if (resource.renamedFrom === null || live.key !== resource.key) return [];
  const old = all.get(addressOf(resource.parent, resource.kind, resource.renamedFrom));
  const place = { where: resource.where, address: resource.address };
  return [
    old === undefined
      ? {
          severity: 'note',
          code: 'CVG503',
          summary: `${resource.address} is renamed already: nothing is called ${JSON.stringify(resource.renamedFrom)} any more`,
          hint: 'Remove the `renamedFrom` line.',
          ...place,
        }
      : {
          severity: 'error',
          code: 'CVG504',
          summary: `both ${JSON.stringify(resource.key)} and its old name ${JSON.stringify(resource.renamedFrom)} are live, so ${resource.address} cannot be a rename`,
          hint: 'Remove the `renamedFrom` line, or delete or rename one of the two on the platform first.',
          ...place,
        },
  ];
}

function missingToCreate(resource: DesiredResource, required: readonly string[]): readonly Diagnostic[] {
  const whole: Spec = { ...resource.atCreation, ...resource.spec };
  return required
    .filter((field) => whole[field] === undefined)
    .map((field) => ({
      severity: 'error',
      code: 'CVG506',
      summary: `${resource.address} does not exist yet, and to create it \`${field}\` is needed`,
      hint: `Add \`${field}\` to this entry.`,
      where: resource.where,
      address: resource.address,
    }));
}

function expiredNote(resource: DesiredResource): Diagnostic {
  return {
    severity: 'warning',
    code: 'CVG507',
    summary: `${resource.address} has expired and is not created again`,
    hint: 'Remove the entry, or give it a later expiry.',
    where: resource.where,
    address: resource.address,
  };
}

function incomparable(resource: DesiredResource): Diagnostic {
  return {
    severity: 'warning',
    code: 'CVG513',
    summary: `the platform withholds a value of ${resource.address}, so it cannot be compared and is left as it is`,
    where: resource.where,
    address: resource.address,
  };
}
