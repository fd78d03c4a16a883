import type { AnyKind } from '../model/kinds.ts';
import { textsAt, type Reader } from './reader.ts';
import { matchFields } from './selector-shape.ts';
import type { FieldMatch } from './state-document.ts';
import { isMap, type Container, type Tree } from './tree.ts';

/** What can be read of conditions on what is of the kind. Without all of them what they belong to is an error, and is never acted on. */
export function readMatch(reader: Reader, match: Tree | undefined, kind: AnyKind): readonly FieldMatch[] {
  if (match === undefined || !isMap(match)) return [];
  return matchFields(kind, reader.kinds).flatMap(({ kind: owner, name }) => {
    const globs = textOrTexts(reader, match, name);
    return globs.length === 0 ? [] : { kind: owner.name, field: name, globs };
  });
}

/** A text alone is a list of one. */
export function textOrTexts(reader: Reader, container: Container, key: string): readonly string[] {
  const value = reader.get(container, key);
  return typeof value === 'string' ? [value] : (textsAt(reader, container, key) ?? []);
}
