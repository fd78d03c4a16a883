import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { Place } from '../model/place.ts';
import type { Part } from './not-built-yet.ts';
import type { Positions } from './positions.ts';
import { LONG_FORM_KEYS } from './schema-parts.ts';
import { show, showKey } from './show.ts';
import { isList, type Container, type Tree } from './tree.ts';

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
  /** The name in `$defs` of that part: an entry's is its kind's. Null where it has none. */
  readonly of: string | null;
}

/** What explaining needs. */
export interface Context {
  readonly kinds: readonly AnyKind[];
  readonly positions: Positions;
}

/** A diagnostic without its place. */
export type Said = Pick<Diagnostic, 'code' | 'summary' | 'hint'>;

/** The error at its subject. */
export function at(shape: ShapeError, context: Context, said: Said): Diagnostic {
  return { severity: 'error', ...said, where: placeOf(shape, context.positions) };
}

function placeOf({ holder, last, value }: ShapeError, positions: Positions): Place {
  if (last === null) return positions.placeOf(holder);
  return value === null ? positions.keyPlace(holder, last) : positions.valuePlace(holder, last);
}

/** The subject as a message names it. */
export function nameOf({ holder, last, above }: ShapeError): string {
  if (last === null) return 'the document';
  if (!isList(holder))
    return LONG_FORM_KEYS.has(last) && above !== null ? `${show(last)} of ${showKey(above)}` : showKey(last);
  return `item ${Number(last) + 1}${above === null ? '' : ` of ${showKey(above)}`}`;
}
