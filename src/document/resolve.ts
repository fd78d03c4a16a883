import { keyField, type AnyKind } from '../model/kinds.ts';
import type { Spec } from '../model/resource.ts';
import { describeSource, sourceId, type BulkRef, type Resolution } from '../model/source.ts';
import { UnknownValue } from '../model/unknown-value.ts';
import { PLAIN_MEMBER } from './read-collections.ts';
import type { Member } from './state-document.ts';

/** A member's spec with the value of its source, or an {@link UnknownValue} where that is not known. */
export function resolvedSpec({ spec, source }: Member, resolution: Resolution | null): Spec {
  if (source === null) return spec;
  const resolved = resolution?.get(sourceId(source.ref));
  const value = resolved?.type === 'value' ? resolved.value : new UnknownValue(describeSource(source.ref));
  return { ...spec, [source.field]: value };
}

/** The members that a source of many values gives; null when it is not known. */
export type BulkReader = (ref: BulkRef, kind: AnyKind) => readonly Member[] | null;

/** Makes each source's members once, however many entries use it. */
export function bulkReader(resolution: Resolution | null): BulkReader {
  const made = new Map<string, readonly Member[]>();
  return (ref, kind) => {
    const id = sourceId(ref);
    const resolved = resolution?.get(id);
    if (resolved?.type !== 'values') return null;
    const known = made.get(`${kind.name} ${id}`);
    if (known !== undefined) return known;
    const shorthand = kind.form.shape === 'map' ? kind.form.shorthand : keyField(kind);
    const members = resolved.values.map(({ name, value, where }): Member => {
      const spec = { [keyField(kind)]: name, [shorthand]: value };
      return { ...PLAIN_MEMBER, key: kind.key(spec), where, spec };
    });
    made.set(`${kind.name} ${id}`, members);
    return members;
  };
}
