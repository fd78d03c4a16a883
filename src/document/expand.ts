import { addressOf, compareAddress, type Address } from '../model/address.ts';
import { hasErrors, sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import { fieldSchema, kindsOf, type AnyKind, type Kinds } from '../model/kinds.ts';
import type { WindowScope } from '../model/change-window.ts';
import type { Invariant } from '../model/invariant.ts';
import type { IgnoreRule } from '../model/ignore-rule.ts';
import type { ModeScope } from '../model/mode.ts';
import type { DesiredResource, DesiredState, ManagedCollection, PolicyGlobs, Spec } from '../model/resource.ts';
import type { Within } from '../model/nearest.ts';
import { comparePlace } from '../model/place.ts';
import { sourceId, type Resolution, type SourceId, type SourceRef } from '../model/source.ts';
import { checksOf, type Checks, type Expanded } from './checks.ts';
import { DEFAULT_MAX_DELETE_PERCENT } from './document-schema.ts';
import { expandSelectors } from './expand-selectors.ts';
import { collectionsUnder, layered, type LayeredMember } from './layers.ts';
import { bulkReader, resolvedSpec, type BulkReader } from './resolve.ts';
import type { Collection, Policy, StateDocument, WrittenMode, WrittenSelector } from './state-document.ts';
import { visibilityOf, type Visibility } from './visibility.ts';

/**
 * The sources that the state needs, each once, by place. A source whose variable is set over by a stronger layer
 * everywhere, and one in a set that nothing uses, is not needed.
 */
export function sourcesOf(state: StateDocument): readonly SourceRef[] {
  const found = new Map<SourceId, SourceRef>();
  const add = (ref: SourceRef): void => {
    const id = sourceId(ref);
    const known = found.get(id);
    if (known === undefined || comparePlace(ref.where, known.where) < 0) found.set(id, ref);
  };
  const visit = (parentKind: string | null, own: readonly Collection[]): void => {
    for (const [kind, collections] of collectionsUnder(state, parentKind, own)) {
      const { members, bulk } = layered(collections, { own, sets: state.sets.get(kind), bulk: () => null });
      for (const ref of bulk) add(ref);
      for (const { member } of members.values()) {
        if (member.source !== null) add(member.source.ref);
        visit(kind, member.collections);
        visitSelectors(member.selectors);
      }
    }
  };
  const visitSelectors = (selectors: readonly WrittenSelector[]): void => {
    for (const selector of selectors) {
      for (const collection of selector.collections) {
        const sets = state.sets.get(collection.kind);
        const { members, bulk } = layered([collection], { own: [collection], sets, bulk: () => null });
        for (const ref of bulk) add(ref);
        for (const { member } of members.values()) if (member.source !== null) add(member.source.ref);
      }
      visitSelectors(selector.selectors);
    }
  };
  visit(null, state.collections);
  visitSelectors(state.selectors);
  return [...found.values()].toSorted((a, b) => comparePlace(a.where, b.where));
}

/**
 * The state as everything it asks for: defaults, sets and sources laid over each other, policies judged by nearness,
 * the kinds' offline checks made. Equal for equal states, whatever the order of files and entries.
 *
 * `resolution` null is "offline": values from sources are {@link UnknownValue}s, sources of many values count as empty and make
 * their collection `incomplete`. The same goes for a single source that is unresolved; its diagnostic is not repeated
 * here. `desired` is null exactly when there are errors; `windows` are there all the same, because what their schedules mean
 * is judged elsewhere, and is told at once with the rest.
 */
export function expand(
  state: StateDocument,
  kinds: readonly AnyKind[],
  resolution: Resolution | null,
): {
  readonly desired: DesiredState | null;
  readonly windows: readonly WindowScope[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const run: Run = {
    state,
    kinds: kindsOf(kinds),
    resolution,
    bulk: bulkReader(resolution),
    checks: checksOf(state.defaults, diagnostics),
    isVisible: visibilityOf(),
    diagnostics,
    resources: [],
    collections: [],
    policies: [],
    ignores: [],
    invariants: [],
    modes: [],
    windows: [],
  };
  const policies = state.policy === null ? [] : [state.policy];
  keepRules(run, null, state);
  expandUnder(run, { address: null, kind: null, policies, collections: state.collections });
  run.checks.claims();
  const selectors = expandSelectors(run, run.resources);
  const sorted = sortDiagnostics(diagnostics);
  const windows = run.windows.toSorted(byPlaceWithin);
  if (hasErrors(sorted)) return { desired: null, windows, diagnostics: sorted };
  const desired: DesiredState = {
    team: state.team,
    teamWhere: state.teamWhere,
    resources: run.resources.toSorted((a, b) => compareAddress(a.address, b.address)),
    collections: run.collections.toSorted(
      (a, b) => compareText(a.parent ?? '', b.parent ?? '') || compareText(a.kind, b.kind),
    ),
    policies: run.policies.toSorted(byPlaceWithin),
    ignores: run.ignores.toSorted((a, b) => comparePlace(a.where, b.where)),
    invariants: run.invariants.toSorted((a, b) => comparePlace(a.where, b.where)),
    selectors,
    modes: run.modes.toSorted(byPlaceWithin),
    windows,
    pauses: state.pauses,
  };
  return { desired, windows, diagnostics: sorted };
}

interface Run {
  readonly state: StateDocument;
  readonly kinds: Kinds;
  readonly resolution: Resolution | null;
  readonly bulk: BulkReader;
  readonly checks: Checks;
  readonly isVisible: Visibility;
  readonly diagnostics: Diagnostic[];
  readonly resources: DesiredResource[];
  readonly collections: ManagedCollection[];
  readonly policies: PolicyGlobs[];
  readonly ignores: IgnoreRule[];
  readonly invariants: Invariant[];
  readonly modes: ModeScope[];
  readonly windows: WindowScope[];
}

/** A place that collections stand in: the top, or one entry. */
interface Level {
  readonly address: Address | null;
  readonly kind: string | null;
  /** Nearest first. */
  readonly policies: readonly Policy[];
  readonly collections: readonly Collection[];
}

function expandUnder(run: Run, level: Level): void {
  for (const [name, collections] of collectionsUnder(run.state, level.kind, level.collections)) {
    const kind = run.kinds.named(name);
    const { members, incomplete } = layered(collections, {
      own: level.collections,
      sets: run.state.sets.get(name),
      bulk: (ref) => run.bulk(ref, kind),
    });
    const nearest = collections.at(-1);
    if (nearest === undefined) continue;
    const { where } = nearest;
    run.collections.push({
      kind: name,
      parent: level.address,
      prune: level.policies.find(({ prune }) => prune !== null)?.prune?.includes(kind.collection) ?? false,
      maxDeletePercent:
        level.policies.find(({ maxDeletePercent }) => maxDeletePercent !== null)?.maxDeletePercent ??
        DEFAULT_MAX_DELETE_PERCENT,
      incomplete,
      where,
    });
    const expanded = [...members.values()].map((found) => expandMember(run, { kind, level, found }));
    run.checks.collection(kind, {
      parent: level.address,
      where,
      own: level.collections.includes(nearest),
      members: expanded,
    });
  }
}

function expandMember(
  run: Run,
  { kind, level, found }: { readonly kind: AnyKind; readonly level: Level; readonly found: LayeredMember },
): Expanded {
  const { member } = found;
  const address = addressOf(level.address, kind.name, member.key);
  const written = resolvedSpec(member, run.resolution);
  const resource: DesiredResource = {
    address,
    kind: kind.name,
    key: member.key,
    parent: level.address,
    ...withDefaults(kind, written, run.state.defaults.fields.get(kind.name) ?? {}),
    absent: member.absent,
    renamedFrom: member.renamedFrom?.key ?? null,
    protect: member.protect,
    visible: run.isVisible(kind, member, level.policies),
    selector: null,
    where: member.where,
  };
  run.resources.push(resource);
  run.checks.member(kind, { ...found, resource });
  keepRules(run, address, member);
  expandUnder(run, {
    address,
    kind: kind.name,
    policies: member.policy === null ? level.policies : [member.policy, ...level.policies],
    collections: member.collections,
  });
  return { ...found, resource };
}

/** Defaults fill what is not written; those of immutable fields act at creation only (rule 10). */
function withDefaults(
  kind: AnyKind,
  written: Spec,
  defaults: Spec,
): { readonly spec: Spec; readonly atCreation: Spec } {
  const spec: Record<string, unknown> = { ...written };
  const atCreation: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(defaults)) {
    if (field in written) continue;
    if (fieldSchema(kind, field)?.immutable === true) atCreation[field] = value;
    else spec[field] = value;
  }
  return { spec, atCreation };
}

/** What the document or an entry says of itself and all that it contains. */
function keepRules(
  run: Run,
  within: Address | null,
  { policy, mode }: { readonly policy: Policy | null; readonly mode: WrittenMode | null },
): void {
  if (mode !== null) run.modes.push({ within, ...mode });
  if (policy === null) return;
  const { protect, unprotect, ignore, ignoreRules, windows, invariants } = policy;
  if (protect.length + unprotect.length + ignore.length > 0) run.policies.push({ within, protect, unprotect, ignore });
  run.ignores.push(...ignoreRules.map((rule) => ({ within, ...rule })));
  run.invariants.push(...invariants.map((one) => ({ within, ...one })));
  if (windows !== null) run.windows.push({ within, windows: windows.list, where: windows.where });
}

function byPlaceWithin(a: Within, b: Within): number {
  return compareText(a.within ?? '', b.within ?? '');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
