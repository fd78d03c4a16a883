import { addressOf, type Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { comparePlace, type Place } from '../model/place.ts';
import { NO_DEFAULTS, type Fragment } from './read-document.ts';
import { show } from './show.ts';
import type { Collection, Defaults, Member, MemberSet, StateDocument } from './state-document.ts';

/**
 * All documents of a set → one state (rule 29), whatever order they came in. What may stand once and stands twice is
 * an error naming both places; the first, by place, is kept.
 */
export function mergeFragments(fragments: readonly Fragment[]): {
  readonly state: StateDocument;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const ordered = fragments.toSorted((a, b) => comparePlace(a.where, b.where));
  const once = <T extends { readonly where: Place }>(name: string, found: readonly (T | null)[]): T | null => {
    const [first, ...more] = found.filter((item) => item !== null);
    if (first === undefined) return null;
    for (const { where } of more) diagnostics.push(declaredTwice(show(name), where, first.where));
    return first;
  };
  const team = once(
    'team',
    ordered.map((fragment) => fragment.team),
  );
  const defaults = once(
    'defaults',
    ordered.map((fragment) => fragment.defaults),
  );
  if (!ordered.some(({ namesTeam }) => namesTeam)) diagnostics.push(noTeam(ordered[0]?.where));
  const state: StateDocument = {
    team: team?.value ?? '',
    teamWhere: team?.where ?? { file: '', line: 1, column: 1 },
    policy: once(
      'policy',
      ordered.map((fragment) => fragment.policy),
    ),
    mode: once(
      'mode',
      ordered.map((fragment) => fragment.mode),
    ),
    pauses: ordered.flatMap((fragment) => fragment.pauses),
    defaults: defaultsWithoutTwins(defaults?.value ?? NO_DEFAULTS, diagnostics),
    sets: mergeSets(ordered, diagnostics),
    collections: mergeCollections(ordered.flatMap((fragment) => fragment.collections)).map((collection) =>
      withoutTwins(collection, null, diagnostics),
    ),
    selectors: ordered.flatMap((fragment) => fragment.selectors),
  };
  return { state, diagnostics };
}

/** One collection per kind, with the members of all. */
function mergeCollections(collections: readonly Collection[]): readonly Collection[] {
  return [...Map.groupBy(collections, ({ kind }) => kind).values()].flatMap(([first, ...more]) =>
    first === undefined
      ? []
      : {
          ...first,
          members: [first, ...more].flatMap(({ members }) => members),
          bulk: [first, ...more].flatMap(({ bulk }) => bulk),
        },
  );
}

/** The collection, and everything inside it, with each address once. */
function withoutTwins(collection: Collection, parent: Address | null, diagnostics: Diagnostic[]): Collection {
  const members = new Map<string, Member>();
  for (const member of collection.members) {
    const address = addressOf(parent, collection.kind, member.key);
    const twin = members.get(member.key);
    if (twin !== undefined) {
      diagnostics.push({ ...declaredTwice(show(address), member.where, twin.where), address });
      continue;
    }
    const inner = member.collections.map((child) => withoutTwins(child, address, diagnostics));
    members.set(member.key, { ...member, collections: inner });
  }
  return { ...collection, members: [...members.values()] };
}

function defaultsWithoutTwins(defaults: Defaults, diagnostics: Diagnostic[]): Defaults {
  const collections = defaults.collections.map((collection) => withoutTwins(collection, null, diagnostics));
  return { ...defaults, collections };
}

function mergeSets(fragments: readonly Fragment[], diagnostics: Diagnostic[]): StateDocument['sets'] {
  const sets = new Map<string, Map<string, MemberSet>>();
  for (const { kind, set } of fragments.flatMap((fragment) => fragment.sets)) {
    const named = sets.get(kind) ?? new Map<string, MemberSet>();
    const twin = named.get(set.name);
    if (twin === undefined) sets.set(kind, named.set(set.name, set));
    else diagnostics.push(declaredTwice(`the set ${show(set.name)}`, set.where, twin.where));
  }
  return sets;
}

function declaredTwice(what: string, where: Place, also: Place): Diagnostic {
  const hint = 'Keep one of the two.';
  return { severity: 'error', code: 'CVG301', summary: `${what} is declared twice`, hint, where, also };
}

function noTeam(where: Place | undefined): Diagnostic {
  return {
    severity: 'error',
    code: 'CVG203',
    summary: 'no document says `team`',
    hint: 'Write `team: slug` in one of them.',
    ...(where !== undefined && { where }),
  };
}
