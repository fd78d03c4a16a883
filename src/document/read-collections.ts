import type { Diagnostic } from '../model/diagnostic.ts';
import type { Place } from '../model/place.ts';
import { keyField, type AnyKind } from '../model/kinds.ts';
import { fieldsOf, type FieldSchema } from '../model/schema.ts';
import { readMode } from './read-mode.ts';
import { readPolicy } from './policies.ts';
import { readMatch } from './read-match.ts';
import { flagAt, textAt, type Reader } from './reader.ts';
import { selectableIn, selectorKey, templateFields, templateKinds } from './selector-shape.ts';
import type { Spec } from '../model/resource.ts';
import { isNoName, showKey } from './show.ts';
import type { BulkItem, Collection, Member, MemberSet, WrittenSelector } from './state-document.ts';
import { isList, isMap, type TreeMap } from './tree.ts';
import { longForm, readField, readSourcedValue } from './values.ts';

/** Reads the collections of `kinds` that are written in `container`, a document, an entry or the defaults. */
export function readCollections(reader: Reader, container: TreeMap, kinds: readonly AnyKind[]): readonly Collection[] {
  return kinds.flatMap((kind) => {
    const written = reader.get(container, kind.collection);
    const bulkKey = kind.form.shape === 'map' ? (kind.form.bulk?.key ?? null) : null;
    const bulk = bulkKey === null ? null : readBulk(reader, container, bulkKey);
    if (written === undefined && bulk === null) return [];
    const where = reader.keyPlace(container, written === undefined && bulkKey !== null ? bulkKey : kind.collection);
    const members = isList(written) ? readEntries(reader, written, kind) : readMembers(reader, written, kind);
    return [{ kind: kind.name, parent: kind.parent, where, members, bulk: bulk ?? [] }];
  });
}

/** Reads the named sets of a kind that are written in the document. */
export function readSets(reader: Reader, root: TreeMap, kind: AnyKind): readonly MemberSet[] {
  const key = kind.form.shape === 'map' ? kind.form.bulk?.sets : undefined;
  const sets = key === undefined ? undefined : reader.get(root, key);
  if (!isMap(sets)) return [];
  // A set with an error inside is still there: what names it is not also wrong.
  return Object.keys(sets).map((name) => ({
    name,
    where: reader.keyPlace(sets, name),
    members: readMembers(reader, reader.get(sets, name), kind),
  }));
}

function readEntries(reader: Reader, list: readonly unknown[], kind: AnyKind): readonly Member[] {
  const children = reader.kinds.filter((child) => child.parent === kind.name);
  const key = keyField(kind);
  return list.flatMap((_item, index) => {
    const entry = reader.get(list as readonly TreeMap[], String(index));
    if (!isMap(entry) || reader.get(entry, key) === undefined) return [];
    const renamedFrom = textAt(reader, entry, 'renamedFrom');
    const { spec, places, partial } = readFields(reader, entry, kind);
    return {
      ...PLAIN_MEMBER,
      key: kind.key(spec),
      where: reader.keyPlace(entry, key),
      spec,
      places,
      partial,
      protect: flagAt(reader, entry, 'protect'),
      renamedFrom: renamedFrom === null ? null : { key: renamedFrom, where: reader.keyPlace(entry, 'renamedFrom') },
      policy: readPolicy(reader, entry),
      mode: readMode(reader, entry),
      collections: readCollections(reader, entry, children),
      selectors: readSelectors(reader, entry, kind.name),
    };
  });
}

function readMembers(reader: Reader, map: unknown, kind: AnyKind): readonly Member[] {
  const { form } = kind;
  if (form.shape !== 'map' || !isMap(map as TreeMap)) return [];
  const members = map as TreeMap;
  const fields = new Map<string, FieldSchema>(fieldsOf(kind.schema));
  const key = keyField(kind);
  const field = fields.get(form.shorthand);
  if (field === undefined) throw new Error(`kind ${kind.name} has no field ${form.shorthand}`);
  return Object.keys(members).flatMap((name) => {
    const where = reader.keyPlace(members, name);
    const named = { [key]: readField(fields.get(key) ?? { json: {} }, name) };
    if (form.sourced === true) {
      if (isNoName(name) && reader.get(members, name) !== undefined) {
        reader.diagnostics.push(noName(name, where, fields.get(key)));
        return [];
      }
      const value = readSourcedValue(reader, { map: members, key: name, field });
      if (value === null) return [];
      const spec = value.literal === undefined ? named : { ...named, [form.shorthand]: value.literal };
      const source = value.source === null ? null : { field: form.shorthand, ref: value.source };
      const { absent, visible } = value;
      return { ...PLAIN_MEMBER, key: kind.key(spec), where, spec, source, absent, visible };
    }
    const written = reader.get(members, name);
    const long = longForm(written, form.shorthand);
    if (long === null) return [];
    const absent = written === null && field.nullable === true;
    if (absent) return { ...PLAIN_MEMBER, key: kind.key(named), where, spec: named, absent };
    const spec = isMap(written)
      ? { ...named, ...readFields(reader, long, kind).spec }
      : { ...named, [form.shorthand]: readField(field, written) };
    return { ...PLAIN_MEMBER, key: kind.key(spec), where, spec };
  });
}

/** `NAME=text` and `NAME:text` are keys to YAML, and may hold a value: only the name in them is repeated. */
function noName(name: string, where: Place, field: FieldSchema | undefined): Diagnostic {
  const rule = field?.json['description'];
  const hint = `Write \`NAME: text\`.${typeof rule === 'string' ? ` ${rule}` : ''}`;
  return { severity: 'error', code: 'CVG302', summary: `${showKey(name)} is not a name`, hint, where };
}

/** What a member is unless its form says otherwise. */
export const PLAIN_MEMBER = {
  places: new Map<string, Place>(),
  partial: false,
  source: null,
  absent: false,
  visible: null,
  protect: null,
  renamedFrom: null,
  policy: null,
  mode: null,
  collections: [],
  selectors: [],
} as const satisfies Partial<Member>;

interface ReadFields {
  readonly spec: Spec;
  readonly places: ReadonlyMap<string, Place>;
  readonly partial: boolean;
}

/** The written fields of an entry, read, and where they stand. */
export function readFields(reader: Reader, entry: TreeMap, kind: AnyKind): ReadFields {
  const spec: Record<string, unknown> = {};
  const places = new Map<string, Place>();
  let partial = false;
  for (const [name, field] of fieldsOf(kind.schema)) {
    if (!Object.hasOwn(entry, name)) continue;
    places.set(name, reader.keyPlace(entry, name));
    const written = reader.get(entry, name);
    if (written === undefined) partial = true;
    else spec[name] = readField(field, written);
  }
  return { spec, places, partial };
}

/** Reads the selectors that are written in `container`: the document (`parent` null), an entry or another selector. */
export function readSelectors(reader: Reader, container: TreeMap, parent: string | null): readonly WrittenSelector[] {
  return selectableIn(parent, reader.kinds).flatMap((kind) => {
    const list = reader.get(container, selectorKey(kind));
    if (!isList(list)) return [];
    return Array.from(list.keys(), String).flatMap((index) => {
      const written = reader.get(list, index);
      if (!isMap(written)) return [];
      const asked = new Set(templateFields(kind).map(([name]) => name));
      const { spec, places } = readFields(reader, written, kind);
      return {
        kind: kind.name,
        where: Object.hasOwn(written, 'match') ? reader.keyPlace(written, 'match') : reader.keyPlace(list, index),
        match: readMatch(reader, reader.get(written, 'match'), kind),
        spec: Object.fromEntries(Object.entries(spec).filter(([name]) => asked.has(name))),
        places,
        policy: readPolicy(reader, written),
        mode: readMode(reader, written),
        collections: readCollections(reader, written, templateKinds(kind, reader.kinds)),
        selectors: readSelectors(reader, written, kind.name),
      };
    });
  });
}

function readBulk(reader: Reader, container: TreeMap, key: string): readonly BulkItem[] | null {
  const list = reader.get(container, key);
  if (!isList(list)) return null;
  return list.flatMap((_item, index): BulkItem | [] => {
    const item = reader.get(list, String(index));
    const where = reader.keyPlace(list, String(index));
    if (typeof item === 'string') return { type: 'set', name: item, where };
    if (!isMap(item)) return [];
    const rest = { optional: flagAt(reader, item, 'optional') ?? false, where, allowEmpty: false };
    const dotenv = textAt(reader, item, 'file');
    if (dotenv !== null) return { type: 'source', ref: { from: 'dotenv', path: dotenv, ...rest } };
    const sops = textAt(reader, item, 'sops');
    return sops === null ? [] : { type: 'source', ref: { from: 'sops-map', path: sops, ...rest } };
  });
}
