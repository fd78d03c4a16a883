import { kindsFor } from '../providers/registry.ts';

/** By kind, the key of its collection in the document. */
export function collectionsOf(dialect: 'official'): Readonly<Record<string, string>> {
  return Object.fromEntries(kindsFor(dialect).map((kind) => [kind.name, kind.collection]));
}

/** The kinds whose deletion needs consent by name (rule 9). */
export function kindsThatHoldData(dialect: 'official'): readonly string[] {
  return kindsFor(dialect)
    .filter((kind) => kind.holdsData === true)
    .map((kind) => kind.name);
}
