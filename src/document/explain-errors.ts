import type { Diagnostic } from '../model/diagnostic.ts';
import { fieldSchema, type AnyKind } from '../model/kinds.ts';
import type { JsonSchema } from '../model/schema.ts';
import { belongsTo } from './belongs-to.ts';
import { isKeyToCome, notBuiltYet } from './not-built-yet.ts';
import {
  closestName,
  didYouMean,
  isNoName,
  looksLikeName,
  nullSummary,
  printable,
  show,
  showAll,
  showKey,
} from './show.ts';
import { collectionKeys, entryDefName, matchDefName, selectorDefName } from './schema-parts.ts';
import { at, nameOf, type Context, type Said, type ShapeError } from './shape-error.ts';
import { isContainer, isList, isMap, type Tree } from './tree.ts';

/** How to write the nothing that was probably meant. */
const EMPTY: Readonly<Record<string, string>> = { object: '{}', array: '[]' };

const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

/** A validator's error → what to tell the user, without any value of a variable; null where another error says it. */
export function explainError(shape: ShapeError, context: Context): Diagnostic | null {
  const { error } = shape;
  switch (error.keyword) {
    case 'type':
      return wrongType(shape, context);
    case 'additionalProperties':
      return unknownKey(shape, context);
    case 'required':
      return missingKey(shape, context);
    case 'oneOf':
    case 'anyOf':
      return wrongChoice(shape, context);
    case 'enum':
      return wrongWord(shape, context);
    case 'pattern':
    case 'minLength':
    case 'maxLength':
    case 'minItems':
      return wrongText(shape, context);
    case 'minimum':
    case 'maximum':
      return at(shape, context, {
        code: 'CVG202',
        summary: `${nameOf(shape)} must be at ${error.keyword === 'minimum' ? 'least' : 'most'} ${String(error.schema)}`,
      });
    case 'minProperties': {
      const known = Object.keys((error.parentSchema as JsonSchema)['properties'] ?? {});
      return at(shape, context, { code: 'CVG203', summary: `${nameOf(shape)} needs one of ${showAll(known)}` });
    }
    case 'const':
      return at(shape, context, { code: 'CVG202', summary: `${nameOf(shape)} can only be ${String(error.schema)}` });
    case 'dependentSchemas':
      return null;
    default: {
      const message = typeof error.message === 'string' ? error.message : 'is not accepted';
      return at(shape, context, { code: 'CVG202', summary: `${nameOf(shape)} ${message}` });
    }
  }
}

function wrongType(shape: ShapeError, context: Context): Diagnostic | null {
  const { value, holder, last, part } = shape;
  const types = [shape.error.schema].flat().filter((type) => typeof type === 'string');
  const name = nameOf(shape);
  if (value === null) {
    if (last !== null && (context.positions.isBare(holder, last) || (part === 'value' && isNoName(last)))) {
      // What was written as a key may be the value, or the rest of the one before it.
      const hint = 'Write `key: text` with a blank after the `:`. Text that holds a comma or a colon needs quotes.';
      return at(shape, context, { code: 'CVG204', summary: 'a key stands here without a value', hint });
    }
    const written = last === null ? null : context.positions.plainText(holder, last);
    return at(shape, context, {
      code: 'CVG204',
      summary: nullSummary(name, written),
      hint: hintOfNull(shape, types, context),
    });
  }
  if (typeof value !== 'string' && !isContainer(value) && types.includes('string') && !types.includes('integer')) {
    const written = last === null ? null : context.positions.plainText(holder, last);
    const quoted = JSON.stringify(printable(written ?? String(value)));
    return at(shape, context, {
      code: 'CVG205',
      summary: `${name} must be text: write ${quoted} with quotes`,
      hint: `Without quotes it is ${typeof value === 'number' ? 'a number' : 'true or false'}.`,
    });
  }
  const expected = types.map((type) => TYPE_NAMES[type] ?? type).join(' or ');
  return at(shape, context, { code: 'CVG202', summary: `${name} must be ${expected}, not ${typeName(value)}` });
}

/** How to write what was probably meant. */
function hintOfNull({ part, holder, last, above }: ShapeError, types: readonly string[], { kinds }: Context): string {
  if (part === 'value' || (last === 'value' && isMap(holder))) {
    return 'Write "" for empty text, or { absent: true } to remove it.';
  }
  const empty = EMPTY[types[0] ?? 'string'];
  if (empty === undefined || isList(holder)) return 'Give it a value, or take the line out.';
  const sets = kinds.map(({ form }) => (form.shape === 'map' ? form.bulk?.sets : undefined));
  const managed =
    last !== null &&
    kinds.some((kind) => collectionKeys(kind).includes(last)) &&
    above !== 'defaults' &&
    !sets.includes(above ?? '');
  return `Write ${empty} for an empty one, or take the line out${managed ? ' to leave it unmanaged' : ''}.`;
}

function unknownKey(shape: ShapeError, context: Context): Diagnostic | null {
  const { key, value, part, error } = shape;
  if (key === null || !isMap(value)) return null;
  const where = context.positions.keyPlace(value, key);
  if (part !== null && isKeyToCome(part, key)) return { ...notBuiltYet(key), where };
  const unserved = unservedBy(shape, context);
  if (unserved !== null) return { severity: 'error', ...unserved, where };
  const allowed = Object.keys((error.parentSchema as JsonSchema)['properties'] ?? {});
  const elsewhere = belongsTo(key, part, context.kinds);
  const suggestion = elsewhere ?? didYouMean(key, allowed) ?? `Known here: ${showAll(allowed)}.`;
  const subject = shape.last === null ? 'in the document' : `in ${nameOf(shape)}`;
  // `{text` may be how the value itself begins, and its beginning a key to YAML.
  const named = part !== 'value' || closestName(key, allowed) !== null;
  const summary = `unknown key ${named ? `${showKey(key)} ` : ''}${subject}`;
  return { severity: 'error', code: 'CVG201', summary, hint: suggestion, where };
}

/** What another API of the platform serves and this one does not: the key is right, the choice of API may not be. */
function unservedBy({ key, part, of }: ShapeError, { kinds }: Context): Said | null {
  if (key === null) return null;
  const by = kinds.find((kind) => isUnserved(kind, { key, part, of }))?.unserved?.by;
  if (by === undefined) return null;
  return {
    code: 'CVG209',
    summary: `${show(key)} is not served by ${by}`,
    hint: 'Take it out, or use an API that serves it (`--dialect`).',
  };
}

function isUnserved(
  kind: AnyKind,
  { key, part, of }: Pick<ShapeError, 'part' | 'of'> & { readonly key: string },
): boolean {
  const { keys = [], matches = [] } = kind.unserved ?? {};
  if (part === 'defaults') return keys.includes(key);
  if (of === entryDefName(kind)) return keys.includes(key);
  if (of === selectorDefName(kind)) return keys.includes(key) || fieldSchema(kind, key)?.fixed === true;
  return of === matchDefName(kind) && matches.includes(key);
}

function missingKey(shape: ShapeError, context: Context): Diagnostic | null {
  const { key, value, error } = shape;
  if (key === null || !isMap(value)) return null;
  // The misspelt key is reported as unknown, with this one as the suggestion.
  const known = Object.keys((error.parentSchema as JsonSchema)['properties'] ?? {});
  const strangers = Object.keys(value).filter((written) => !known.includes(written));
  if (strangers.some((written) => closestName(written, known) === key)) return null;
  if (shape.part !== null && strangers.some((written) => isKeyToCome(shape.part ?? 'root', written))) {
    return null;
  }
  const where = context.positions.placeOf(value);
  const summary =
    shape.last === null ? `the key ${show(key)} is missing` : `${nameOf(shape)} needs the key ${show(key)}`;
  return { severity: 'error', code: 'CVG203', summary, where };
}

/** Keys of which there must be exactly one, or keys that need another; a union of other things otherwise. */
function wrongChoice(shape: ShapeError, context: Context): Diagnostic {
  const { error, value } = shape;
  const branches = Array.isArray(error.schema) ? (error.schema as readonly JsonSchema[]) : [];
  const keys = branches.flatMap((branch) => (branch['required'] as readonly string[] | undefined) ?? []);
  if (keys.length === 0 || !isMap(value)) {
    return at(shape, context, { code: 'CVG202', summary: `${nameOf(shape)} has none of the forms that it may have` });
  }
  const dependent = /dependentSchemas\/([^/]+)/.exec(error.schemaPath)?.[1];
  if (dependent !== undefined) {
    const where = context.positions.keyPlace(value, dependent);
    const summary = `${show(dependent)} in ${nameOf(shape)} goes with ${keys.map(show).join(' or ')} only`;
    return { severity: 'error', code: 'CVG307', summary, where };
  }
  const found = keys.filter((key) => key in value);
  const summary =
    found.length === 0
      ? `${nameOf(shape)} needs one of ${showAll(keys)}`
      : `${nameOf(shape)} has ${showAll(found)}, and takes only one of them`;
  return at(shape, context, { code: 'CVG208', summary });
}

function wrongWord(shape: ShapeError, context: Context): Diagnostic {
  const { value, error } = shape;
  const words = (Array.isArray(error.schema) ? error.schema : []).filter((word) => typeof word === 'string');
  if (shape.key !== null && isMap(value)) return unknownMember(shape, words, context);
  const refused = refusedBy(shape, context);
  if (refused !== null) return at(shape, context, refused);
  const hint = typeof value === 'string' ? didYouMean(value, words) : null;
  const written = typeof value === 'string' && looksLikeName(value) ? `, not ${show(value)}` : '';
  const summary = `${nameOf(shape)} must be one of ${showAll(words)}${written}`;
  return at(shape, context, { code: 'CVG202', summary, ...(hint !== null && { hint }) });
}

/** What the field itself says of a word that it knows and does not take. */
function refusedBy({ last, value, holder }: ShapeError, { kinds }: Context): Said | null {
  if (last === null || typeof value !== 'string' || isList(holder)) return null;
  for (const kind of kinds) {
    const refused = fieldSchema(kind, last)?.refused;
    if (refused !== undefined && Object.hasOwn(refused, value)) return refused[value] ?? null;
  }
  return null;
}

/** A key of a map whose keys are words of a closed set. */
function unknownMember(shape: ShapeError, words: readonly string[], context: Context): Diagnostic {
  const { key, value } = shape;
  const hint = didYouMean(key ?? '', words) ?? `Known here: ${showAll(words)}.`;
  const said = { code: 'CVG201', summary: `unknown key ${showKey(key ?? '')} in ${nameOf(shape)}`, hint } as const;
  if (key === null || !isMap(value)) return at(shape, context, said);
  return { severity: 'error', ...said, where: context.positions.keyPlace(value, key) };
}

function wrongText(shape: ShapeError, context: Context): Diagnostic {
  const { error, key, value } = shape;
  const description = (error.parentSchema as JsonSchema)['description'];
  const hint = typeof description === 'string' ? { hint: description } : {};
  if (key !== null && isMap(value)) {
    const where = context.positions.keyPlace(value, key);
    return { severity: 'error', code: 'CVG302', summary: `${showKey(key)} is not a valid key here`, ...hint, where };
  }
  const empty = (error.keyword === 'minLength' && value === '') || error.keyword === 'minItems';
  const summary = `${nameOf(shape)} ${empty ? 'must not be empty' : 'does not have the form that it needs'}`;
  return at(shape, context, { code: 'CVG202', summary, ...hint });
}

function typeName(value: Tree): string {
  if (isList(value)) return 'a list';
  if (isMap(value)) return 'a map';
  return TYPE_NAMES[typeof value] ?? 'null';
}
