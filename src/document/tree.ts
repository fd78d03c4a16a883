/** What a YAML document says, as fresh plain data: no aliases, merge keys, tags or shared objects are left. */
export type Tree = null | boolean | number | string | readonly Tree[] | TreeMap;

/** Has no prototype: every key, `__proto__` and `constructor` too, is an own key like any other. */
export interface TreeMap {
  readonly [key: string]: Tree;
}

export function isMap(tree: Tree | undefined): tree is TreeMap {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree);
}

export function isList(tree: Tree | undefined): tree is readonly Tree[] {
  return Array.isArray(tree);
}

/** A map or a list: what positions are recorded for. */
export type Container = TreeMap | readonly Tree[];

export function isContainer(tree: Tree | undefined): tree is Container {
  return typeof tree === 'object' && tree !== null;
}

/** The value under `key`; undefined where there is none. Index strings reach into lists. */
export function valueAt(container: Container, key: string): Tree | undefined {
  return (container as Readonly<Record<string, Tree>>)[key];
}
