import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { AnyKind } from '../model/kinds.ts';
import type { JsonSchema } from '../model/schema.ts';
import { documentSchema } from './document-schema.ts';
import type { Part } from './not-built-yet.ts';
import { bulkItemDefName, entryDefName, matchDefName, selectorDefName, valueDefName } from './schema-parts.ts';
import { SELECTOR_POLICY } from './selector-schema.ts';
import { selectableIn } from './selector-shape.ts';

/** One part of the document's schema, compiled without what it refers to. */
export interface Shape {
  readonly schema: JsonSchema;
  readonly check: ValidateFunction;
  /** Null for parts without keys of their own. */
  readonly part: Part | null;
  /** Its name in `$defs`; null: the root. */
  readonly name: string | null;
}

/** The shapes of a document: the root's, and the others' by their name in `$defs`. */
export interface Shapes {
  readonly root: Shape;
  named(name: string): Shape;
}

/**
 * Compiles every part of the schema by itself, references left open. Compiled as a whole, the validator copies all
 * errors so far at each reference: a list of 100,000 wrong entries would take half a minute.
 */
export function shapesOf(kinds: readonly AnyKind[]): Shapes {
  const { $defs, $id: _id, $schema: _schema, ...root } = documentSchema(kinds);
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    validateFormats: false,
    allErrors: true,
    verbose: true,
  });
  const parts = partsOf(kinds);
  const shapeOf = (schema: JsonSchema, part: Part | null, name: string | null): Shape => ({
    schema,
    check: ajv.compile(withoutReferences(schema) as JsonSchema),
    part,
    name,
  });
  const shapes = new Map(
    Object.entries($defs as Readonly<Record<string, JsonSchema>>).map(([name, schema]) => [
      name,
      shapeOf(schema, parts.get(name) ?? null, name),
    ]),
  );
  return {
    root: shapeOf(root, 'root', null),
    named(name) {
      const shape = shapes.get(name);
      if (shape === undefined) throw new Error(`the schema refers to ${name} and does not define it`);
      return shape;
    },
  };
}

/** The name in `$defs` that a schema refers to; null when it does not. */
export function referenceOf(schema: unknown): string | null {
  const target = isSchema(schema) ? schema['$ref'] : undefined;
  return typeof target === 'string' ? target.slice('#/$defs/'.length) : null;
}

export function isSchema(schema: unknown): schema is JsonSchema {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema);
}

function withoutReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutReferences);
  if (!isSchema(schema)) return schema;
  if (referenceOf(schema) !== null) return {};
  return Object.fromEntries(Object.entries(schema).map(([keyword, value]) => [keyword, withoutReferences(value)]));
}

function partsOf(kinds: readonly AnyKind[]): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>([
    ['policy', 'policy'],
    ['defaults', 'defaults'],
    [SELECTOR_POLICY, 'selector-policy'],
  ]);
  for (const kind of selectableIn(null, kinds)) {
    parts.set(selectorDefName(kind), 'selector');
    parts.set(matchDefName(kind), 'match');
  }
  for (const kind of kinds) {
    parts.set(
      kind.form.shape === 'list' ? entryDefName(kind) : valueDefName(kind),
      kind.form.shape === 'list' ? 'entry' : 'value',
    );
    if (kind.form.shape === 'map' && kind.form.bulk !== undefined)
      parts.set(bulkItemDefName(kind.form.bulk.key), 'bulk-item');
  }
  return parts;
}
