import type { Diagnostic } from '../model/diagnostic.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { Place } from '../model/place.ts';
import type { Positions } from './positions.ts';
import { isList, valueAt, type Container, type Tree } from './tree.ts';

/** What reading one validated document needs. Only what validation accepts is handed out. */
export interface Reader {
  readonly kinds: readonly AnyKind[];
  readonly diagnostics: Diagnostic[];
  /** The value under a key; undefined where there is none, or none of the right shape. */
  get(container: Container, key: string): Tree | undefined;
  keyPlace(container: Container, key: string): Place;
  /** The text of an unquoted scalar as the file has it; null for anything else. */
  plainText(container: Container, key: string): string | null;
}

export function readerOf(
  kinds: readonly AnyKind[],
  positions: Positions,
  accepts: (container: Container, key: string) => boolean,
): Reader {
  return {
    kinds,
    diagnostics: [],
    get(container, key) {
      if (!Object.hasOwn(container, key) || !accepts(container, key)) return undefined;
      return valueAt(container, key);
    },
    keyPlace: (container, key) => positions.keyPlace(container, key),
    plainText: (container, key) => positions.plainText(container, key),
  };
}

export function textAt(reader: Reader, container: Container, key: string): string | null {
  const value = reader.get(container, key);
  return typeof value === 'string' ? value : null;
}

export function flagAt(reader: Reader, container: Container, key: string): boolean | null {
  const value = reader.get(container, key);
  return typeof value === 'boolean' ? value : null;
}

/** The texts of a list; null where there is no list. */
export function textsAt(reader: Reader, container: Container, key: string): readonly string[] | null {
  const list = reader.get(container, key);
  if (!isList(list)) return null;
  return Array.from(list.keys(), (index) => textAt(reader, list, String(index))).filter((text) => text !== null);
}
