import { kindsFor, type Dialect } from '../providers/registry.ts';

/** By kind, the key of its collection in the document; null where pruning never deletes its members. */
export function collectionsOf(dialect: Dialect): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    kindsFor(dialect).map((kind) => [kind.name, kind.prunable === true ? kind.collection : null]),
  );
}

/** The kinds whose deletion needs consent by name (rule 9). */
export function kindsThatHoldData(dialect: Dialect): readonly string[] {
  return kindsFor(dialect)
    .filter((kind) => kind.holdsData === true)
    .map((kind) => kind.name);
}
