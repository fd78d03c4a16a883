import type { AnyKind } from '../model/kinds.ts';
import { fieldsOf, fieldsWith, type JsonSchema } from '../model/schema.ts';
import { documentSchema } from './document-schema.ts';
import { entryDefName, valueDefName } from './schema-parts.ts';
import { didYouMean, show } from './show.ts';

const KIND_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** Not `x-…`, which the document ignores. */
const KEY_NAME = /^[a-zA-Z][a-zA-Z0-9]*$/;

/**
 * Why `further` kinds cannot stand beside `known` ones, one sentence each; empty: they can. Kinds come from outside, so
 * what the document and the engine take for granted of a kind is looked at before either sees it.
 */
export function kindProblems(known: readonly AnyKind[], further: readonly AnyKind[]): readonly string[] {
  const problems: string[] = [];
  const kinds = [...known];
  for (const kind of further) {
    const found = problemsOf(kind, kinds);
    if (found.length === 0) kinds.push(kind);
    else problems.push(...found);
  }
  return problems;
}

function problemsOf(kind: AnyKind, before: readonly AnyKind[]): readonly string[] {
  const { name, collection, parent } = kind as Readonly<Record<keyof AnyKind, unknown>>;
  if (typeof name !== 'string' || !KIND_NAME.test(name))
    return [`${show(String(name))} is no name of a kind: lower-case words with hyphens, such as log-stream`];
  const it = `kind ${show(name)}`;
  if (typeof collection !== 'string' || (parent !== null && typeof parent !== 'string'))
    return [`${it}: its collection is a text, its parent the name of a kind or null`];
  const missing = [
    ...['form', 'schema', 'write'].filter((part) => !isObject(kind[part as keyof AnyKind])),
    ...['key', 'list'].filter((part) => typeof kind[part as keyof AnyKind] !== 'function'),
  ];
  if (missing.length > 0) return [`${it} has no ${missing.join(', ')}`];
  if (before.some(({ name }) => name === kind.name)) return [`${it}: there is a kind of this name already`];
  return [...parentProblems(kind, before), ...fieldProblems(kind), ...keyProblems(kind, before)].map(
    (problem) => `${it}: ${problem}`,
  );
}

function parentProblems({ parent }: AnyKind, before: readonly AnyKind[]): readonly string[] {
  if (parent === null) return [];
  const container = before.find(({ name }) => name === parent);
  if (container === undefined) {
    const names = before.map(({ name }) => name);
    const hint = didYouMean(parent, names) ?? `Known by then are ${names.join(', ')}.`;
    return [`its parent ${show(parent)} is no kind that stands before it. ${hint}`];
  }
  return container.form.shape === 'list' ? [] : [`entries of ${show(container.name)} contain nothing`];
}

function fieldProblems({ schema, form }: AnyKind): readonly string[] {
  const keys = fieldsWith(schema, 'key');
  const problems =
    keys.length === 1 ? [] : [`one field of its schema has \`key: true\`, and here ${String(keys.length)} have`];
  if (form.shape === 'map' && !fieldsOf(schema).some(([name]) => name === form.shorthand))
    problems.push(`its shorthand ${show(form.shorthand)} is no field of its schema`);
  return problems;
}

/** The keys that it brings into the document: none may mean something there already. */
function keyProblems(kind: AnyKind, before: readonly AnyKind[]): readonly string[] {
  const schema = documentSchema(before);
  const parts = schema['$defs'] as Readonly<Record<string, JsonSchema>>;
  const container = before.find(({ name }) => name === kind.parent);
  const beside = [...propertiesOf(schema), ...propertiesOf(container && parts[entryDefName(container)])];
  // `policy.prune` names collections without their containers, so no two may have one name anywhere.
  const taken = new Set([...Object.keys(parts), ...beside]);
  const { form } = kind;
  const names = [entryDefName(kind), valueDefName(kind)].some((name) => Object.hasOwn(parts, name))
    ? ['the schema of the document has a part of its name already']
    : [];
  const bulk = form.shape === 'map' && form.bulk !== undefined ? [form.bulk.key, form.bulk.sets] : [];
  const clashes = [kind.collection, ...bulk].flatMap((key) => {
    if (!KEY_NAME.test(key)) return [`its collection ${show(key)} is no key of letters and digits`];
    return taken.has(key) || key === kind.name
      ? [`its collection ${show(key)} is a key that the document has already`]
      : [];
  });
  return [...names, ...clashes];
}

function propertiesOf(schema: JsonSchema | undefined): readonly string[] {
  return Object.keys((schema?.['properties'] as Readonly<Record<string, unknown>> | undefined) ?? {});
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
