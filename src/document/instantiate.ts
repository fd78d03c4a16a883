import { addressOf, compareAddress, parentAddress, type Address } from '../model/address.ts';
import { sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import { keyField, type Kinds } from '../model/kinds.ts';
import { ignoredBy } from '../model/ownership.ts';
import type { ModeScope } from '../model/mode.ts';
import type { DesiredResource, DesiredState, LiveResource, ManagedCollection } from '../model/resource.ts';
import { selects } from '../model/selection.ts';
import type { Selector } from '../model/selector.ts';
import { layerSelectors, type Disagreement } from './layer-selectors.ts';

export interface Instantiated {
  readonly desired: DesiredState;
  /** Selectors that match nothing, and files that disagree. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The desired state with its selectors acted on: a pure function of the document and of what is live (rule 27). What a
 * selector matches becomes a `selected` resource, and so does what contains it, so that nothing prunes it (rule 3);
 * what the selectors ask of it stands beside the entries' resources, under the name of its selector. `inventory` is all
 * that was listed; `whole` false: some of it could not be, so "matches nothing" is not said.
 */
export function instantiate(
  desired: DesiredState,
  inventory: ReadonlyMap<Address, LiveResource>,
  { kinds, whole }: { readonly kinds: Kinds; readonly whole: boolean },
): Instantiated {
  if (desired.selectors.length === 0) return { desired, diagnostics: [] };
  const disagreements: DisagreementOf[] = [];
  const chosen = choose(desired, inventory);
  const resources: DesiredResource[] = [];
  const collections: ManagedCollection[] = [];
  const modes: ModeScope[] = [];
  const declared = new Set(desired.resources.map(({ address }) => address));
  for (const [address, selectors] of chosen) {
    const live = inventory.get(address);
    const [first] = selectors;
    if (live === undefined || first === undefined) continue;
    const key = keyField(kinds.named(live.kind));
    const layer = layerSelectors(selectors);
    if (layer.mode !== null) modes.push({ within: address, ...layer.mode });
    for (const found of layer.disagreements) disagreements.push({ address, ...found });
    resources.push({
      ...PLAIN,
      ...governing(layer.fieldsFrom ?? first),
      address,
      kind: live.kind,
      key: live.key,
      parent: live.parent,
      spec: { ...layer.spec, [key]: live.spec[key] },
      visible: false,
      selected: true,
    });
    for (const { collection, members } of layer.collections) {
      collections.push({ ...collection, parent: address });
      for (const { member, selector } of members) {
        resources.push({
          ...PLAIN,
          ...governing(selector),
          address: addressOf(address, collection.kind, member.key),
          kind: collection.kind,
          key: member.key,
          parent: address,
          spec: member.spec,
          absent: member.absent,
          visible: member.visible,
          where: member.where,
        });
      }
    }
    for (let at = live.parent; at !== null && !declared.has(at) && !chosen.has(at); at = parentAddress(at)) {
      const container = inventory.get(at);
      if (container === undefined) break;
      declared.add(at);
      resources.push(containerOf(container, first, kinds));
    }
  }
  const diagnostics = [...disagreed(disagreements), ...(whole ? idle(desired.selectors, chosen) : [])];
  return {
    desired: {
      ...desired,
      resources: [...desired.resources, ...resources].sort((a, b) => compareAddress(a.address, b.address)),
      collections: [...desired.collections, ...collections].sort(
        (a, b) => compareText(a.parent ?? '', b.parent ?? '') || compareText(a.kind, b.kind),
      ),
      modes: [...desired.modes, ...modes],
    },
    diagnostics: sortDiagnostics(diagnostics),
  };
}

const PLAIN = { atCreation: {}, absent: false, renamedFrom: null, protect: null } as const;

function governing(selector: Selector): Pick<DesiredResource, 'selector' | 'where'> {
  return { selector: selector.name, where: selector.where };
}

/** What contains something selected is not pruned with it, and nothing else is asked of it. */
function containerOf(live: LiveResource, selector: Selector, kinds: Kinds): DesiredResource {
  const { address, kind, key, parent } = live;
  const field = keyField(kinds.named(kind));
  const spec = { [field]: live.spec[field] };
  return { ...PLAIN, ...governing(selector), address, kind, key, parent, spec, visible: false, selected: true };
}

/** What is selected, and by which selectors, weakest first. */
function choose(
  desired: DesiredState,
  inventory: ReadonlyMap<Address, LiveResource>,
): ReadonlyMap<Address, readonly Selector[]> {
  const declared = new Set(desired.resources.map(({ address }) => address));
  const ignored = ignoredBy(desired.policies);
  const byKind = Map.groupBy(inventory.values(), ({ kind }) => kind);
  const byParent = Map.groupBy(inventory.values(), ({ parent }) => parent);
  const chosen = new Map<Address, Selector[]>();
  for (const selector of desired.selectors) {
    const holds = selects(selector, { declared, inventory });
    const candidates = (selector.within === null ? byKind.get(selector.kind) : byParent.get(selector.within)) ?? [];
    for (const live of candidates) {
      if (live.kind !== selector.kind || ignored(live.address) || !holds(live)) continue;
      const others = chosen.get(live.address);
      if (others === undefined) chosen.set(live.address, [selector]);
      else others.push(selector);
    }
  }
  // Whatever order the platform lists in.
  return new Map([...chosen].sort(([a], [b]) => compareAddress(a, b)));
}

type DisagreementOf = Disagreement & { readonly address: Address };

/** Each pair of lines once, however many things both speak of. */
function disagreed(all: readonly DisagreementOf[]): readonly Diagnostic[] {
  const groups = Map.groupBy(all, ({ what, one, other }) => JSON.stringify([what, one.where, other.where]));
  return [...groups.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const { address, what, one, other } = first;
    const others = more.length === 0 ? '' : ` and of ${more.length} more`;
    return {
      severity: 'error',
      code: 'CVG516',
      summary: `two files ask for different things of ${address}${others}: ${one.selector.name} and ${other.selector.name} both say ${what}`,
      hint: 'Say it in one file, narrow one `match`, or write an entry.',
      where: other.where,
      also: one.where,
      address,
    };
  });
}

/** Of one inside another that matches nothing, the outer one only. */
function idle(
  selectors: readonly Selector[],
  chosen: ReadonlyMap<Address, readonly Selector[]>,
): readonly Diagnostic[] {
  const used = new Set([...chosen.values()].flat());
  const unused = selectors.filter((selector) => !used.has(selector));
  return unused
    .filter(({ name }) => !unused.some((outer) => name.startsWith(`${outer.name}/`)))
    .map(({ name, kind, where }) => ({
      severity: 'warning',
      code: 'CVG515',
      summary: `${name} matches no live ${kind} that has no entry of its own`,
      where,
    }));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
