import type { Pause } from '../model/pause.ts';
import type { Place } from '../model/place.ts';
import type { AnyKind } from '../model/kinds.ts';
import { fieldsWith } from '../model/schema.ts';
import { readMode } from './read-mode.ts';
import { readPauses } from './read-pauses.ts';
import { readPolicy } from './policies.ts';
import { readCollections, readFields, readSelectors, readSets } from './read-collections.ts';
import type { Reader } from './reader.ts';
import type { Collection, Defaults, MemberSet, Policy, WrittenMode, WrittenSelector } from './state-document.ts';
import { isMap, type TreeMap } from './tree.ts';

/** What one YAML document contributes to the state; null where it says nothing. */
export interface Fragment {
  readonly where: Place;
  /** The key is there, whatever is wrong with its value. */
  readonly namesTeam: boolean;
  readonly team: { readonly value: string | number; readonly where: Place } | null;
  readonly policy: Policy | null;
  readonly mode: WrittenMode | null;
  readonly pauses: readonly Pause[];
  readonly defaults: { readonly value: Defaults; readonly where: Place } | null;
  readonly sets: readonly { readonly kind: string; readonly set: MemberSet }[];
  readonly collections: readonly Collection[];
  readonly selectors: readonly WrittenSelector[];
}

/** A validated document → its fragment. What validation refused is left out. */
export function readDocument(reader: Reader, root: TreeMap, where: Place): Fragment {
  const { kinds } = reader;
  const team = reader.get(root, 'team');
  const defaults = reader.get(root, 'defaults');
  return {
    where,
    namesTeam: Object.hasOwn(root, 'team'),
    team:
      typeof team === 'string' || typeof team === 'number'
        ? { value: team, where: reader.keyPlace(root, 'team') }
        : null,
    policy: readPolicy(reader, root),
    mode: readMode(reader, root),
    pauses: readPauses(reader, root),
    defaults: isMap(defaults)
      ? { value: readDefaults(reader, defaults), where: reader.keyPlace(root, 'defaults') }
      : null,
    sets: kinds.flatMap((kind) => readSets(reader, root, kind).map((set) => ({ kind: kind.name, set }))),
    collections: readCollections(
      reader,
      root,
      kinds.filter((kind) => kind.parent === null),
    ),
    selectors: readSelectors(reader, root, null),
  };
}

export const NO_DEFAULTS: Defaults = { fields: new Map(), places: new Map(), collections: [] };

function readDefaults(reader: Reader, defaults: TreeMap): Defaults {
  const fields = new Map<string, Readonly<Record<string, unknown>>>();
  const places = new Map<string, Place>();
  for (const kind of reader.kinds) {
    const allowed = fieldsWith(kind.schema, 'defaultable');
    const read = readFields(reader, defaults, kind);
    const spec = Object.entries(read.spec).filter(([name]) => allowed.includes(name));
    if (spec.length > 0) fields.set(kind.name, Object.fromEntries(spec));
    for (const [name] of spec) places.set(name, read.places.get(name) ?? reader.keyPlace(defaults, name));
  }
  const maps = reader.kinds.filter(({ form }: AnyKind) => form.shape === 'map' && form.defaultable === true);
  return { fields, places, collections: readCollections(reader, defaults, maps) };
}
