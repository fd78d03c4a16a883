import { addressOf, type Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { anyGlob } from '../model/glob.ts';
import type { Finding } from '../model/kind.ts';
import type { AnyKind, Kinds } from '../model/kinds.ts';
import { comparePlace, type Place } from '../model/place.ts';
import type { DesiredResource } from '../model/resource.ts';
import type { Match, SelectedCollection, Selector } from '../model/selector.ts';
import type { Resolution } from '../model/source.ts';
import { DEFAULT_MAX_DELETE_PERCENT } from './document-schema.ts';
import { layered } from './layers.ts';
import { resolvedSpec, type BulkReader } from './resolve.ts';
import { selectorKey } from './selector-shape.ts';
import { show } from './show.ts';
import type { Collection, FieldMatch, Policy, StateDocument, WrittenSelector } from './state-document.ts';
import type { Visibility } from './visibility.ts';

/** What expanding shares with entries. */
export interface SelectorGround {
  readonly state: StateDocument;
  readonly kinds: Kinds;
  readonly resolution: Resolution | null;
  readonly bulk: BulkReader;
  readonly isVisible: Visibility;
  /** Findings of the kinds' checks, and selectors that an entry makes void. */
  readonly diagnostics: Diagnostic[];
}

/**
 * Every selector of the document, weakest first: those of entries are stronger than those of the document, and among
 * equals the later one is (rule 28). `entries` are the resources that have an entry of their own.
 */
export function expandSelectors(
  ground: SelectorGround,
  entries: readonly Pick<DesiredResource, 'kind' | 'address' | 'spec' | 'where'>[],
): readonly Selector[] {
  const { state, kinds } = ground;
  const found: Selector[] = [];
  const policies = state.policy === null ? [] : [state.policy];
  for (const written of state.selectors) {
    const around: Around = { within: null, name: '', matches: [], prune: null, policies };
    found.push(...expandOne(ground, written, around));
    reportShadowed(ground, written, entries);
  }
  const visit = (parent: Address | null, collections: readonly Collection[], outer: readonly Policy[]): void => {
    for (const { kind, members } of collections)
      for (const member of members) {
        const within = addressOf(parent, kind, member.key);
        const nearer = member.policy === null ? outer : [member.policy, ...outer];
        for (const written of member.selectors)
          found.push(
            ...expandOne(ground, written, { within, name: `${within}/`, matches: [], prune: null, policies: nearer }),
          );
        visit(within, member.collections, nearer);
      }
  };
  visit(null, state.collections, policies);
  for (const selector of found) kinds.named(selector.kind);
  return found.sort((a, b) => depth(a.within) - depth(b.within) || comparePlace(a.where, b.where));
}

function depth(within: Address | null): number {
  return within === null ? 0 : within.split('/').length;
}

/** What stands around a selector. */
interface Around {
  readonly within: Address | null;
  readonly name: string;
  readonly matches: readonly Match[];
  /** The nearest `prune` that a selector around says: an outer policy's does not reach inside (rule 3). */
  readonly prune: readonly string[] | null;
  /** Nearest first; what they say beside `prune` holds here too. */
  readonly policies: readonly Policy[];
}

/** The selector, then those inside it. */
function expandOne(ground: SelectorGround, written: WrittenSelector, around: Around): readonly Selector[] {
  const kind = ground.kinds.named(written.kind);
  const name = `${around.name}${selectorKey(kind)}(${written.match.map(describeMatch).join(', ')})`;
  const matches = [...around.matches, ...matchesOf(kind, written.match)];
  const prune = written.policy?.prune ?? around.prune;
  report(ground, kind.check?.(written.spec) ?? [], (field) => written.places.get(field ?? '') ?? written.where);
  const selector: Selector = {
    name,
    kind: kind.name,
    within: around.within,
    matches,
    where: written.where,
    mode: written.mode?.mode ?? null,
    spec: written.spec,
    collections: collectionsOf(ground, written, { ...around, prune }),
  };
  const inside: Around = { ...around, name: `${name}/`, matches, prune };
  return [selector, ...written.selectors.flatMap((inner) => expandOne(ground, inner, inside))];
}

function collectionsOf(
  ground: SelectorGround,
  written: WrittenSelector,
  around: Around,
): readonly SelectedCollection[] {
  return written.collections.map((collection) => {
    const kind = ground.kinds.named(collection.kind);
    const { members, incomplete } = layered([collection], {
      own: [collection],
      sets: ground.state.sets.get(kind.name),
      bulk: (ref) => ground.bulk(ref, kind),
    });
    const expanded = [...members.values()].map(({ member }) => {
      const spec = resolvedSpec(member, ground.resolution);
      report(ground, kind.check?.(spec) ?? [], () => member.where);
      const visible = ground.isVisible(kind, member, around.policies);
      return { key: member.key, spec, absent: member.absent, visible, where: member.where };
    });
    const present = expanded.filter(({ absent }) => !absent).map(({ spec }) => spec);
    report(ground, kind.checkAll?.(present) ?? [], () => collection.where);
    return {
      kind: kind.name,
      where: collection.where,
      prune: around.prune === null ? null : around.prune.includes(kind.collection),
      maxDeletePercent:
        around.policies.find(({ maxDeletePercent }) => maxDeletePercent !== null)?.maxDeletePercent ??
        DEFAULT_MAX_DELETE_PERCENT,
      incomplete,
      members: expanded,
    };
  });
}

/** One condition per kind; only the selected itself must have no entry, and what the selectors around it select. */
function matchesOf(selected: AnyKind, written: readonly FieldMatch[]): readonly Match[] {
  const byKind = Map.groupBy(written, ({ kind }) => kind);
  const fieldsOf = (kind: string): ReadonlyMap<string, readonly string[]> =>
    new Map((byKind.get(kind) ?? []).map(({ field, globs }) => [field, globs]));
  const containers = [...byKind.keys()].filter((kind) => kind !== selected.name);
  return [
    ...containers.map((kind) => ({ kind, undeclared: false, fields: fieldsOf(kind) })),
    { kind: selected.name, undeclared: true, fields: fieldsOf(selected.name) },
  ];
}

function describeMatch({ field, globs }: FieldMatch): string {
  return `${field}: ${globs.join('|')}`;
}

/**
 * What a selector asks for the contents of what it selects does not reach what has an entry. Said of entries that would
 * otherwise match, as far as their fields are written: it looks like governed, and is not.
 */
function reportShadowed(
  { kinds, diagnostics }: SelectorGround,
  written: WrittenSelector,
  entries: readonly Pick<DesiredResource, 'kind' | 'address' | 'spec' | 'where'>[],
): void {
  if (written.selectors.length === 0) return;
  for (const { kind, address, spec, where } of entries) {
    if (kind !== written.kind) continue;
    const matches = written.match.every(({ kind: owner, field, globs }) => {
      const value = owner === kind ? spec[field] : undefined;
      return typeof value === 'string' && anyGlob(globs)(value);
    });
    if (!matches) continue;
    diagnostics.push({
      severity: 'warning',
      code: 'CVG313',
      summary: `${address} is shadowed: ${show(selectorKey(kinds.named(kind)))} matches it, and does not reach it, because it has an entry of its own`,
      hint: 'Write what the selector asks for into the entry, or narrow the `match`.',
      where: written.where,
      also: where,
      address,
    });
  }
}

function report(
  { diagnostics }: SelectorGround,
  findings: readonly Finding[],
  placeOf: (field: string | undefined) => Place,
): void {
  for (const { field, ...finding } of findings) diagnostics.push({ ...finding, where: placeOf(field) });
}
