import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { Place } from '../model/place.ts';
import type { JsonSchema } from '../model/schema.ts';
import { isCollectionToCome, isKeyToCome, notBuiltYet, type Part } from './not-built-yet.ts';
import type { Positions } from './positions.ts';
import { closestName, didYouMean, printable, show, showAll } from './show.ts';
import { collectionKeys, LONG_FORM_KEYS } from './schema-parts.ts';
import { isContainer, isList, isMap, type Container, type Tree } from './tree.ts';

/** One error of the schema validator, with what it is about. */
export interface ShapeError {
  readonly error: ErrorObject;
  /** The map or list that holds the subject; the document itself when the subject is the document. */
  readonly holder: Container;
  /** The subject's key in its holder; null: the document. */
  readonly last: string | null;
  /** The holder's key in its own holder. */
  readonly above: string | null;
  /** The subject. */
  readonly value: Tree;
  /** The key of the subject that is wrong or missing, where it is about one. */
  readonly key: string | null;
  /** The part of the document that the subject is, where the schema names it. */
  readonly part: Part | null;
}

interface Context {
  readonly kinds: readonly AnyKind[];
  readonly positions: Positions;
}

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
      return wrongText(shape, context);
    case 'minimum':
    case 'maximum':
      return at(shape, context, {
        code: 'CVG202',
        summary: `${nameOf(shape)} must be at ${error.keyword === 'minimum' ? 'least' : 'most'} ${String(error.schema)}`,
      });
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

function wrongType(shape: ShapeError, context: Context): Diagnostic {
  const { value, holder, last, part } = shape;
  const types = [shape.error.schema].flat().filter((type) => typeof type === 'string');
  const name = nameOf(shape);
  if (value === null) {
    const [first = 'string'] = types;
    const sourced = part === 'value' || (last === 'value' && isMap(holder));
    const empty = EMPTY[first];
    const hint = sourced
      ? 'Write "" for empty text, or { absent: true } to remove it.'
      : empty !== undefined && !isList(holder)
        ? `Write ${empty} for an empty one, or take the line out to leave it unmanaged.`
        : 'Give it a value, or take the line out.';
    return at(shape, context, { code: 'CVG204', summary: `${name} is empty, which is null in YAML`, hint });
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

function unknownKey(shape: ShapeError, context: Context): Diagnostic | null {
  const { key, value, part, error } = shape;
  if (key === null || !isMap(value)) return null;
  const where = context.positions.keyPlace(value, key);
  if (part !== null && isKeyToCome(part, key, context.kinds)) return { ...notBuiltYet(key), where };
  const allowed = Object.keys((error.parentSchema as JsonSchema)['properties'] ?? {});
  const suggestion = belongsTo(key, context.kinds) ?? didYouMean(key, allowed) ?? `Known here: ${showAll(allowed)}.`;
  const subject = shape.last === null ? 'in the document' : `in ${nameOf(shape)}`;
  return { severity: 'error', code: 'CVG201', summary: `unknown key ${show(key)} ${subject}`, hint: suggestion, where };
}

/** Where a key that is right elsewhere goes. */
function belongsTo(key: string, kinds: readonly AnyKind[]): string | null {
  const home = kinds.find((kind) => {
    if (kind.form.shape !== 'list') return false;
    const inside = kinds.filter((child) => child.parent === kind.name);
    return Object.hasOwn(kind.schema, key) || inside.some((child) => collectionKeys(child).includes(key));
  });
  return home === undefined ? null : `It belongs in an entry of ${show(home.collection)}.`;
}

function missingKey(shape: ShapeError, context: Context): Diagnostic | null {
  const { key, value, error } = shape;
  if (key === null || !isMap(value)) return null;
  // The misspelt key is reported as unknown, with this one as the suggestion.
  const known = Object.keys((error.parentSchema as JsonSchema)['properties'] ?? {});
  const strangers = Object.keys(value).filter((written) => !known.includes(written));
  if (strangers.some((written) => closestName(written, known) === key)) return null;
  if (shape.part !== null && strangers.some((written) => isKeyToCome(shape.part ?? 'root', written, context.kinds))) {
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
  if (typeof value === 'string' && shape.above === 'prune' && isCollectionToCome(value)) {
    return at(shape, context, notBuiltYet(value));
  }
  const hint = typeof value === 'string' ? didYouMean(value, words) : null;
  const summary = `${nameOf(shape)} must be one of ${showAll(words)}${typeof value === 'string' ? `, not ${show(value)}` : ''}`;
  return at(shape, context, { code: 'CVG202', summary, ...(hint !== null && { hint }) });
}

function wrongText(shape: ShapeError, context: Context): Diagnostic {
  const { error, key, value } = shape;
  const description = (error.parentSchema as JsonSchema)['description'];
  const hint = typeof description === 'string' ? { hint: description } : {};
  if (key !== null && isMap(value)) {
    const where = context.positions.keyPlace(value, key);
    return { severity: 'error', code: 'CVG302', summary: `${show(key)} is not a valid key here`, ...hint, where };
  }
  const empty = error.keyword === 'minLength' && value === '';
  const summary = `${nameOf(shape)} ${empty ? 'must not be empty' : 'does not have the form that it needs'}`;
  return at(shape, context, { code: 'CVG202', summary, ...hint });
}

type Said = Pick<Diagnostic, 'code' | 'summary'> & { readonly hint?: string };

function at(shape: ShapeError, context: Context, said: Said): Diagnostic {
  return { severity: 'error', ...said, where: placeOf(shape, context.positions) };
}

function placeOf({ holder, last, value }: ShapeError, positions: Positions): Place {
  if (last === null) return positions.placeOf(holder);
  return value === null ? positions.keyPlace(holder, last) : positions.valuePlace(holder, last);
}

function nameOf({ holder, last, above }: ShapeError): string {
  if (last === null) return 'the document';
  if (!isList(holder))
    return LONG_FORM_KEYS.has(last) && above !== null ? `${show(last)} of ${show(above)}` : show(last);
  return `item ${Number(last) + 1}${above === null ? '' : ` of ${show(above)}`}`;
}

function typeName(value: Tree): string {
  if (isList(value)) return 'a list';
  if (isMap(value)) return 'a map';
  return TYPE_NAMES[typeof value] ?? 'null';
}
