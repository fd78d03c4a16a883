import type { AnyKind } from '../model/kinds.ts';
import type { JsonSchema } from '../model/schema.ts';

/** A reference into `$defs`, with a description of its own where it is used. */
export function ref(def: string, description?: string): JsonSchema {
  return { $ref: `#/$defs/${def}`, ...(description !== undefined && { description }) };
}

/** The name in `$defs` of one entry of a list kind; collections stand there under their own key. */
export function entryDefName(kind: AnyKind): string {
  return kind.name;
}

/** The name in `$defs` of one value of a map kind. */
export function valueDefName(kind: AnyKind): string {
  return `${kind.name}-value`;
}

/** The name in `$defs` of one item of the list under `bulkKey`. */
export function bulkItemDefName(bulkKey: string): string {
  return `${bulkKey}-item`;
}

/** The name in `$defs` of a selector of the kind. */
export function selectorDefName(kind: AnyKind): string {
  return `each-${kind.name}`;
}

/** The name in `$defs` of what such a selector matches by. */
export function matchDefName(kind: AnyKind): string {
  return `match-${kind.name}`;
}

/** The keys that a kind's members stand under: its collection, and the key of whole sets where it has one. */
export function collectionKeys({ collection, form }: AnyKind): readonly string[] {
  return form.shape === 'map' && form.bulk !== undefined ? [collection, form.bulk.key] : [collection];
}

/** The keys of which a long-form value has exactly one. */
export const VALUE_KEYS: readonly string[] = ['value', 'fromEnv', 'fromFile', 'fromCommand', 'fromSops', 'absent'];

/** Those of them that name a source. */
const SOURCE_KEYS = VALUE_KEYS.filter((key) => key.startsWith('from'));

/** All keys of a long-form value. */
export const LONG_FORM_KEYS: ReadonlySet<string> = new Set([
  ...VALUE_KEYS,
  'key',
  'allowEmpty',
  'keepNewline',
  'visible',
]);

const KEY = 'With fromSops: where the text stands in the file, as in `stripe.key`; lists count from 0.';

/** A value that a map of `sourced` members takes: the bare shorthand, or a map that says where it comes from. */
export function sourcedValueDef(shorthand: JsonSchema): JsonSchema {
  return {
    type: ['string', 'object'],
    // No `examples` and no `default` here and below: editors insert them, and label a map of examples with nothing.
    description:
      'The text (quote numbers, yes and no), or where it comes from: { fromEnv: STRIPE_KEY }, { fromFile: ./key.pem }, { fromCommand: [op, read, …] }, { fromSops: secrets.sops.yaml, key: stripe.key }. { absent: true } removes it.',
    properties: {
      value: shorthand,
      fromEnv: { type: 'string', minLength: 1, description: 'An environment variable of the machine that runs this.' },
      fromFile: {
        type: 'string',
        minLength: 1,
        description: 'A file whose content is the value; relative to the file that says it.',
      },
      fromCommand: {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        description:
          'A program and its arguments; what it prints is the value. No shell; runs in the folder of the file that says it, and only with --allow-exec.',
      },
      fromSops: {
        type: 'string',
        minLength: 1,
        description: 'A file that the sops program decrypts, together with `key`; relative to the file that says it.',
      },
      key: {
        type: 'string',
        minLength: 1,
        description: KEY,
      },
      absent: { const: true, description: 'It must not exist: a live one is deleted.' },
      allowEmpty: {
        type: 'boolean',
        description: 'With a source: true makes empty a value, not an error.',
      },
      keepNewline: {
        type: 'boolean',
        description: 'With fromFile, fromCommand or fromSops: true makes the final newline a part of the value.',
      },
      visible: { type: 'boolean', description: 'Plans may show the value where it does not look like a credential.' },
    },
    additionalProperties: false,
    oneOf: [...VALUE_KEYS.map((key) => ({ type: 'object', required: [key] })), { type: 'string' }],
    dependentSchemas: {
      allowEmpty: goesWith(SOURCE_KEYS),
      keepNewline: goesWith(SOURCE_KEYS.filter((key) => key !== 'fromEnv')),
      key: goesWith(['fromSops']),
      // The property is named so that a misspelt one is not reported as missing too.
      fromSops: { properties: { key: { description: KEY } }, required: ['key'] },
    },
  };
}

function goesWith(keys: readonly string[]): JsonSchema {
  return { anyOf: keys.map((key) => ({ required: [key] })) };
}

/** The keys of which an item of a bulk list has exactly one, unless it is a set's name. */
const BULK_KEYS: readonly string[] = ['file', 'sops'];

/** One item of a bulk list: a set's name, a dotenv file or a SOPS file. */
export function bulkItemDef(sets: string): JsonSchema {
  return {
    type: ['string', 'object'],
    description: `A name of \`${sets}\`, a dotenv file: { file: .env.production }, or a SOPS file: { sops: secrets.sops.yaml }.`,
    minLength: 1,
    properties: {
      file: { type: 'string', minLength: 1, description: 'A dotenv file; relative to the file that says it.' },
      sops: {
        type: 'string',
        minLength: 1,
        description:
          'A file that the sops program decrypts: a map of names and texts; relative to the file that says it.',
      },
      optional: { type: 'boolean', description: 'True: a missing file is an empty one, not an error.' },
    },
    additionalProperties: false,
    oneOf: [{ type: 'string' }, ...BULK_KEYS.map((key) => ({ type: 'object', required: [key] }))],
  };
}
