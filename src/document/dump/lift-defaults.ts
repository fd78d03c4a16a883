import { fieldsWith } from '../../model/schema.ts';
import { entriesOf, mapCollections, type DumpCollection } from './dump-tree.ts';

/**
 * Fields that may stand under `defaults` and that all entries that could have them say alike, two at least: said once.
 * An entry that does not say a field keeps it unsaid, so nothing is lifted over its head.
 */
export function liftDefaults(tree: readonly DumpCollection[]): {
  readonly tree: readonly DumpCollection[];
  readonly defaults: ReadonlyMap<string, unknown>;
} {
  const values = new Map<string, unknown[]>();
  for (const { kind, fields } of entriesOf(tree))
    for (const name of fieldsWith(kind.schema, 'defaultable')) {
      const known = values.get(name) ?? [];
      known.push(fields.get(name));
      values.set(name, known);
    }
  const defaults = new Map(
    [...values]
      .filter(([, all]) => all.length > 1 && all[0] !== undefined && all.every((one) => one === all[0]))
      .map(([name, all]) => [name, all[0]]),
  );
  const without = (collection: DumpCollection): DumpCollection => ({
    ...collection,
    members: collection.members.map((entry) => {
      const lifted = fieldsWith(entry.kind.schema, 'defaultable').filter((name) => defaults.has(name));
      if (lifted.length === 0) return entry;
      return { ...entry, fields: new Map([...entry.fields].filter(([name]) => !lifted.includes(name))) };
    }),
  });
  return { defaults, tree: defaults.size === 0 ? tree : mapCollections(tree, without) };
}
