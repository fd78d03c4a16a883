import type { ResourceKind } from './kind.ts';
import type { Spec } from './resource.ts';
import type { FieldSchema } from './schema.ts';

/** Any kind, its requests' handle left open. */
export type AnyKind = ResourceKind<Spec, never>;

/** The kinds of a platform, parents before children, looked up by name. */
export interface Kinds<Kind extends AnyKind = AnyKind> {
  readonly all: readonly Kind[];
  /** Throws on a name that the platform does not have: a bug, not a user's mistake. */
  named(name: string): Kind;
  childrenOf(name: string | null): readonly Kind[];
}

export function kindsOf<Kind extends AnyKind>(all: readonly Kind[]): Kinds<Kind> {
  const byName = new Map(all.map((kind) => [kind.name, kind]));
  return {
    all,
    named(name) {
      const kind = byName.get(name);
      if (kind === undefined) throw new Error(`no kind ${name}`);
      return kind;
    },
    childrenOf: (name) => all.filter((kind) => kind.parent === name),
  };
}

/** The schema of one field; undefined for a field that the kind does not have. */
export function fieldSchema(kind: AnyKind, field: string): FieldSchema | undefined {
  return (kind.schema as Readonly<Record<string, FieldSchema>>)[field];
}

/** The field that holds the key. */
export function keyField(kind: AnyKind): string {
  const found = Object.entries(kind.schema as Readonly<Record<string, FieldSchema>>).find(
    ([, field]) => field.key === true,
  );
  if (found === undefined) throw new Error(`kind ${kind.name} has no key field`);
  return found[0];
}
