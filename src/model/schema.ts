import type { Diagnostic } from './diagnostic.ts';

/** A fragment of JSON Schema 2020-12, as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * The one description of a field of a kind: validation, editors, diff and redaction read it.
 * Everything optional is a trait, absent meaning no.
 */
export interface FieldSchema {
  /** How the field is written in the document. Give `description`: editors show it. */
  readonly json: JsonSchema;
  /** The field is the resource's key among its siblings. */
  readonly key?: true;
  /** The value is a {@link Secret}: never printed, digested for plans. */
  readonly sensitive?: true;
  /** The platform never gives it back: compared only at creation. */
  readonly writeOnly?: true;
  /** A difference forces replacement. Its default acts at creation only. */
  readonly immutable?: true;
  /** Stays as it was made: a difference is refused as unsupported, never a replacement (rule 33). */
  readonly fixed?: true;
  /** Texts outside of `json` that deserve an explanation of their own: what to say of each. */
  readonly refused?: Readonly<Record<string, Pick<Diagnostic, 'code' | 'summary' | 'hint'>>>;
  /** A list whose order means nothing. */
  readonly orderFree?: true;
  /** `null` is a value: back to the platform's default. */
  readonly nullable?: true;
  /** May stand under the document's `defaults`. */
  readonly defaultable?: true;
  /** Only how it is called: a difference in it changes nothing that works. */
  readonly label?: true;
  /** A selector may match by it (rule 27): a text on the live side. */
  readonly selects?: true;
  /** A create without it is an error. */
  readonly requiredToCreate?: true;
  /** What one has that nobody has said anything of: a dump leaves it out. */
  readonly usual?: boolean | number | string;
  /**
   * How the field looks where names must not be told (`dump --sanitize`): `kept` as it is, or what takes its place, made
   * with `hide`, which gives equal words for equal texts. It must stay what the kind's checks accept. Absent: texts are
   * hidden, all else is kept.
   */
  readonly disguise?: 'kept' | ((real: never, hide: Hide) => unknown);
  /** Document value → spec value; identity where absent. Called only on values that `json` accepts. */
  readonly read?: (written: never) => unknown;
}

/** Text → a word of lower-case letters and digits that does not tell it; equal for equal texts. */
export type Hide = (text: string) => string;

/** One {@link FieldSchema} for every field of the spec: the compiler refuses a field without one. */
export type SpecSchema<Spec extends object> = { readonly [Field in keyof Spec]-?: FieldSchema };

/** The fields of a schema with their names, in declaration order. */
export function fieldsOf(schema: Readonly<Record<string, FieldSchema>>): readonly (readonly [string, FieldSchema])[] {
  return Object.entries(schema);
}

/** The names of the fields that carry `trait`. */
export function fieldsWith(
  schema: Readonly<Record<string, FieldSchema>>,
  trait: Exclude<keyof FieldSchema, 'json' | 'read' | 'refused' | 'usual' | 'disguise'>,
): readonly string[] {
  return fieldsOf(schema)
    .filter(([, field]) => field[trait] === true)
    .map(([name]) => name);
}
