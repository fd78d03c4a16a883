import type { AnyKind } from '../model/kinds.ts';
import { fieldsOf, fieldsWith, type FieldSchema, type JsonSchema } from '../model/schema.ts';
import { CHANGE_CONTROL_DEFS, IGNORE_RULE, modeDef, PAUSE, WINDOW } from './change-control-schema.ts';
import { INVARIANT, invariantDefs, invariantSubject } from './invariant-schema.ts';
import { bulkItemDef, bulkItemDefName, entryDefName, ref, sourcedValueDef, valueDefName } from './schema-parts.ts';
import { SELECTOR_POLICY, selectorDefs, selectorLists, selectorPolicyDef } from './selector-schema.ts';
import { selectableIn, takesMode, templatePrunable } from './selector-shape.ts';

/** The newest (and only) version of the document that this tool reads. */
export const NEWEST_VERSION = 1;

/**
 * The JSON Schema (2020-12) of the state document, made from the kinds: what validation runs and editors show.
 * `variant` names, in its id, kinds that are not the usual ones.
 */
export function documentSchema(kinds: readonly AnyKind[], variant: string | null = null): JsonSchema {
  const roots = kinds.filter((kind) => kind.parent === null);
  const selectable = selectableIn(null, kinds);
  const bulk = kinds.flatMap((kind) =>
    kind.form.shape === 'map' && kind.form.bulk ? [{ kind, ...kind.form.bulk }] : [],
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:convex-converge:schema:state:1${variant === null ? '' : `:${variant}`}`,
    title: 'Converge state document',
    description: 'What a team is to look like. A key that is not written is not managed.',
    type: 'object',
    required: ['version'],
    properties: {
      version: { const: NEWEST_VERSION, description: 'The version of this format; stands in every document.' },
      team: {
        type: ['string', 'integer'],
        minLength: 1,
        minimum: 1,
        description: 'Slug or numeric id of the team; once in the whole set of files. Compared with the token’s team.',
        examples: ['acme'],
      },
      policy: ref('policy', 'Rules for the whole team; once in the whole set of files.'),
      mode: modeDef('the whole team; once in the whole set of files'),
      pauses: {
        type: 'array',
        items: ref(PAUSE),
        description: 'Break-glass: what nobody changes for a while, people and pipelines neither.',
      },
      defaults: ref(
        'defaults',
        'What declared entries have unless they say otherwise; once in the whole set of files.',
      ),
      ...Object.fromEntries(
        bulk.map(({ kind, sets, key }) => [
          sets,
          {
            type: 'object',
            additionalProperties: ref(kind.collection),
            description: `Named sets of ${kind.collection}, for \`${key}\`. Each name once in the whole set of files.`,
          },
        ]),
      ),
      ...collections(roots),
      ...selectorLists(selectableIn(null, kinds)),
    },
    patternProperties: { '^x-': { description: 'Ignored: a home for anchors.' } },
    additionalProperties: false,
    $defs: {
      policy: policyDef(kinds),
      ...CHANGE_CONTROL_DEFS,
      ...invariantDefs(kinds),
      defaults: defaultsDef(kinds),
      ...Object.assign({}, ...kinds.map((kind) => kindDefs(kind, kinds))),
      ...Object.assign({}, ...selectable.map((kind) => selectorDefs(kind, kinds, collections))),
      ...(selectable.length > 0 && { [SELECTOR_POLICY]: selectorPolicyDef(templatePrunable(kinds)) }),
    },
  };
}

/** The `$defs` of one kind: an entry or a value, and the collection of them. */
function kindDefs(kind: AnyKind, kinds: readonly AnyKind[]): Readonly<Record<string, JsonSchema>> {
  const { form, collection } = kind;
  switch (form.shape) {
    case 'list':
      return {
        [entryDefName(kind)]: entryDef(kind, kinds),
        [collection]: {
          type: 'array',
          items: ref(entryDefName(kind)),
          description: form.description,
        },
      };
    case 'map': {
      const shorthand = fieldsOf(kind.schema).find(([name]) => name === form.shorthand)?.[1].json ?? {};
      const keyField = fieldsOf(kind.schema).find(([, field]) => field.key === true);
      return {
        [valueDefName(kind)]: form.sourced ? sourcedValueDef(shorthand) : plainValueDef(kind, shorthand),
        [collection]: {
          type: 'object',
          propertyNames: keyField?.[1].json ?? {},
          additionalProperties: ref(valueDefName(kind)),
          description: form.description,
        },
        ...(form.bulk && { [bulkItemDefName(form.bulk.key)]: bulkItemDef(form.bulk.sets) }),
      };
    }
    default:
      return form satisfies never;
  }
}

function entryDef(kind: AnyKind, kinds: readonly AnyKind[]): JsonSchema {
  const children = kinds.filter((other) => other.parent === kind.name);
  return {
    type: 'object',
    required: fieldsWith(kind.schema, 'key'),
    properties: {
      ...jsonOf(fieldsOf(kind.schema)),
      ...(kind.holdsData && {
        protect: {
          type: 'boolean',
          description: 'True: never deleted or replaced. False lifts only an own `protect: true`.',
        },
      }),
      ...(kind.renamable && {
        renamedFrom: {
          type: 'string',
          minLength: 1,
          description: 'The key it had before, to rename and not to replace.',
        },
      }),
      ...(takesMode(kind) && { mode: modeDef('this entry and what it contains') }),
      ...(children.length > 0 && { policy: ref('policy', 'Rules for this entry and what it contains.') }),
      ...collections(children),
      ...selectorLists(selectableIn(kind.name, kinds)),
    },
    additionalProperties: false,
  };
}

/** A map's value when it takes no sources: the shorthand, or a map of all fields but the key. */
function plainValueDef(kind: AnyKind, shorthand: JsonSchema): JsonSchema {
  const fields = fieldsOf(kind.schema).filter(([, field]) => field.key !== true);
  if (fields.length === 1) return shorthand;
  return { anyOf: [shorthand, { type: 'object', properties: jsonOf(fields), additionalProperties: false }] };
}

function defaultsDef(kinds: readonly AnyKind[]): JsonSchema {
  const fields = kinds.flatMap((kind) => fieldsOf(kind.schema).filter(([, field]) => field.defaultable === true));
  const maps = kinds.filter((kind) => kind.form.shape === 'map' && kind.form.defaultable === true);
  return { type: 'object', properties: { ...jsonOf(fields), ...collections(maps) }, additionalProperties: false };
}

function policyDef(kinds: readonly AnyKind[]): JsonSchema {
  const prunable = [...new Set(kinds.filter((kind) => kind.prunable).map((kind) => kind.collection))];
  const globs = (description: string): JsonSchema => ({
    type: 'array',
    items: { type: 'string', minLength: 1 },
    description,
  });
  return {
    type: 'object',
    properties: {
      ...(prunable.length > 0 && {
        prune: {
          type: 'array',
          items: { type: 'string', enum: prunable },
          description: 'Collections whose undeclared live members are deleted. Replaces an outer list whole; [] = off.',
        },
      }),
      protect: globs('Address globs: what they match, and what contains it, is never deleted or replaced.'),
      unprotect: globs('Address globs: lifts `protect` lists and the built-in protection, not an entry’s own.'),
      ignore: {
        type: 'array',
        items: ref(IGNORE_RULE),
        description: 'Address globs: things that others own; never compared, pruned, counted or reported.',
      },
      visible: globs('Name globs: variables whose values plans may show where they do not look like credentials.'),
      windows: {
        type: 'array',
        items: ref(WINDOW),
        description:
          'When changes may be made; outside of all of them apply refuses, and watch waits. Replaces an outer list whole; [] = always.',
      },
      ...(invariantSubject(kinds) !== null && {
        invariants: {
          type: 'array',
          items: ref(INVARIANT),
          description:
            'What has to be true after every plan: of one name in several places, or of the names in each. Inner ones add to outer ones.',
        },
      }),
      maxDeletePercent: {
        type: 'number',
        minimum: 0,
        maximum: 100,
        description: `How much of a collection one run may delete, in percent; absent: ${String(DEFAULT_MAX_DELETE_PERCENT)}.`,
      },
    },
    additionalProperties: false,
  };
}

/** Rule 6. */
export const DEFAULT_MAX_DELETE_PERCENT = 30;

/** The keys that members of the kinds stand under. */
function collections(kinds: readonly AnyKind[]): Readonly<Record<string, JsonSchema>> {
  const properties: Record<string, JsonSchema> = {};
  for (const { collection, form } of kinds) {
    properties[collection] = ref(collection, form.description);
    if (form.shape !== 'map' || !form.bulk) continue;
    properties[form.bulk.key] = {
      type: 'array',
      items: ref(bulkItemDefName(form.bulk.key)),
      description: `Whole sets of ${collection}, later ones over earlier ones, \`${collection}\` over all.`,
    };
  }
  return properties;
}

function jsonOf(fields: readonly (readonly [string, FieldSchema])[]): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(fields.map(([name, field]) => [name, field.json]));
}
